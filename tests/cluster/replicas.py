"""Services that share the log of one channel, each with a chaincode of its own."""

import json
import pathlib
import signal
import subprocess
import time
import urllib.error
import urllib.request

from brokers import die_with_parent, free_ports

PATIENCE = 60  # Seconds.


class Replica:
    """One ccbusd and its asset-transfer, which end with this process."""

    def __init__(self, name, build, directory, bootstrap):
        self.name = name
        self.build = pathlib.Path(build).resolve()
        self.directory = pathlib.Path(directory) / name
        self.directory.mkdir()
        self.bootstrap = bootstrap
        self.client, self.chaincode, self.operations = free_ports(3)
        self.processes = []

    @property
    def address(self):
        return f"tcp://127.0.0.1:{self.client}"

    def start(self):
        self._run("ccbusd",
                  "--set", "ordering.type=kafka",
                  "--set", f"ordering.kafka.brokers={self.bootstrap}",
                  "--set", f"ordering.replica={self.name}",
                  "--set", f"ledger.directory={self.directory}/ledger",
                  "--set", f"peer.listenAddress={self.address}",
                  "--set", f"peer.chaincodeListenAddress=tcp://127.0.0.1:{self.chaincode}",
                  "--set", f"operations.listenAddress=127.0.0.1:{self.operations}")
        self._run("asset-transfer", "--peer.address", f"tcp://127.0.0.1:{self.chaincode}",
                  "--chaincode-id-name", "basic")

    def kill(self):
        """As if its machine had gone."""
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.processes.clear()

    def pause(self):
        self.processes[0].send_signal(signal.SIGSTOP)

    def resume(self):
        self.processes[0].send_signal(signal.SIGCONT)

    def ccbus(self, *arguments, timeout=PATIENCE):
        """What a command says, as JSON; {} if it said nothing in time."""
        try:
            done = subprocess.run(
                [self.build / "ccbus", *arguments, "-C", "mychannel", "--json", "--address",
                 self.address],
                capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=timeout)
        except subprocess.TimeoutExpired:
            return {}
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def call(self, command, *arguments, timeout="10s"):
        """Invokes or queries the chaincode."""
        return self.ccbus(command, "-n", "basic", "-c", json.dumps({"Args": list(arguments)}),
                          "--timeout", timeout)

    def health(self):
        """What /healthz says: a list of failed checks; None: nothing."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.operations}/healthz",
                                        timeout=5) as answer:
                return json.load(answer).get("failed_checks", [])
        except urllib.error.HTTPError as error:
            return json.load(error).get("failed_checks", [])
        except OSError:
            return None

    def wait_until_ready(self):
        """Until its chaincode answers and its log is reached."""
        wait_for(f"{self.name} to be ready",
                 lambda: self.health() == [] and self.call("query", "GetAllAssets").get("ok"))

    def height(self):
        return self.ccbus("ledger", "info").get("height", 0)

    def log(self):
        return (self.directory / "ccbusd.log").read_text()

    def _run(self, program, *arguments):
        with open(self.directory / f"{program}.log", "ab") as output:
            self.processes.append(subprocess.Popen(
                [self.build / program, *arguments], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, preexec_fn=die_with_parent))


def wait_for(what, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {PATIENCE} s for {what}")
        time.sleep(0.1)
