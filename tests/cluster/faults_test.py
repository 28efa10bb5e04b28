#!/usr/bin/env python3
"""Three services over three brokers, of which one after the other is killed under load.

Nothing that a client was told to be committed is lost or there twice, all chains are equal, and
every client's request ends.

Example: tests/cluster/faults_test.py --build build/release
"""

import argparse
import json
import pathlib
import sys
import tempfile
import threading
import unittest

from brokers import Brokers, jars
from replicas import Replica, wait_for

BUILD = "build/release"


class Client(threading.Thread):
    """Creates one asset after the other, and counts the ends of its requests."""

    def __init__(self, name, replica):
        super().__init__(daemon=True)
        self.name_of_assets = name
        self.replica = replica
        self.acknowledged = []
        self.unknown = []  # Ended without an outcome.
        self.is_stopping = threading.Event()

    def run(self):
        number = 0
        while not self.is_stopping.is_set():
            number += 1
            asset = f"{self.name_of_assets}.{number}"
            answer = self.replica.call("invoke", "CreateAsset", asset, "blue", "5", "tom", "300")
            if answer.get("ok"):
                self.acknowledged.append(asset)
            else:
                self.unknown.append((asset, answer.get("code"), answer.get("message")))
                self.is_stopping.wait(0.2)

    def made(self):
        return len(self.acknowledged)


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.directory.cleanup)
        cls.brokers = Brokers(3, cls.directory.name, jars(BUILD))
        cls.addClassCleanup(cls.brokers.close)
        cls.replicas = [Replica(name, BUILD, cls.directory.name, cls.brokers.bootstrap)
                        for name in ("r1", "r2", "r3")]
        for replica in cls.replicas:
            cls.addClassCleanup(replica.kill)
            replica.start()
        for replica in cls.replicas:
            replica.wait_until_ready()

    def setUp(self):
        self.clients = [Client(f"{self._testMethodName}.{replica.name}", replica)
                        for replica in self.replicas]
        for client in self.clients:
            client.start()
        self.wait_for_progress()

    def wait_for_progress(self, clients=None):
        """Each of them gets some more answers."""
        clients = clients or self.clients
        before = [client.made() for client in clients]
        for client, made in zip(clients, before):
            wait_for(f"an answer to {client.name_of_assets}",
                     lambda: client.made() >= made + 3)  # pylint: disable=cell-var-from-loop

    def check(self):
        """Ends the load and compares."""
        for client in self.clients:
            client.is_stopping.set()
        for client in self.clients:
            client.join(60)
            self.assertFalse(client.is_alive(), "a request that does not end")
        wait_for("equal heights", lambda: len({each.height() for each in self.replicas}) == 1)
        chains = [each.ccbus("ledger", "verify") for each in self.replicas]
        for chain in chains:
            self.assertTrue(chain.get("ok"), chain)
            self.assertEqual(chain, chains[0])
        states = [each.call("query", "GetAllAssets")["payload"] for each in self.replicas]
        self.assertEqual(len(set(states)), 1, "the states differ")
        assets = [asset["ID"] for asset in json.loads(states[0])]
        self.assertEqual(len(assets), len(set(assets)))
        for client in self.clients:
            self.assertEqual([each for each in client.acknowledged if each not in set(assets)], [])
            for asset in client.acknowledged[-3:]:
                history = self.replicas[0].ccbus("ledger", "history", "-n", "basic", asset)
                self.assertEqual(len(history.get("modifications", [])), 1, history)
        for replica in self.replicas:
            self.assertNotIn("log.halted", replica.log())
        print(f"{self._testMethodName}: {sum(each.made() for each in self.clients)} acknowledged, "
              f"{sum(len(each.unknown) for each in self.clients)} unknown or refused", flush=True)

    def test_replica_killed(self):
        for replica in self.replicas:
            replica.kill()
            self.wait_for_progress([each for each in self.clients if each.replica is not replica])
            replica.start()
            self.wait_for_progress()
        self.check()

    def test_broker_killed(self):
        for broker in (1, 2, 3):
            self.brokers.kill(broker)
            self.wait_for_progress()
            self.brokers.start(broker)
            self.brokers.wait_until_ready()
            self.wait_for_progress()
        self.check()

    def test_majority_of_brokers_killed(self):
        """Nothing is acknowledged meanwhile, and everybody is told why."""
        self.brokers.kill(1)
        self.brokers.kill(2)
        for replica in self.replicas:
            wait_for(f"{replica.name} to say that its log is out of reach",
                     lambda: "log is out of reach" in json.dumps(replica.health()))  # pylint: disable=cell-var-from-loop
        made = [client.made() for client in self.clients]
        refused = self.replicas[0].call("invoke", "CreateAsset", "refused", "blue", "5", "tom", "1")
        self.assertEqual(refused.get("code"), "UNAVAILABLE")
        self.assertEqual([client.made() for client in self.clients], made)
        self.brokers.start(1)
        self.brokers.start(2)
        self.brokers.wait_until_ready()
        for replica in self.replicas:
            replica.wait_until_ready()
        self.wait_for_progress()
        self.check()

    def test_replica_paused(self):
        replica = self.replicas[1]
        replica.pause()
        self.wait_for_progress([each for each in self.clients if each.replica is not replica])
        replica.resume()
        self.wait_for_progress()
        self.check()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=BUILD)
    arguments, rest = parser.parse_known_args()
    BUILD = pathlib.Path(arguments.build)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
