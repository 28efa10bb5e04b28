#!/usr/bin/env python3
"""Makes tables of what the benchmarks have measured in several runs: the figures of each program,
and for each aim whether it was reached.

Reads what run.sh collects, one JSON object a line:
  {"about": {"commit": "1234567", "rounds": 5, ...}}               the first line
  {"question": "handler", "lost": 0.01, "answer": [TABLE, ...]}    a program's --json; with
  "against": "7654321" too, where it measured that commit
  {"question": "instructions", "lost": 0, "answer": {"not_measured": "why"}}
where TABLE is {"title": ..., "columns": [...], "median": [...], "rounds": [[...], ...]}, and lost is
the part of one processor that the hypervisor gave to others meanwhile.

Example: tests/bench/aims.py build/bench/answers.jsonl
Exit codes: 0 tables made, whatever became of the aims; 1 not what run.sh collects; 2 wrong usage.
"""

import argparse
import collections
import json
import statistics
import sys

Aim = collections.namedtuple("Aim", "name question title figure ratio wanted limit")
AT_MOST, AT_LEAST, RECORDED = "<=", ">=", "recorded"

# The ratio is compared with the limit if there is one, otherwise the figure. A table is found by a part
# of its title; of several matching tables the last one is used, which has the most connections.
AIMS = [
    # What a user gets. A row's rate, and the processor time of all three processes for one operation.
    Aim("GET_STATE, 64 long transactions, per s", "sdk", "C++ SDK: GET_STATE in long transactions, 64 open", "per s", None, AT_LEAST, 260_000),
    Aim("cpu us of all", "sdk", "C++ SDK: GET_STATE in long transactions, 64 open", "all us", None, AT_MOST, 4.5),
    Aim("evaluate, empty, 64 open, per s", "sdk", "C++ SDK: evaluate, empty, 64 open", "per s", None, AT_LEAST, 60_000),
    Aim("cpu us of all", "sdk", "C++ SDK: evaluate, empty, 64 open", "all us", None, AT_MOST, 30),
    Aim("evaluate, empty, 1 open, p50 us", "sdk", "C++ SDK: evaluate, empty, 1 open", "p50 us", None, AT_MOST, 200),
    Aim("evaluate with 10 gets, 64 open, per s", "sdk", "C++ SDK: evaluate, 10 gets, 64 open", "per s", None, AT_LEAST, 18_000),
    Aim("cpu us of all", "sdk", "C++ SDK: evaluate, 10 gets, 64 open", "all us", None, AT_MOST, 100),
    Aim("range of 1,000, 16 open, keys per s", "sdk", "C++ SDK: range of 1000, each key, 16 open", "per s", None, AT_LEAST, 1_500_000),
    Aim("cpu us of all for a key", "sdk", "C++ SDK: range of 1000, each key, 16 open", "all us", None, AT_MOST, 1.2),
    Aim("submit get + put, 64 open, per s", "sdk", "C++ SDK: submit, get + put, 64 open", "per s", None, AT_LEAST, 20_000),
    Aim("cpu us of all", "sdk", "C++ SDK: submit, get + put, 64 open", "all us", None, AT_MOST, 85),
    Aim("submit with 10 puts, 16 open, per s", "sdk", "C++ SDK: submit, 10 puts, 16 open", "per s", None, AT_LEAST, 8_000),
    Aim("cpu us of all", "sdk", "C++ SDK: submit, 10 puts, 16 open", "all us", None, AT_MOST, 200),
    Aim("submit get + put, 2,000 open, per s", "sdk", "C++ SDK: submit, get + put, 2000 open", "per s", None, AT_LEAST, 25_000),
    Aim("cpu us of all", "sdk", "C++ SDK: submit, get + put, 2000 open", "all us", None, AT_MOST, 70),
    # With the stock Go shim: twice Fabric's rate with 64 open, and 1.3 times its latency with 1. Fabric's
    # figures are those of docs/performance.md, of a slow machine: compare with Fabric on yours.
    Aim("through the bridge: GET_STATE, 64 open", "bridge", "Go chaincode: GET_STATE in long transactions, 64 open | proc", "per s", None, AT_LEAST, 66_000),
    Aim("by the gateway: evaluate, empty, 64 open", "bridge", "by the gateway: evaluate, empty, 64 open", "per s", None, AT_LEAST, 4_300),
    Aim("by the gateway: p50 us, evaluate, 1 open", "bridge", "by the gateway: evaluate, empty, 1 open", "p50 us", None, AT_MOST, 2_070),
    Aim("by the gateway: submit, 64 open", "bridge", "by the gateway: submit, get + put, 64 open", "per s", None, AT_LEAST, 880),
    Aim("by the gateway: p50 us, submit, 1 open", "bridge", "by the gateway: submit, get + put, 1 open", "p50 us", None, AT_MOST, 27_400),
    Aim("cpu of the bridge among 1,000 streams", "bridge", "Go chaincode: GET_STATE in long transactions, 64 open, among", "bridge us", "cpu ratio", AT_MOST, 1.15),
    # What the service can do.
    Aim("GET_STATE, 1 in flight, over the echo", "handler", ", 1 in flight", "p50 us", "p50 ratio", AT_MOST, 1.10),
    Aim("GET_STATE, 64 in flight, one dealer", "handler", ", 64 in flight", "per s", "rate ratio", AT_LEAST, 0.70),
    Aim("GET_STATE, 64 dealers", "handler", ", 64 dealers", "per s", "rate ratio", AT_LEAST, 0.70),
    Aim("cpu of the service, 1 in flight", "handler", ", 1 in flight", "cpu us", "cpu ratio", AT_MOST, 2),
    Aim("cpu of the service, 64 in flight", "handler", ", 64 in flight", "cpu us", "cpu ratio", AT_MOST, 2),
    Aim("cpu of the service, 64 dealers", "handler", ", 64 dealers", "cpu us", "cpu ratio", AT_MOST, 2),
    # An occasional allocation is libzmq's, whose batches vary.
    Aim("allocations per GET_STATE", "allocations", "keys read before", "added", None, AT_MOST, 0.05),
    Aim("invokes, 64 in flight, of the echo", "invoke", ", 64 in flight", "per s", "share", AT_LEAST, 0.5),
    Aim("cpu us that signatures add, 64 in flight", "signed", ", 64 in flight", "added us", "ratio", AT_MOST, 1.15),
    Aim("cpu us that CURVE adds to GET_STATE, of the echo's", "curve", "with CURVE", "cpu us added", "ratio", AT_MOST, 1.0),
    Aim("commit, of RocksDB's write", "block_commit", "commit()", "commit tx/s", "ratio", AT_LEAST, 0.6),
    Aim("memory of an idle dealer, KiB", "dealer_memory", "idle dealer", "added KiB", None, AT_MOST, 24),
    Aim("cpu of 1 dealer among the crowd", "dealers", ", 1 active", "cpu us", "cpu ratio", AT_MOST, 1.15),
    Aim("cpu of 64 dealers among the crowd", "dealers", ", 64 active", "cpu us", "cpu ratio", AT_MOST, 1.15),
    # Using every connection once costs libzmq itself more than using 64 of them repeatedly.
    Aim("cpu of the whole crowd in turn, beyond echo", "dealers", "all in turn", "cpu us", "beyond echo", AT_MOST, 1.15),
    Aim("start after a clean stop, ms", "start", "exec to ready", "after stop ms", None, AT_MOST, 300),
    Aim("start after kill -9, ms", "start", "exec to ready", "after kill ms", None, AT_MOST, 300),
    Aim("100 writes at once", "write_batch", "100 writes", "at once us", "ratio", AT_LEAST, 5),
    Aim("100 reads at once", "get_multiple", "100 reads", "at once us", "ratio", AT_LEAST, 5),
    Aim("instructions per GET_STATE, 1 in flight", "instructions", "GET_STATE, 1 in", "all", None, RECORDED, None),
    Aim("instructions per GET_STATE, 64 in flight", "instructions", "GET_STATE, 64 in", "all", None, RECORDED, None),
    Aim("instructions per invoke, 64 in flight", "instructions", "committed, 64 in", "all", None, RECORDED, None),
]


def number(value):
    """
    >>> number(123456.7), number(99.94), number(1.234), number(0)
    ('123,457', '99.9', '1.23', '0.00')
    """
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(values):
    """
    >>> spread([1.0, 3.0, 2.0])
    '1.00..3.00'
    """
    return f"{number(min(values))}..{number(max(values))}"


def values_of(answers, question, title, column):
    """Returns one value for each run: the median of its rounds.

    >>> table = {"title": "a, 1 in flight", "columns": ["us"], "median": [7], "rounds": [[7]]}
    >>> values_of([("q", [table]), ("other", [table]), ("q", {"not_measured": "no"})], "q", "1 in", "us")
    [7]
    """
    values = []
    for asked, answer in answers:
        if asked != question or isinstance(answer, dict):
            continue
        tables = [table for table in answer if title in table["title"]]
        if tables and column in tables[-1]["columns"]:
            values.append(tables[-1]["median"][tables[-1]["columns"].index(column)])
    return values


def verdict(wanted, limit, value):
    """
    >>> verdict(AT_MOST, 2, 2), verdict(AT_LEAST, 0.7, 0.69), verdict(RECORDED, None, 5)
    ('kept', 'missed', 'recorded')
    """
    if wanted == RECORDED:
        return RECORDED
    return "kept" if (value <= limit if wanted == AT_MOST else value >= limit) else "missed"


def judge(answers, aim):
    """Returns the result for an aim, for the table and for --json.

    >>> table = {"title": "t", "columns": ["us", "ratio"], "rounds": []}
    >>> runs = [("q", [dict(table, median=[us, ratio])]) for us, ratio in ((80, 1.0), (90, 1.2), (99, 1.3))]
    >>> row = judge(runs, Aim("name", "q", "t", "us", "ratio", AT_MOST, 1.1))
    >>> row["figure"], row["figure_spread"], row["ratio"], row["ratio_spread"], row["verdict"]
    (90, [80, 99], 1.2, [1.0, 1.3], 'missed')
    >>> judge(runs, Aim("name", "q", "t", "us", None, AT_MOST, 95))["verdict"]
    'kept'
    >>> judge([], Aim("name", "q", "t", "us", None, AT_MOST, 95))["verdict"]
    'not measured'
    """
    row = {"aim": aim.name, "wanted": aim.wanted, "limit": aim.limit, "verdict": "not measured"}
    for key, column in (("figure", aim.figure), ("ratio", aim.ratio)):
        values = values_of(answers, aim.question, aim.title, column) if column else []
        row[key] = statistics.median(values) if values else None
        row[key + "_spread"] = [min(values), max(values)] if values else None
    compared = row["ratio"] if aim.ratio else row["figure"]
    if compared is not None:
        row["verdict"] = verdict(aim.wanted, aim.limit, compared)
    return row


def layout(rows):
    """Formats rows with columns as wide as their cells.

    >>> print(layout([["a", "b"], ["long", "c"]]))
    a     b
    long  c
    """
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def aims_table(rows):
    cells = [["aim", "wanted", "median", "min..max", "ratio", "min..max", ""]]
    for row in rows:
        wanted = row["wanted"] if row["limit"] is None else f"{row['wanted']} {row['limit']:g}"
        line = [row["aim"], wanted]
        for key in ("figure", "ratio"):
            known = row[key] is not None
            line += [number(row[key]) if known else "", spread(row[key + "_spread"]) if known else ""]
        cells.append(line + [row["verdict"]])
    return layout(cells)


def figures_tables(answers):
    """Returns the median over the runs and their spread, for every column of every table.

    >>> table = {"title": "Reads", "columns": ["us"], "rounds": []}
    >>> print(*figures_tables([("q", [dict(table, median=[m])]) for m in (1, 2, 4)]), sep="\\n")
    Reads
      us  2.00  1.00..4.00
    """
    by_title = {}
    for _, answer in answers:
        for table in answer if isinstance(answer, list) else []:
            by_title.setdefault(table["title"], (table["columns"], []))[1].append(table["median"])
    for title, (columns, medians) in by_title.items():
        lines = [["  " + column, number(statistics.median(values)), spread(values)]
                 for column, values in zip(columns, zip(*medians))]
        yield title + "\n" + layout(lines)


def against_tables(entries):
    """Compares this commit with the other: medians, and the median and spread of the rounds' ratios.

    >>> def entry(against, value):
    ...     return {"question": "q", "against": against, "answer": [{"title": "T", "columns": ["us"], "median": [value]}]}
    >>> print(*against_tables([entry("", 4), entry("abc", 2), entry("", 6), entry("abc", 2)]), sep="\\n")
    T: this | abc | ratio
      us  5.00  2.00  2.50  2.00..3.00
    """
    sides = {"this": {}, "other": {}}
    other = ""
    for entry in entries:
        other = entry.get("against") or other
        side = sides["other" if entry.get("against") else "this"]
        for table in entry["answer"] if isinstance(entry["answer"], list) else []:
            for column, value in zip(table["columns"], table["median"]):
                side.setdefault(table["title"], {}).setdefault(column, []).append(value)
    for title, columns in sides["other"].items():
        lines = []
        for column, others in columns.items():
            ours = sides["this"][title][column]
            ratios = [our / their for our, their in zip(ours, others) if their]
            lines.append(["  " + column, number(statistics.median(ours)), number(statistics.median(others)),
                          number(statistics.median(ratios)) if ratios else "", spread(ratios) if ratios else ""])
        yield f"{title}: this | {other} | ratio\n" + layout(lines)


def lost_table(entries):
    """Returns the largest processor time that other machines took from one run of each program.

    >>> print(lost_table([{"question": "q", "lost": 0.01}, {"question": "q", "lost": 0.05}]))
    lost to other machines, of a processor, at most: q 0.05
    """
    most = {}
    for entry in entries:
        most[entry["question"]] = max(entry["lost"], most.get(entry["question"], 0))
    return "lost to other machines, of a processor, at most: " + ", ".join(
        f"{question} {lost:.2f}" for question, lost in most.items())


def read(file):
    """Returns the first line, which describes the measurement, and the answers."""
    entries = [json.loads(line) for line in file]
    return entries[0]["about"], [
        {"against": "", **entry} for entry in entries[1:] if entry["question"] and entry["lost"] >= 0]


def main():
    parser = argparse.ArgumentParser(
        description="Makes tables of what run.sh has collected.",
        epilog="Example: tests/bench/aims.py build/bench/answers.jsonl")
    parser.add_argument("answers", type=argparse.FileType(), help="what run.sh has collected")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the tables")
    arguments = parser.parse_args()
    try:
        about, entries = read(arguments.answers)
        answers = [(entry["question"], entry["answer"]) for entry in entries if not entry["against"]]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        print(f"aims.py: {arguments.answers.name} is not what run.sh collects: {error}", file=sys.stderr)
        return 1
    asked = {question for question, _ in answers}
    rows = [judge(answers, aim) for aim in AIMS if aim.question in asked]
    if arguments.json:
        print(json.dumps({**about, "aims": rows, "answers": entries}))
        return 0
    print(", ".join(f"{key} {value}" for key, value in about.items()) + "\n")
    for table in figures_tables(answers):
        print(table + "\n")
    for reason in sorted({f"{question}: not measured, {answer['not_measured']}"
                          for question, answer in answers if isinstance(answer, dict)}):
        print(reason + "\n")
    for table in against_tables(entries):
        print(table + "\n")
    print(aims_table(rows) + "\n\n" + lost_table(entries))
    return 0


if __name__ == "__main__":
    sys.exit(main())
