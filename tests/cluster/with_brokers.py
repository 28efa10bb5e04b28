#!/usr/bin/env python3
"""Runs a command beside brokers of Apache Kafka, which end with it.

The command finds them in CCBUS_TEST_KAFKA, as host:port,host:port.

Example: tests/cluster/with_brokers.py --build build/release --brokers 3 -- build/release/kafka_log_tests
Exit code: the command's.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time

from brokers import Brokers, jars


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="the build tree, which keeps the jars")
    parser.add_argument("--brokers", type=int, default=3)
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # The brokers end, and the directory goes.
    with tempfile.TemporaryDirectory() as directory:
        folder = jars(arguments.build)
        start = time.monotonic()
        brokers = Brokers(arguments.brokers, directory, folder)
        print(f"{arguments.brokers} brokers, ready in {time.monotonic() - start:.1f} s", flush=True)
        try:
            environment = os.environ | {"CCBUS_TEST_KAFKA": brokers.bootstrap}
            return subprocess.run(arguments.command, env=environment).returncode
        finally:
            brokers.close()


if __name__ == "__main__":
    sys.exit(main())
