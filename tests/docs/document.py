"""What the documents say: their blocks of commands, how each is to be run, what it shows.

A block is a fenced one. Commands are in `sh`, `bash` and `console` (there they follow "$ ", and what
they print stands below). How a block is run stands in a comment directly above it, a line each,
which readers of the page do not see:

    <!-- run: given service, basic
         background ccbusd until: ccbus healthcheck -->

    given NAME, ...             what runs before: see FIXTURES of commands.py
    name NAME                   what commands.py --print calls it
    first: COMMAND              what a reader has done, or has there, before the block
    in FOLDER                   where the reader is, from the top of the tree
    where TEXT is VALUE         an example value, and what it is here; the shell expands it, and finds
                                all that was printed in $STATE/printed
    background WORDS until: COMMAND
                                a command that begins so runs on, to the document's end at the latest; the
                                next one comes when COMMAND succeeds
    ended WORDS                 what a reader has ended by Ctrl-C before the block: commands that run on and
                                begin so
    interrupt WORDS once: COMMAND
                                one that begins so is ended by Ctrl-C, when COMMAND succeeds; what it has
                                printed is in $OUTPUT
    exit STATUS of WORDS        a command that begins so is refused: it ends with this status
    by FILE                     this other test runs the block: it has to ask commands.py for it
    not [WORDS]: REASON         nobody runs the block, or its commands that begin so
    shown                       a block of text: what the block of commands before has printed
"""

import dataclasses
import re
import subprocess

COMMANDS = ("sh", "bash", "console")
DIRECTIVES = [re.compile(pattern) for pattern in (
    r"(?P<directive>given) (?P<names>.+)",
    r"(?P<directive>name) (?P<name>\S+)",
    r"(?P<directive>first): (?P<command>.+)",
    r"(?P<directive>in) (?P<folder>\S+)",
    r"(?P<directive>where) (?P<text>.+?) is (?P<value>.+)",
    r"(?P<directive>background) (?P<words>.+?) until: (?P<command>.+)",
    r"(?P<directive>ended) (?P<words>.+)",
    r"(?P<directive>interrupt) (?P<words>.+?) once: (?P<command>.+)",
    r"(?P<directive>exit) (?P<status>[1-9]\d*) of (?P<words>.+)",
    r"(?P<directive>by) (?P<file>\S+)",
    r"(?P<directive>not)(?P<words>[^:]*): (?P<reason>.+)",
    r"(?P<directive>shown)",
)]


class DocumentError(Exception):
    """Its text begins with the place: "docs/wire.md:12: ..."."""


@dataclasses.dataclass
class Command:
    text: str
    line: int
    shown: list[str] = dataclasses.field(default_factory=list)  # Lines that it is said to print.


@dataclasses.dataclass
class Block:
    document: str
    line: int  # Of the fence, from 1.
    language: str
    lines: list[str]
    marks: list[dict[str, str]]

    def all(self, directive):
        return [mark for mark in self.marks if mark["directive"] == directive]

    def one(self, directive):
        return next(iter(self.all(directive)), None)

    @property
    def where(self):
        return f"{self.document}:{self.line}"

    @property
    def has_commands(self):
        return self.language in COMMANDS


def parse_marks(text, where):
    """
    >>> parse_marks("given service\\n  where X is $(cat x)", "a.md:1")[1]
    {'directive': 'where', 'text': 'X', 'value': '$(cat x)'}
    >>> parse_marks("not tests/run.sh: it runs this", "a.md:1")
    [{'directive': 'not', 'words': 'tests/run.sh', 'reason': 'it runs this'}]
    >>> parse_marks("backgroud ccbusd", "a.md:1")
    Traceback (most recent call last):
    document.DocumentError: a.md:1: 'backgroud ccbusd' says in no known way how to run the block
    """
    marks = []
    for line in filter(None, map(str.strip, text.splitlines())):
        found = [match for pattern in DIRECTIVES if (match := pattern.fullmatch(line))]
        if not found:
            raise DocumentError(f"{where}: '{line}' says in no known way how to run the block")
        marks.append({key: value.strip() for key, value in found[0].groupdict().items()})
    return marks


def read_blocks(document, text):
    """All fenced blocks, with the marks above them.

    >>> page = "<!-- run: name a -->\\n```sh\\nls\\n```\\n"
    >>> [(block.where, block.lines, block.one("name")["name"]) for block in read_blocks("a.md", page)]
    [('a.md:2', ['ls'], 'a')]
    >>> read_blocks("a.md", "<!-- run: name a -->\\nText.\\n")
    Traceback (most recent call last):
    document.DocumentError: a.md:1: a mark without a block directly below it
    >>> read_blocks("a.md", "```\\nls\\n```\\n")
    Traceback (most recent call last):
    document.DocumentError: a.md:1: a block that does not say what it is: sh, console, text, ...
    """
    page = re.compile(
        r"^<!-- run:(?P<marks>.*?)-->$|^```(?P<language>[^\n ]*)[^\n]*\n(?P<block>.*?)^```$",
        re.DOTALL | re.MULTILINE)
    blocks, marks, marks_end = [], [], None
    for match in page.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        is_below_marks = match.start() - 1 == marks_end
        if marks_end is not None and not is_below_marks:
            break
        if match["marks"] is not None:
            marks, marks_end = parse_marks(match["marks"], f"{document}:{line}"), match.end()
            marks_line = line
            continue
        if not match["language"]:
            raise DocumentError(
                f"{document}:{line}: a block that does not say what it is: sh, console, text, ...")
        blocks.append(Block(document, line, match["language"], match["block"].splitlines(), marks))
        marks, marks_end = [], None
    if marks_end is not None:
        raise DocumentError(f"{document}:{marks_line}: a mark without a block directly below it")
    return blocks


def read_commands(block):
    r"""The commands of a block, each from its first line to where the shell has all of it.

    >>> block = lambda language, *lines: Block("a.md", 10, language, lines, [])
    >>> [(c.text, c.line) for c in read_commands(block("sh", "ls \\", "  -l", "", "cat <<X", "1", "X"))]
    [('ls \\\n  -l', 11), ('cat <<X\n1\nX', 14)]
    >>> read_commands(block("console", "$ ls", "a", "b"))
    [Command(text='ls', line=11, shown=['a', 'b'])]
    >>> read_commands(block("sh", "for x in 1; do"))
    Traceback (most recent call last):
    document.DocumentError: a.md:11: the command does not end
    """
    commands = []
    is_open = False
    for number, line in enumerate(block.lines, block.line + 1):
        begins = line.startswith("$ ") if block.language == "console" else bool(line.strip())
        if is_open:
            commands[-1].text += "\n" + line
        elif begins:
            commands.append(Command(line.removeprefix("$ "), number))
        elif block.language == "console" and commands:
            commands[-1].shown.append(line)
            continue
        elif line.strip():
            raise DocumentError(f"{block.document}:{number}: output above the first '$ command'")
        else:
            continue
        is_open = not is_complete(commands[-1].text)
    if is_open:
        raise DocumentError(f"{block.document}:{commands[-1].line}: the command does not end")
    return commands


def is_complete(text):
    checked = subprocess.run(["bash", "-n", "-c", text], capture_output=True, text=True, check=False)
    return not text.endswith("\\") and checked.returncode == 0 and not checked.stderr


def shape(line):
    """What of a line does not change from run to run.

    >>> shape("committed ddb015faed93ee83ddc4: block 0, VALID, 9.2 ms")
    'committed ID: block N, VALID, DURATION'
    >>> shape("  ledger      /tmp/ccbus-quickstart.nUrbQJ/ledger, synced")
    'ledger PATH, synced'
    """
    line = re.sub(r"/\S*ccbus-quickstart\.\w+[^\s,]*", "PATH", line)
    line = re.sub(r"\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b", "ID", line)
    line = re.sub(r"\d+(\.\d+)?", "N", line)
    line = re.sub(r"\bN (us|ms|s)\b", "DURATION", line)
    return " ".join(line.split())


def find_difference(shown, printed):
    """The first shown line that the printed ones do not have in its place; None: they have them all,
    one directly after the other, but for empty ones. A shown "..." stands for any number of lines.

    >>> find_difference(["a 1", "b"], ["x", "a 2", "b", "c"])
    >>> find_difference(["a 1", "c"], ["x", "a 2", "b", "c"])
    'c'
    >>> find_difference(["a 1", "...", "c"], ["x", "a 2", "b", "c"])
    """
    shown = [line for line in shown if line.strip()]
    wanted = [shape(line) for line in shown]
    there = [shape(line) for line in printed if line.strip()]

    def matched(place, begin):
        """How many of wanted, from `place` on, are there from `begin` on."""
        if place == len(wanted):
            return place
        if wanted[place] == "...":
            return max(matched(place + 1, i) for i in range(begin, len(there) + 1))
        if begin == len(there) or there[begin] != wanted[place]:
            return place
        return matched(place + 1, begin + 1)

    best = max(matched(0, begin) for begin in range(len(there) + 1))
    return None if best == len(wanted) else shown[best]
