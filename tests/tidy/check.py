#!/usr/bin/env python3
"""The rules of the house that a compiler does not check: which folder may include which, what must
not be called, how long a file may be, how it is laid out.

A folder of service/ is the static library ccbus_<path>, and may include what that library links in
the folder's own CMakeLists.txt; nothing in here lists folders or files.

Example: tests/tidy/check.py            (from anywhere; checks the files that git knows)
Exit codes: 0 all rules hold, 1 some do not (each with file and line).
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

LINES_MAX = 500
BUILD_LINES_MAX = 150

INCLUDE = re.compile(r'#include "((?:service|bindings|tests)/[^"]+)"')
SOCKETS = re.compile(r'#include [<"]zmq')
LINKED = re.compile(r"target_link_libraries\(\s*(\S+)([^)]*)\)")
BANNED = [
    (re.compile(r"\bsleep_for\b|\busleep\s*\("), "no sleeping: wait for a condition"),
    (re.compile(r"^\s*using namespace (?!std::chrono_literals)"), "no using namespace in a header"),
    (re.compile(r"\[=\]"), "captures are listed by name"),
    (re.compile(r"\b(TODO|FIXME|XXX)\b"), "unfinished work"),
]


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", *patterns], check=True, capture_output=True, text=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def folder_of(name):
    return name.rsplit("/", 1)[0]


def library_of(folder):
    return "ccbus_" + folder.removeprefix("service/").replace("/", "_")


def links(build_file):
    """What each target of a build file links, by target."""
    text = re.sub(r"#.*", "", (ROOT / build_file).read_text())
    linked = {}
    for target, words in LINKED.findall(text):
        linked.setdefault(target, set()).update(words.split())
    return linked


def linked_by_folder(build_files):
    """Folder -> what its code may use; a program's main.cc stands where the program is built."""
    linked = {}
    for build_file in build_files:
        folder = folder_of(build_file)
        for target, words in links(build_file).items():
            if target in (library_of(folder), "ccbusd", "ccbus", "ccbus-bridge"):
                linked.setdefault(folder, set()).update(words)
    return linked


def cycle(arrows):
    """Some way along the arrows that comes back to where it began, or None."""
    done, way = set(), []

    def visit(folder):
        if folder in way:
            return way[way.index(folder):] + [folder]
        if folder in done:
            return None
        way.append(folder)
        found = next(filter(None, map(visit, sorted(arrows.get(folder, ())))), None)
        way.pop()
        done.add(folder)
        return found

    return next(filter(None, map(visit, sorted(arrows))), None)


def check_arrows(linked, used):
    """The build files against each other: no arrow that nobody needs, and none that leads back."""
    libraries = {library_of(folder): folder for folder in linked}
    arrows = {
        folder: {libraries[word] for word in words if word in libraries and libraries[word] != folder}
        for folder, words in linked.items()}
    for folder, targets in arrows.items():
        for target in targets - used.get(folder, set()):
            yield f"{folder}/CMakeLists.txt: links {library_of(target)} and includes nothing of it"
    rooms = {}
    for folder, targets in arrows.items():
        room = "/".join(folder.split("/")[:2])
        rooms.setdefault(room, set()).update("/".join(target.split("/")[:2]) for target in targets)
        rooms[room].discard(room)
    for way in (cycle(arrows), cycle(rooms)):
        if way:
            yield "folders need each other: " + " -> ".join(way)


def wrong_include(name, included, linked):
    """Why this include bends an arrow; None if it does not."""
    folder, target = folder_of(name), folder_of(included)
    if name.startswith("bindings/"):
        return None if included.startswith("bindings/") else f"bindings may not include {included}"
    if included.startswith("bindings/"):
        return f"{included} is no public header"
    if target == folder or library_of(target) in linked.get(folder, set()):
        return None
    return f"{folder} may not include {included}: its CMakeLists.txt does not link {library_of(target)}"


def check_file(name, linked, used):
    lines = (ROOT / name).read_text().splitlines()
    if len(lines) > LINES_MAX:
        yield f"{name}:{LINES_MAX + 1}: {len(lines)} lines; split by reason"
    is_test = name.startswith("tests/") or "/tests/" in name
    may_use_sockets = is_test or name.startswith("bindings/") or "cppzmq" in linked.get(folder_of(name), ())
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}"
        if SOCKETS.search(line) and not may_use_sockets:
            yield f"{where}: {folder_of(name)} does not know ZeroMQ"
        include = INCLUDE.search(line)
        if include and not is_test:
            used.setdefault(folder_of(name), set()).add(folder_of(include.group(1)))
            why = wrong_include(name, include.group(1), linked)
            if why:
                yield f"{where}: {why}"
        for pattern, reason in BANNED:
            if pattern.search(line) and not ("using" in reason and not name.endswith(".h")):
                yield f"{where}: {reason}"


def check_build_files(build_files):
    for name in build_files:
        count = len((ROOT / name).read_text().splitlines())
        if count > BUILD_LINES_MAX:
            yield f"{name}:{BUILD_LINES_MAX + 1}: {count} lines; a folder builds itself"


def check_roots(names):
    """Files of ours at the root of service/: main.cc alone."""
    for name in names:
        if folder_of(name) == "service" and name != "service/main.cc":
            yield f"{name}: only main.cc stands at the root of service/"


def check_layout(names):
    result = subprocess.run(["clang-format-14", "--dry-run", "-Werror", *names], cwd=ROOT,
                            capture_output=True, text=True)
    if result.returncode != 0:
        for line in result.stderr.splitlines():
            if "error:" in line:
                yield line


def main():
    names = tracked("*.h", "*.cc")
    build_files = tracked("CMakeLists.txt", "*/CMakeLists.txt")
    linked = linked_by_folder([name for name in build_files if name.startswith("service/")])
    used = {}
    complaints = [text for name in names for text in check_file(name, linked, used)]
    complaints += check_arrows(linked, used)
    complaints += check_roots(names)
    complaints += check_build_files(build_files)
    complaints += check_layout(names)
    for text in complaints:
        print(text)
    print(f"{len(names)} files, {len(complaints)} complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
