"""A reader at a terminal: one document's commands, one after the other, in a copy of the tree."""

import contextlib
import os
import pathlib
import shlex
import signal
import subprocess
import time

COMMAND_S = 900  # The longest one compiles the service.
CONDITION_S = 60
STOP_S = 30

# Keeps the working directory and the environment from one command to the next, as a shell does.
RUN = """
cd -- "$(<"$STATE/folder")" || exit
. "$STATE/environment"
eval "$1"
status=$?
pwd >"$STATE/folder"
export -p >"$STATE/environment"
exit $status
"""
STAY = """
cd -- "$(<"$STATE/folder")" || exit
. "$STATE/environment"
eval "exec $1"
"""


class Failure(Exception):
    pass


class Session:
    """The commands of one document. Processes that it starts end with it.

    Use it as a context: `with Session(tree, state, environment) as session`.
    """

    def __init__(self, tree, state, environment):
        self.tree = pathlib.Path(tree)
        self.state = pathlib.Path(state)
        self.environment = {**environment, "STATE": str(state)}
        self.background = []
        self.started = 0
        self.given = set()
        self.state.mkdir()
        self.go_to(".")
        for name in ("environment", "printed"):
            (self.state / name).write_text("")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.background):
            send(process, signal.SIGTERM)
        for process in self.background:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_S)
            send(process, signal.SIGKILL)
            process.wait()

    def go_to(self, folder):
        (self.state / "folder").write_text(str((self.tree / folder).resolve()))

    def run(self, text, seconds=COMMAND_S, status=0):
        """Returns what the command prints. Failure: its exit status is another one, or it took too long."""
        with open(self.state / "output", "w+", encoding="utf-8", errors="replace") as output:
            process = self._start(RUN, text, output, start_new_session=True)
            try:
                ended_with = process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)  # It has a session of its own.
                process.wait()
                ended_with = f"none within {seconds} s"
            output.seek(0)
            printed = output.read()
        with open(self.state / "printed", "a", encoding="utf-8") as everything:
            everything.write(printed)
        if ended_with != status:
            raise Failure(f"exit status {ended_with}, not {status}\n{tail(printed)}")
        return printed

    def succeeds(self, text):
        try:
            self.run(text, CONDITION_S)
        except Failure:
            return False
        return True

    def leave_running(self, text, until):
        """Starts a command that stays until the session ends, and waits until `until` succeeds."""
        self._start_staying(text)
        self._await(until)

    def end(self, words):
        """Ends the commands in the background that begin so, as Ctrl-C does. Failure: none does."""
        ended = [process for process in self.background if process.text.startswith(words)]
        if not ended:
            raise Failure(f"no command that begins with '{words}' runs in the background")
        for process in ended:
            self.background.remove(process)
            send(process, signal.SIGINT)
            process.wait(STOP_S)

    def interrupt(self, text, once):
        """Runs a command until `once` succeeds, then ends it as Ctrl-C does."""
        process = self._start_staying(text)
        self._await(once)
        self.background.remove(process)
        send(process, signal.SIGINT)
        status = process.wait(STOP_S)
        printed = self._output_of(process)
        if status not in (0, -signal.SIGINT, 128 + signal.SIGINT):
            raise Failure(f"exit status {status} after Ctrl-C\n{tail(printed)}")
        return printed

    def _start(self, script, text, output, **options):
        return subprocess.Popen(["bash", "-c", script, "bash", text], cwd=self.tree, env=self.environment,
                                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, **options)

    def _start_staying(self, text):
        path = self.state / f"background-{self.started}"
        self.started += 1
        with open(path, "w", encoding="utf-8") as output:
            # Ends with this program, even if that is killed.
            process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "TERM", "bash", "-c", STAY, "bash", text], cwd=self.tree,
                env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True)
        process.output_path = path
        process.text = text
        self.background.append(process)
        return process

    def _await(self, condition):
        process = self.background[-1]
        # Set within the command itself, since the shell takes its environment from the last command.
        question = f"OUTPUT={shlex.quote(str(process.output_path))}\n{condition}"
        deadline = time.monotonic() + CONDITION_S
        while not self.succeeds(question):
            if process.poll() is not None:
                raise Failure(f"ended with {process.returncode}\n{tail(self._output_of(process))}")
            if time.monotonic() > deadline:
                raise Failure(f"'{condition}' did not succeed within {CONDITION_S} s\n"
                              + tail(self._output_of(process)))

    @staticmethod
    def _output_of(process):
        return process.output_path.read_text(encoding="utf-8", errors="replace")


def send(process, number):
    """Signals a command and what it has started, as a terminal does."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def tail(text):
    return "\n".join("    " + line for line in text.splitlines()[-15:])
