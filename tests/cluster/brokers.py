"""Brokers of Apache Kafka on this machine, each of which is a controller as well."""

import atexit
import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import time

PATIENCE = 90  # Seconds until they are ready.
PDEATHSIG = 1
HEAP = ["-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
STARTED = "Kafka Server started"
CLUSTER = "AAAAAAAAAAAAAAAAAAAAAQ"  # An id, in Kafka's notation.

# Times in which a broker is known to be dead: a few seconds, as a test has no more.
SETTINGS = """\
process.roles=broker,controller
node.id={id}
controller.quorum.voters={voters}
listeners=CLIENTS://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=CLIENTS://127.0.0.1:{port}
listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=CLIENTS
log.dirs={data}
auto.create.topics.enable=false
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=1000
controller.quorum.election.timeout.ms=1000
controller.quorum.fetch.timeout.ms=2000
replica.lag.time.max.ms=5000
offsets.topic.replication.factor=1
"""


def jars(build, mvn="mvn"):
    """Where the broker's jars are; Maven brings them if they are not there."""
    folder = pathlib.Path(build).resolve() / "kafka-jars"
    if not folder.exists():  # It gets its name once it is complete.
        part = folder.with_name(f"kafka-jars.{os.getpid()}")
        pom = pathlib.Path(__file__).parent / "kafka" / "pom.xml"
        subprocess.run(
            [mvn, "--batch-mode", "--quiet", "-f", pom, "dependency:copy-dependencies",
             f"-DoutputDirectory={part}"],
            check=True, stdin=subprocess.DEVNULL)
        part.rename(folder)
    return folder


def free_ports(count):
    """Ports that nobody has now."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def die_with_parent():
    ctypes.CDLL(None).prctl(PDEATHSIG, signal.SIGKILL)


class Brokers:
    """Brokers with the numbers 1, 2, 3. They end with the thread that starts them, however it ends."""

    def __init__(self, count, directory, jar_folder):
        self.directory = pathlib.Path(directory)
        self.classpath = f"{jar_folder}/*"
        ports = free_ports(2 * count)
        self.ports = dict(enumerate(ports[:count], 1))
        self.controllers = dict(enumerate(ports[count:], 1))
        self.processes = {}
        self.starts = dict.fromkeys(self.ports, 0)
        atexit.register(self.close)
        for broker in self.ports:
            self._settings(broker).write_text(self._settings_text(broker))
        formatting = [self._java("kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c",
                                 self._settings(broker), log=self._log(broker))
                      for broker in self.ports]
        if any(process.wait(PATIENCE) for process in formatting):
            raise RuntimeError("a broker's directory was not made: " + self.logs())
        for broker in self.ports:
            self.start(broker)
        self.wait_until_ready()

    @property
    def bootstrap(self):
        return ",".join(f"127.0.0.1:{port}" for port in self.ports.values())

    def start(self, broker):
        self.starts[broker] += 1
        self.processes[broker] = self._java(
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info", "kafka.Kafka",
            self._settings(broker), log=self._log(broker))

    def kill(self, broker):
        """As if its machine had gone."""
        process = self.processes.pop(broker)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def pause(self, broker):
        self.processes[broker].send_signal(signal.SIGSTOP)

    def resume(self, broker):
        self.processes[broker].send_signal(signal.SIGCONT)

    def wait_until_ready(self):
        """Until each that runs says so, which it does once the others take it as one of theirs."""
        deadline = time.monotonic() + PATIENCE
        for broker, process in self.processes.items():
            while self._log(broker).read_text().count(STARTED) < self.starts[broker]:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"broker {broker} has not started: " + self.logs())
                time.sleep(0.1)

    def logs(self):
        return "\n".join(self._log(broker).read_text()[-2000:] for broker in self.ports)

    def close(self):
        for broker in list(self.processes):
            self.kill(broker)

    def _settings(self, broker):
        return self.directory / f"broker{broker}.properties"

    def _log(self, broker):
        return self.directory / f"broker{broker}.log"

    def _settings_text(self, broker):
        voters = ",".join(f"{each}@127.0.0.1:{port}" for each, port in self.controllers.items())
        return SETTINGS.format(id=broker, voters=voters, port=self.ports[broker],
                               controller=self.controllers[broker],
                               data=self.directory / f"data{broker}")

    def _java(self, *arguments, log):
        with open(log, "ab") as output:
            return subprocess.Popen(
                ["java", *HEAP, "-cp", self.classpath, *arguments], stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, preexec_fn=die_with_parent, cwd=self.directory)
