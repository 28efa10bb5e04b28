#!/usr/bin/env python3
"""Makes tests/protocol/COVERAGE.md: for each behaviour in rows.txt the tests that show it, found by
their tags, or why it has no meaning here.

A Catch2 test has tags like [row-12]; a test of Node's runner has them in a comment above it.

Usage: coverage.py [--check]
  --check   change nothing; complain where COVERAGE.md is not what would be made
Exit codes: 0 all is well, 1 it is not (each complaint on a line of its own).
"""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OUTPUT = HERE / "COVERAGE.md"
ROWS = 179

STRINGS = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
CATCH_TEST = re.compile(r"TEST_CASE\(\s*" + STRINGS + r",\s*" + STRINGS + r"\)")
NODE_TEST = re.compile(r"((?:^ *//.*\n)*)^ *test\(\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")", re.M)
TAG = re.compile(r"\[row-(\d+)\]")
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')

HEADER = """# What a peer does, and the tests that show it

Made by `tests/protocol/coverage.py` from the tags of the tests and from `rows.txt`; ctest fails when
it is stale. *Here:* is what ccbus does otherwise, on purpose.
"""


class Row:
    def __init__(self, number, title, section):
        self.number, self.title, self.section = number, title, section
        self.here, self.reason, self.tests = "", "", []


def read_rows(complaints):
    rows, section, last, field = {}, "", None, None
    for line in (HERE / "rows.txt").read_text().splitlines():
        if not line or line.startswith(";"):
            continue
        if line.startswith("# "):
            section = line[2:]
        elif line.startswith("~ "):
            last.here, field = line[2:], "here"
        elif line.startswith("- "):
            last.reason, field = line[2:], "reason"
        elif line.startswith("  "):
            setattr(last, field, getattr(last, field) + " " + line.strip())
        else:
            number, title = line.split(" ", 1)
            last, field = Row(int(number), title, section), "title"
            if last.number in rows:
                complaints.append(f"rows.txt has row {number} twice")
            rows[last.number] = last
    for number in range(1, ROWS + 1):
        if number not in rows:
            complaints.append(f"rows.txt has no row {number}")
    return rows


def tests_in(text, suffix):
    """(name, tags) of each test."""
    if suffix == ".cc":
        for name, tags in CATCH_TEST.findall(text):
            yield "".join(LITERAL.findall(name)).replace('\\"', '"'), TAG.findall(tags)
    else:
        for comment, single, double in NODE_TEST.findall(text):
            yield (single or double).replace("\\'", "'"), TAG.findall(comment)


def is_built(path):
    """Whether the build file of the test's folder names the test."""
    name = path.relative_to(ROOT)
    if name.parts[:2] == ("tests", "unit"):  # Named where what it tests is built.
        build = ROOT / "service" / pathlib.Path(*name.parts[2:-1]) / "CMakeLists.txt"
    elif name.parts[0] == "bindings" and path.suffix == ".cc":
        build = path.parents[1] / "CMakeLists.txt"
    elif path.suffix == ".js" and name.parts[0] == "bindings":
        build = ROOT / "tests/stock/CMakeLists.txt"
    elif path.suffix == ".js":
        # ctest runs some, and those load the others.
        folder = ROOT / "tests/stock"
        return any(path.name in other.read_text() for other in
                   [folder / "CMakeLists.txt", *folder.glob("*.test.js")])
    else:
        build = path.parent / "CMakeLists.txt"
    return build.exists() and path.name in build.read_text()


def collect(rows, complaints):
    files = [path for pattern in ("*_test.cc", "*.test.js", "*.stories.js")
             for folder in ("tests", "bindings")
             for path in sorted((ROOT / folder).rglob(pattern)) if "node_modules" not in path.parts]
    for path in files:
        text = path.read_text()
        found = 0
        for name, tags in tests_in(text, path.suffix):
            found += len(tags)
            for number in sorted({int(tag) for tag in tags}):
                if number not in rows:
                    complaints.append(f"{path.relative_to(ROOT)}: there is no row {number}: {name}")
                else:
                    rows[number].tests.append((path.relative_to(ROOT), name))
        if found != len(TAG.findall(text)):
            complaints.append(f"{path.relative_to(ROOT)}: a tag that belongs to no test")
        # A test that does not run does not count.
        if found and not is_built(path):
            complaints.append(f"{path.relative_to(ROOT)}: has tags, but is in no build")
    for row in rows.values():
        if row.reason and row.tests:
            complaints.append(f"row {row.number} has no meaning here, but tests: {row.tests[0][1]}")
        if not row.reason and not row.tests:
            complaints.append(f"row {row.number} has no test: {row.title}")


def render(rows):
    lines, section = [HEADER], None
    for number in sorted(rows):
        row = rows[number]
        if row.section != section:
            section = row.section
            lines.append(f"\n## {section}\n\n| row | behaviour | shown by |\n|---|---|---|")
        title = row.title + (f". *Here:* {row.here}" if row.here else "")
        shown = f"no meaning here: {row.reason}" if row.reason else "<br>".join(
            f"`{path}`: {name}" for path, name in row.tests)
        lines.append("| {} | {} | {} |".format(
            number, title.replace("|", "\\|"), shown.replace("|", "\\|")))
    return "\n".join(lines) + "\n"


def main():
    complaints = []
    rows = read_rows(complaints)
    collect(rows, complaints)
    made = render(rows)
    if sys.argv[1:] == ["--check"]:
        if not OUTPUT.exists() or OUTPUT.read_text() != made:
            complaints.append("COVERAGE.md is stale: run tests/protocol/coverage.py")
    else:
        OUTPUT.write_text(made)
    for complaint in complaints:
        print(complaint)
    none = sum(1 for row in rows.values() if row.reason)
    print(f"{len(rows)} rows: {len(rows) - none} with tests, {none} without meaning here")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
