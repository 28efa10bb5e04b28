#!/usr/bin/env python3
"""Makes copies of source files in which the mutations of mutations.txt can be switched on.

Example: mutate.py mutations.txt names           the mutations, a line each: name, file
         mutate.py mutations.txt write OUT       OUT/service/... and OUT/mutation_table.inc

A mutation whose text does not occur exactly once is left out; the table says why, and its test
fails with that.
Exit codes: 0 done, 2 the list cannot be read.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
HEADER = '#include "tests/simulation/engine/mutation.h"\n'
ACTIVE = "::ccbus::simulation::active_mutation == "


def read_list(path):
    mutations = []
    for number, line in enumerate(pathlib.Path(path).read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name = re.fullmatch(r"\[(\w+)\]", line)
        field = re.fullmatch(r"(why|file|kind) +(.*)", line)
        text = re.fullmatch(r"([-+]) ?(.*)", line)
        if name:
            mutations.append({"name": name.group(1), "-": [], "+": []})
        elif field and mutations:
            mutations[-1][field.group(1)] = field.group(2)
        elif text and mutations:
            mutations[-1][text.group(1)].append(text.group(2))
        else:
            sys.exit(f"{path}:{number}: not understood: {line}")
    return mutations


def switched(number, mutation, text, becomes):
    active = ACTIVE + str(number)
    if mutation["kind"] == "expression":
        return f"({active} ? ({becomes}) : ({text}))"
    return f"if ({active}) {{ {becomes} }} else {{ {text} }}"


def apply(source, number, mutation):
    """The source with the mutation as a choice, and why it is left out, or None."""
    text = "\n".join(mutation["-"])
    count = source.count(text)
    if count != 1:
        return source, (f"its text occurs {count} times in {mutation['file']} and has to occur once: "
                        "renew it in tests/simulation/engine/mutations.txt")
    return source.replace(text, switched(number, mutation, text, "\n".join(mutation["+"]))), None


def write_if_changed(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def write(mutations, out):
    sources, table = {}, []
    for number, mutation in enumerate(mutations, 1):
        file = mutation["file"]
        source = sources.get(file) or HEADER + (ROOT / file).read_text()
        sources[file], stale = apply(source, number, mutation)
        table.append('{%d, "%s", "%s", "%s"},\n'
                     % (number, mutation["name"], mutation["why"], stale or ""))
    for file, source in sources.items():
        write_if_changed(out / file, source)
    write_if_changed(out / "mutation_table.inc", "".join(table))


def main():
    if len(sys.argv) < 3:
        sys.exit(2)
    mutations = read_list(sys.argv[1])
    if sys.argv[2] == "names":
        for mutation in mutations:
            print(mutation["name"], mutation["file"])
    else:
        write(mutations, pathlib.Path(sys.argv[3]))


if __name__ == "__main__":
    main()
