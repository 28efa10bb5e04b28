#!/usr/bin/env python3
"""Commits one log in several processes that differ in clock, locale, time zone, processors, memory, addresses,
caches and habits, and compares everything that results. Then makes mistakes on purpose, each of which has to show.

Example: tests/determinism/determinism_test.py build/release/bin/make_log build/release/bin/commit_log
Needs faketime, localedef, taskset and setarch: deploy/install-packages.sh test.
Exit codes: 0 all tests passed, 1 one failed.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

MAKE_LOG, COMMIT_LOG = "", ""
SEED = "18"
LOCALES = {"tr_TR.UTF-8": ("tr_TR", "UTF-8"), "de_DE.ISO-8859-1": ("de_DE", "ISO-8859-1")}
# Indexes are built in the background, by each replica for itself.
MAY_DIFFER = {"indexes"}
FIXED_ADDRESSES = ["setarch", "-R"]

# What a machine says of itself (the year, the decimal point) has to be in its output: otherwise the test would
# compare equal machines. A name, the clock, the environment, programs in front, options, what it says.
MACHINES = [
    ("plain", "2026-01-01 00:00:00", {"LC_ALL": "C", "TZ": "UTC"}, [], [], ("year 2026, radix .",)),
    ("early, Turkish, one processor, small caches, reopening",
     "2022-02-28 23:59:58", {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati", "MALLOC_PERTURB_": "85"},
     ["taskset", "--cpu-list", "{first}", *FIXED_ADDRESSES],
     ["--storage-kilobytes", "256", "--tables-open-max", "16", "--reopen-every", "3", "--build-documents", "2"],
     ("year 2022, radix ,",)),
    ("late, German, fast clock, large caches, readers",
     "2035-12-31 12:00:00 x1000", {"LC_ALL": "de_DE.ISO-8859-1", "TZ": "America/Caracas",
                                   "GLIBC_TUNABLES": "glibc.malloc.arena_max=1:glibc.malloc.tcache_count=0"},
     [], ["--storage-kilobytes", "524288", "--readers", "3", "--storage-threads", "4", "--build-documents", "1000"],
     ("radix ,",)),
    ("while the short certificate was good, compactions",
     "2024-06-15 01:00:00", {"LC_ALL": "C.UTF-8", "TZ": "Asia/Kolkata", "MALLOC_PERTURB_": "170"},
     FIXED_ADDRESSES, ["--compact-every", "7", "--tables-open-max", "64"], ("year 2024, radix .",)),
    ("while the future certificate is good, slow clock, reopening after each block",
     "2031-03-03 03:03:03 x0.01", {"LC_ALL": "tr_TR.UTF-8", "TZ": "UTC"},
     ["taskset", "--cpu-list", "{first}"], ["--reopen-every", "1", "--storage-threads", "2", "--build-documents", "7"],
     ("year 2031, radix ,",)),
]
# A mistake, and results that have to show it.
MUTATIONS = [
    ("skip", {"outcomes", "blocks", "transactions", "last-block", "meta"}),
    ("order", {"outcomes", "blocks", "transactions", "last-block", "meta"}),
    ("position", {"meta"}),
    ("private-data", {"private", "state"}),
    ("clock", {"history"}),
]


def run(*command, **options):
    done = subprocess.run([str(each) for each in command], capture_output=True, check=False, timeout=120, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    return done


def results_of(output):
    """By name; of the codes, all in one."""
    results = {}
    for line in output.decode().splitlines():
        name, value = line.split(" ", 1)
        results[name] = results.get(name, "") + value + "\n"
    return results


class OneLog(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="ccbus-determinism."))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        for name, (source, charmap) in LOCALES.items():
            # Some definitions have warnings: the locale is made all the same.
            run("localedef", "--no-archive", "--force", "--quiet", "-i", source, "-f", charmap, cls.folder / name)
        cls.log = cls.folder / "log"
        # Containers may refuse it; addresses then are others in each process, as without it.
        cls.has_fixed_addresses = subprocess.run([*FIXED_ADDRESSES, "true"], check=False).returncode == 0
        print("addresses that are not random:", "yes" if cls.has_fixed_addresses else "refused by the system")
        made = run(MAKE_LOG, cls.log, SEED)
        cls.hash_in_memory = made.stdout.decode()
        print(made.stderr.decode())
        cls.first = cls.commit(*MACHINES[0])

    @classmethod
    def commit(cls, name, clock, environment, front, options, says):
        first = str(min(os.sched_getaffinity(0)))
        if front[-2:] == FIXED_ADDRESSES and not cls.has_fixed_addresses:
            front = front[:-2]
        # Waiting for a time of the monotonic clock, which is no part of this, would take for ever.
        variables = {"PATH": os.environ["PATH"], "LOCPATH": str(cls.folder), "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                     **environment}
        done = run(*(each.format(first=first) for each in front), "faketime", "-f", "@" + clock, COMMIT_LOG, cls.log,
                   tempfile.mkdtemp(dir=cls.folder), *options, env=variables)
        said = done.stderr.decode(errors="replace")
        for each in says:
            if each not in said:
                raise AssertionError(f"{name}: {each!r} is not in {said!r}")
        return results_of(done.stdout)

    def differing(self, other):
        self.assertEqual(self.first.keys(), other.keys())
        return {name for name in self.first if self.first[name] != other[name]}

    def test_everything_is_there_to_be_compared(self):
        self.assertEqual(self.first["last-block"], self.hash_in_memory)
        for name in ("meta", "state", "blocks", "blocks-family", "transactions", "history", "private", "expiry",
                     "outcomes"):
            self.assertGreater(int(self.first[name].split()[0]), 0, name)

    def test_machines_that_differ_have_the_same_ledger(self):
        for machine in MACHINES[1:]:
            with self.subTest(machine[0]):
                self.assertEqual(self.differing(self.commit(*machine)) - MAY_DIFFER, set())

    def test_mistakes_are_found(self):
        for mutation, shown_by in MUTATIONS:
            with self.subTest(mutation):
                name, clock, environment, front, options, says = MACHINES[0]
                mutated = self.commit(name, clock, environment, front, [*options, "--mutate", mutation], says)
                self.assertLessEqual(shown_by, self.differing(mutated))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    MAKE_LOG, COMMIT_LOG = (str(pathlib.Path(each).resolve()) for each in sys.argv[1:3])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
