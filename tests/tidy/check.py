#!/usr/bin/env python3
"""The rules of the house that a compiler does not check: which folder may include which, what must
not be called, how long a file may be, how it is laid out.

Example: tests/tidy/check.py            (from anywhere; checks the files that git knows)
Exit codes: 0 all rules hold, 1 some do not (each with file and line).
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

LINES_MAX = 500

# Folder -> what it may include of ours besides itself, proto/ and the vocabulary.
ARROWS = {
    "service/bus": set(),
    "service/ledger/mango": set(),
    "service/ledger": set(),
    "service/ordering": set(),
    "service/chaincode": {"service/ledger"},
    "service/gateway": {"service/chaincode", "service/ledger", "service/ordering"},
    "service/operations": set(),
    "service/load": set(),
    "service/cli": {"service/load"},
    "bindings": set(),
}

# The vocabulary: files of service/ itself that anybody may include. wiring, committers and main join
# the folders and are included by nobody below them.
VOCABULARY = {
    "assert.h", "background.h", "channel_id.h", "clock.h", "config.h", "config_entries.h", "config_options.h",
    "duration.h", "endpoint_address.h", "field_scanner.h", "histogram.h", "ids.h", "labelled_figures.h", "limits.h", "log.h",
    "metrics.h", "ordered_envelope.h", "resource_usage.h", "result.h", "tally.h", "text_hash.h",
}
JOINERS = {"service/main.cc", "service/wiring.h", "service/wiring.cc", "service/committers.h",
           "service/committers.cc", "service/collected_metrics.h", "service/collected_metrics.cc",
           "service/connection_report.h", "service/connection_report.cc",
           "service/watched_service.h", "service/watched_service.cc",
           "service/signals.h", "service/signals.cc", "service/workers.h", "service/workers.cc"}

SOCKETS = re.compile(r'#include [<"]zmq')
INCLUDE = re.compile(r'#include "((?:service|bindings|tests)/[^"]+)"')
BANNED = [
    (re.compile(r"\bsleep_for\b|\busleep\s*\("), "no sleeping: wait for a condition"),
    (re.compile(r"^\s*using namespace (?!std::chrono_literals)"), "no using namespace in a header"),
    (re.compile(r"\[=\]"), "captures are listed by name"),
    (re.compile(r"\b(TODO|FIXME|XXX)\b"), "unfinished work"),
]


def tracked_sources():
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "*.h", "*.cc"], check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def folder_of(name):
    for folder in ARROWS:
        if name.startswith(folder + "/"):
            return folder
    return None


def wrong_include(name, included):
    """Why this include bends an arrow; nothing where it does not."""
    folder = folder_of(name)
    if folder is None or included.startswith(folder + "/"):
        return None
    if folder == "bindings":
        return "bindings include proto/ and never " + included
    if included.startswith("service/") and included.count("/") == 1:
        return None if included.split("/")[1] in VOCABULARY else f"{included} joins folders"
    if folder_of(included) in ARROWS[folder]:
        return None
    if folder == "service/cli" and included.startswith("bindings/cpp/include/"):
        return None
    return f"{folder} may not include {included}"


def check_file(name):
    lines = (ROOT / name).read_text().splitlines()
    if len(lines) > LINES_MAX:
        yield f"{name}:{LINES_MAX + 1}: {len(lines)} lines; split by reason"
    may_use_sockets = (name.startswith(("service/bus/", "service/load/", "bindings/", "tests/")) or name in JOINERS)
    is_test = name.startswith("tests/") or "/tests/" in name
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}"
        if SOCKETS.search(line) and not may_use_sockets:
            yield f"{where}: only bus/ and load/ know ZeroMQ"
        include = INCLUDE.search(line)
        why = wrong_include(name, include.group(1)) if include and not is_test else None
        if why:
            yield f"{where}: {why}"
        for pattern, reason in BANNED:
            if pattern.search(line) and not ("using" in reason and not name.endswith(".h")):
                yield f"{where}: {reason}"


def check_layout(names):
    result = subprocess.run(["clang-format-14", "--dry-run", "-Werror", *names], cwd=ROOT,
                            capture_output=True, text=True)
    if result.returncode != 0:
        for line in result.stderr.splitlines():
            if "error:" in line:
                yield line


def main():
    names = tracked_sources()
    complaints = [text for name in names for text in check_file(name)]
    complaints += check_layout(names)
    for text in complaints:
        print(text)
    print(f"{len(names)} files, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
