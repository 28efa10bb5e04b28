#!/usr/bin/env python3
"""What commands.py finds wrong with a document, and what it lets pass.

Example: tests/docs/commands_test.py
"""

import doctest
import pathlib
import tempfile
import unittest

import commands
import document
from document import DocumentError, read_blocks
from session import Failure, Session


def load_tests(_, tests, __):
    tests.addTests(doctest.DocTestSuite(document))
    return tests


class SessionTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.session = Session(self.folder, self.folder / "state", {"PATH": "/usr/bin:/bin"})
        self.addCleanup(self.session.__exit__)

    def test_folder_and_environment_last(self):
        self.session.run("mkdir -p a && cd a && export NAME='two words'")
        self.assertEqual(self.session.run('echo "${PWD##*/} $NAME"'), "a two words\n")

    def test_a_status_is_a_failure_that_shows_what_was_printed(self):
        with self.assertRaisesRegex(Failure, "exit status 3, not 0\n.*reason"):
            self.session.run("echo reason >&2; (exit 3)")

    def test_a_refused_command_has_to_end_with_its_status(self):
        self.assertEqual(self.session.run("echo no; (exit 3)", status=3), "no\n")
        for status in (0, 1):
            with self.assertRaisesRegex(Failure, f"exit status {status}, not 3"):
                self.session.run(f"(exit {status})", status=3)

    def test_a_command_that_takes_too_long_is_ended(self):
        with self.assertRaisesRegex(Failure, "none within 0.1 s"):
            self.session.run("tail -f /dev/null", seconds=0.1)

    def test_what_runs_in_the_background_ends_with_the_session(self):
        self.session.leave_running("tail -f /dev/null  # a service", "true")
        process = self.session.background[0]
        self.assertIsNone(process.poll())
        self.session.__exit__()
        self.assertIsNotNone(process.poll())

    def test_what_should_stay_and_ends_is_a_failure(self):
        with self.assertRaisesRegex(Failure, "ended with 1"):
            self.session.leave_running("false", "false")

    def test_a_condition_sees_the_output_of_its_own_command(self):
        self.session.leave_running("sh -c 'echo one; exec tail -f /dev/null'", 'grep -q one "$OUTPUT"')
        self.session.interrupt("sh -c 'echo two; exec tail -f /dev/null'", 'grep -q two "$OUTPUT"')

    def test_what_runs_in_the_background_may_be_ended_before(self):
        self.session.leave_running("tail -f /dev/null  # one", "true")
        self.session.leave_running("sleep infinity", "true")
        first, second = self.session.background
        self.session.end("tail")
        self.assertIsNotNone(first.poll())
        self.assertIsNone(second.poll())
        with self.assertRaisesRegex(Failure, "begins with 'tail' runs"):
            self.session.end("tail")

    def test_an_interrupted_command_may_end_by_the_signal_only(self):
        self.session.interrupt("tail -f /dev/null", "true")
        shell = "bash -c 'trap \"exit 5\" INT; echo on; while :; do read -rt 1 <> <(:) || :; done'"
        with self.assertRaisesRegex(Failure, "exit status 5 after Ctrl-C"):
            self.session.interrupt(shell, 'grep -q on "$OUTPUT"')


class AccountTest(unittest.TestCase):
    def block(self, *marks):
        return read_blocks("docs/a.md", "\n".join(["<!-- run: " + "\n".join(marks), "-->", "```sh", "ls", "```"]))[0]

    def test_another_test_has_to_ask_for_the_block(self):
        with self.assertRaisesRegex(DocumentError, "docs/a.md:4: tests/run.sh does not run it"):
            commands.check_by(self.block("name a", "by tests/run.sh"), "tests/run.sh")
        with self.assertRaisesRegex(DocumentError, "does not run it"):
            commands.check_by(self.block("name a", "by tests/none.sh"), "tests/none.sh")

    def test_another_test_needs_a_name(self):
        with self.assertRaisesRegex(DocumentError, "needs a name"):
            commands.check_by(self.block("by tests/run.sh"), "tests/run.sh")

    def test_only_what_a_mark_names_is_left_out(self):
        block = self.block("not docker push: no registry")
        self.assertEqual(commands.unrun_reason(block, "docker push x"), "no registry")
        self.assertIsNone(commands.unrun_reason(block, "docker build x"))

    def test_every_document_is_understood(self):
        for name in commands.documents():
            for block in commands.blocks_of(name):
                if block.has_commands:
                    self.assertTrue(document.read_commands(block), block.where)


if __name__ == "__main__":
    unittest.main()
