#!/usr/bin/env python3
"""Runs the commands that the documents show, in their order, as a reader would type them: in a copy of
the tree, with the built binaries on PATH, on the default ports. Every command must succeed, and print
the output that the document shows below it, except for numbers and ids.

document.py describes the marks for commands that are run in another way. No command is left out
silently: for commands that another test runs, it checks that test; commands that are not run at all are
listed with the reason.

Example: tests/docs/commands.py --built-in build/release docs/ledger.md
         tests/docs/commands.py --print docs/deployment.md quickstart    (for another test to run)
Exit codes: 0 all do what the documents say, 1 one does not, 2 wrong usage.
"""

import argparse
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from document import DocumentError, find_difference, read_blocks, read_commands
from session import Failure, Session

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATTERNS = ("README.md", "docs/*.md", "proto/README.md", "bindings/*/README.md")
PORTS = {7051: "clients", 7052: "chaincode", 9443: "operations"}

# What a reader of a page has already started: commands, each with the condition to wait for.
FIXTURES = {
    "service": [("ccbusd --set ledger.directory=$STATE/ledger", "ccbus healthcheck")],
    "basic": [("asset-transfer --chaincode-id-name basic", "ccbus status | grep -q '^basic .* ready'")],
}


def documents():
    paths = sorted((path for pattern in PATTERNS for path in ROOT.glob(pattern)),
                   key=lambda path: (path != ROOT / "README.md", path))
    return [str(path.relative_to(ROOT)) for path in paths]


def blocks_of(document):
    return read_blocks(document, (ROOT / document).read_text(encoding="utf-8"))


def find_block(document, name):
    """Returns the block with that name in a document, which may be given by its file name alone.
    DocumentError: there is none."""
    matching = [known for known in documents() if f"/{known}".endswith(f"/{document}")]
    if not matching:
        raise DocumentError(f"'{document}' is none of {', '.join(documents())}")
    for block in blocks_of(matching[0]):
        mark = block.one("name")
        if mark and mark["name"] == name:
            return block
    raise DocumentError(f"{document}: no block is named '{name}'")


def check_by(block, file):
    """Checks that the test which is said to run the block asks for it."""
    name = block.one("name")
    if name is None:
        raise DocumentError(f"{block.where}: what another test runs needs a name, for it to ask by")
    question = f"tests/docs/commands.py --print {block.document} {name['name']}"
    test = ROOT / file
    lines = test.read_text(encoding="utf-8").splitlines() if test.is_file() else []
    if not any(re.search(rf"^[^#]*{re.escape(question)}\b", line) for line in lines):
        raise DocumentError(f"{block.where}: {file} does not run it: '{question}' is not in there")


def unrun_reason(block, text):
    """Returns why the command is not run; None if it is run."""
    for mark in block.all("not"):
        if not mark["words"] or text.startswith(mark["words"]):
            return mark["reason"]
    return None


class Run:
    """All documents, and the record of what was done with each of their commands."""

    def __init__(self, built, work):
        self.work = work
        self.tree = work / "tree"
        self.count = 0
        self.elsewhere = []
        self.unrun = []
        copy_tree(self.tree)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CCBUS_", "CORE_"))}
        self.environment = {
            **kept, "PATH": f"{built}:{os.environ['PATH']}", "BUILT": str(built),
            "CCACHE_BASEDIR": str(self.tree), "CCACHE_NOHASHDIR": "1",  # Reuses what was compiled before.
            "npm_config_prefer_offline": "true", "npm_config_audit": "false",  # And what was downloaded.
        }

    def document(self, name):
        blocks = blocks_of(name)
        if not any(block.has_commands for block in blocks):
            return
        print(f"== {name}", flush=True)
        check_ports()
        with Session(self.tree, self.work / f"session-{name.replace('/', '-')}", self.environment) as session:
            printed = []
            for block in blocks:
                if block.has_commands:
                    printed = self.block(session, block)
                elif block.one("shown"):
                    check_shown(block.where, block.lines, printed)

    def block(self, session, block):
        """Returns the printed lines."""
        if by := block.one("by"):
            check_by(block, by["file"])
            self.elsewhere.append(f"{block.where}: {by['file']}")
            return []
        commands = read_commands(block)
        reasons = [unrun_reason(block, command.text) for command in commands]
        self.unrun += [f"{block.document}:{command.line}: {command.text.splitlines()[0]}: {reason}"
                       for command, reason in zip(commands, reasons) if reason]
        if all(reasons):
            return []
        self.prepare(session, block)
        printed = []
        for command, reason in zip(commands, reasons):
            if reason is None:
                printed += self.command(session, block, command)
        return printed

    def prepare(self, session, block):
        for mark in block.all("given"):
            for name in (name.strip() for name in mark["names"].split(",")):
                if name not in FIXTURES:
                    raise DocumentError(f"{block.where}: nothing is given under the name '{name}'")
                if name in session.given:
                    continue
                session.given.add(name)
                for text, until in FIXTURES[name]:
                    attempt(block.where, text, lambda: session.leave_running(text, until))
        for mark in block.all("ended"):
            attempt(block.where, mark["words"], lambda: session.end(mark["words"]))
        if folder := block.one("in"):
            session.go_to(folder["folder"])
        for mark in block.all("first"):
            attempt(block.where, mark["command"], lambda: session.run(mark["command"]))

    def command(self, session, block, command):
        where = f"{block.document}:{command.line}"
        text = command.text
        for mark in block.all("where"):
            text = text.replace(mark["text"], mark["value"])
        staying = [mark for mark in block.all("background") if text.startswith(mark["words"])]
        refused = [int(mark["status"]) for mark in block.all("exit") if text.startswith(mark["words"])]
        interrupted = [mark for mark in block.all("interrupt") if text.startswith(mark["words"])]
        began = time.monotonic()
        self.count += 1
        if staying:
            attempt(where, text, lambda: session.leave_running(text, staying[0]["command"]))
            output = ""
        elif interrupted:
            output = attempt(where, text, lambda: session.interrupt(text, interrupted[0]["command"]))
        else:
            output = attempt(where, text, lambda: session.run(text, status=refused[0] if refused else 0))
        print(f"{time.monotonic() - began:6.1f} s  {command.text}", flush=True)
        check_shown(where, command.shown, output.splitlines())
        return output.splitlines()

    def report(self):
        print(f"\n{self.count} commands did what the documents say.")
        for title, lines in (("Run by another test:", self.elsewhere), ("Run by nobody:", self.unrun)):
            if lines:
                print(title, *lines, sep="\n  ")


def attempt(where, text, action):
    try:
        return action()
    except Failure as failure:
        raise DocumentError(f"{where}: '{text}': {failure}") from failure


def check_shown(where, shown, printed):
    missing = find_difference(shown, printed)
    if missing is not None:
        raise DocumentError(f"{where}: the document shows '{missing}' here, and what was printed is\n"
                            + "\n".join("    " + line for line in printed[-40:]))


def check_ports():
    for port, what in PORTS.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # As the service does.
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise DocumentError(f"port {port} ({what}) on 127.0.0.1 is in use, and the documents use it: "
                                    "stop what listens there (ss -ltnp)") from None


def copy_tree(to):
    """Returns the files that git tracks, with their present content."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], check=True, capture_output=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)


def run_all(built, names):
    if not (built / "ccbusd").exists():
        print(f"commands.py: {built} has no ccbusd; see --help", file=sys.stderr)
        return 2
    work = pathlib.Path(tempfile.mkdtemp(prefix="ccbus-docs."))
    try:
        run = Run(built.resolve(), work)
        for name in names:
            run.document(name)
        run.report()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="*", metavar="DOCUMENT", help="only these; without: all")
    parser.add_argument("--built-in", type=pathlib.Path, default=ROOT / "build/release", metavar="DIR",
                        help="the build tree with the binaries (build/release)")
    parser.add_argument("--print", nargs=2, metavar=("DOCUMENT", "NAME"), dest="printed",
                        help="print the commands of one block and end")
    arguments = parser.parse_args()
    known = documents()
    try:
        if arguments.printed:
            for command in read_commands(find_block(*arguments.printed)):
                print(command.text)
            return 0
        for name in arguments.documents:
            if name not in known:
                print(f"commands.py: '{name}' is none of {', '.join(known)}", file=sys.stderr)
                return 2
        return run_all(arguments.built_in, arguments.documents or known)
    except (DocumentError, OSError) as error:
        print(f"commands.py: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
