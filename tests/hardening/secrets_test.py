#!/usr/bin/env python3
"""Secrets of running processes: other processes of the user cannot read their memory, they leave no core
dump, and no log line and no answer has a secret.

Example: tests/hardening/secrets_test.py build/release
Exit codes: 0 all tests passed, 1 one failed.
"""

import hashlib
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

BUILT = pathlib.Path()
NOBODY = 65534


def allow_core_dumps():
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


class Desk:
    """Keys and a token in a directory, and a service that asks for them, as a user who is not root where
    this is root."""

    def __init__(self, test, *settings):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ccbus-hardening."))
        test.addCleanup(shutil.rmtree, self.folder, True)
        for name in ("server", "app", "stranger"):
            self.ccbus("keygen", name)
        self.ccbus("keys", "allow", "app.key", "--rights", "all", "--register", "*")
        self.token = os.urandom(32).hex()
        digest = hashlib.sha256(self.token.encode()).hexdigest()
        (self.folder / "tokens").write_text(f"write {digest} test\n")
        (self.folder / "token").write_text(self.token)
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        self.log = open(self.folder / "log", "w+", encoding="utf-8", errors="replace")
        test.addCleanup(self.log.close)
        self.service = self.start(
            [BUILT / "ccbusd", "--json", "--set", "ledger.directory=:memory:", "peer.listenAddress=127.0.0.1:0",
             "peer.chaincodeListenAddress=127.0.0.1:0", "operations.listenAddress=127.0.0.1:0",
             "operations.tokens=tokens", "security.serverKey=server.key", *settings], stdout=subprocess.PIPE,
            stderr=self.log)
        test.addCleanup(self.service.stdout.close)
        test.addCleanup(self.service.wait)
        test.addCleanup(self.service.kill)
        self.ready = json.loads(self.service.stdout.readline())

    def start(self, command, **options):
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        return subprocess.Popen(list(map(str, command)), cwd=self.folder, preexec_fn=allow_core_dumps, **user, **options)

    def ccbus(self, *words):
        return subprocess.run([BUILT / "ccbus", *words], cwd=self.folder, check=False, capture_output=True, text=True)

    def as_client(self, *words, key="app.key", server_key="server.key"):
        done = self.ccbus(*words, "--address", self.ready["client_endpoint"], "--key", key, "--server-key", server_key,
                          "--timeout", "2s")
        return done.stdout + done.stderr

    def secrets(self):
        """Each secret in every form in which it might be printed."""
        found = [self.token]
        for file in self.folder.glob("*.key_secret"):
            found += re.findall(r'secret-key = "(.*)"', file.read_text())
        assert len(found) == 4
        for name in self.folder.glob("**/*_sk"):
            found += [line for line in name.read_text().splitlines() if "PRIVATE KEY" not in line]
        return found


def owner(process):
    return os.stat(f"/proc/{process.pid}/mem").st_uid


class MemoryTest(unittest.TestCase):
    def test_the_memory_of_the_service_belongs_to_root(self):
        desk = Desk(self)
        self.assertEqual(owner(desk.service), 0)
        for name in ("mem", "environ", "maps"):
            reader = desk.start(["head", "-c", "1", f"/proc/{desk.service.pid}/{name}"], stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
            self.assertNotEqual(reader.wait(), 0, name)

    @unittest.skipIf(os.geteuid() != 0, "a process of root belongs to root in any case")
    def test_a_process_without_secrets_belongs_to_its_user(self):
        desk = Desk(self)
        other = desk.start(["tail", "-f", "/dev/null"])
        self.addCleanup(other.wait)
        self.addCleanup(other.kill)
        reader = desk.start(["head", "-c", "1", f"/proc/{other.pid}/environ"], stdout=subprocess.DEVNULL)
        self.assertEqual(reader.wait(), 0)

    @unittest.skipIf(os.geteuid() != 0, "a process of root belongs to root in any case")
    def test_the_command_hides_its_memory_while_it_has_a_key(self):
        desk = Desk(self)
        watching = desk.start(
            [BUILT / "ccbus", "status", "--watch", "--json", "--address", desk.ready["client_endpoint"], "--key",
             "app.key", "--server-key", "server.key"], stdout=subprocess.PIPE)
        self.addCleanup(watching.stdout.close)
        self.addCleanup(watching.wait)
        self.addCleanup(watching.kill)
        self.assertTrue(watching.stdout.readline())
        self.assertEqual(owner(watching), 0)

    def test_no_core_dump(self):
        desk = Desk(self)
        desk.service.send_signal(signal.SIGABRT)
        _, status = os.waitpid(desk.service.pid, 0)
        desk.service.returncode = -signal.SIGABRT
        self.assertTrue(os.WIFSIGNALED(status))
        self.assertFalse(os.WCOREDUMP(status))


class SilenceTest(unittest.TestCase):
    def test_no_secret_in_the_log_at_trace_and_in_no_answer(self):
        desk = Desk(self, "logging.level=trace")
        said = desk.as_client("status", "--json") + desk.as_client("doctor") + desk.as_client("keys", "reload")
        said += desk.as_client("doctor", key="stranger.key") + desk.as_client("doctor", server_key="stranger.key")
        said += desk.as_client("query", "-C", "mychannel", "-n", "none", "-c", '{"Args":["x"]}')
        desk.service.send_signal(signal.SIGHUP)
        operations = desk.ready["operations_endpoint"]
        for path in ("configz", "varz", "connz", "metrics"):
            request = urllib.request.Request(f"{operations}/{path}", headers={"Authorization": f"Bearer {desk.token}"})
            with urllib.request.urlopen(request, timeout=5) as answer:
                said += answer.read().decode()
        for token in (desk.token[:-1], desk.token + "0"):  # Nearly the secret is a secret, too.
            request = urllib.request.Request(f"{operations}/varz", headers={"Authorization": f"Bearer {token}"})
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=5)
            self.assertEqual(refused.exception.code, 401)
            said += refused.exception.read().decode()
        shown = desk.ccbus("config", "show", "--running", "--address", operations, "--token-file", "token")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("server.key", shown.stdout)
        said += shown.stdout
        desk.service.send_signal(signal.SIGTERM)
        said += desk.service.stdout.read().decode()
        self.assertEqual(desk.service.wait(), 0)
        desk.log.seek(0)
        log = desk.log.read()
        for event in (" debug ", "admission.refused", "config.read_again", "operations.refused", "bus.handshake_failed"):
            self.assertIn(event, log)  # What could have told something has happened.
        for secret in desk.secrets():
            self.assertNotIn(secret, log)
            self.assertNotIn(secret, said)
            self.assertNotIn(secret[:-1], log)


if __name__ == "__main__":
    BUILT = pathlib.Path(sys.argv[1]).resolve()
    unittest.main(argv=sys.argv[:1])
