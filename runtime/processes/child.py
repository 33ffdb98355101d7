"""One way to start a process, to see why it ended, and to end it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..regular_file import open_to_append

LAST_BYTES = 2000  # of a log, in which its last words are looked for
LONGEST_LINE = 300
LINE_LIMIT = 1 << 20  # bytes of one that a process says
SIGNALS: dict[int, str] = {
    signal.SIGKILL: "was killed, by somebody or because the memory ran out",
    signal.SIGTERM: "was asked to end from outside",
    signal.SIGINT: "was interrupted",
    signal.SIGSEGV: "crashed in a library (segmentation fault)",
    signal.SIGABRT: "gave up in a library (abort)",
    signal.SIGBUS: "crashed in a library (bus error)",
}
"""How a process ended that a signal ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """How a process is bound to the one that starts it."""

    stdin: int
    own_session: bool


ENDS_WITH_PARENT = Bond(stdin=subprocess.PIPE, own_session=False)
"""Its stdin ends with its parent, however that one ends; it has to watch for that."""
OUTLIVES_PARENT = Bond(stdin=subprocess.DEVNULL, own_session=True)
"""It leads a session of its own, which no signal to its parent reaches."""


def python_module(module: str, *arguments: str) -> list[str]:
    """The command that runs a module with this very Python."""
    return [sys.executable, "-m", module, *arguments]


class Child:
    """A process that was started here; what it prints goes to a log file, except what it says on
    its standard output to whoever listens."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._process, self._log = process, log

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        log: Path,
        bond: Bond,
        *,
        environment: Mapping[str, str] | None = None,
        descriptors: Sequence[int] = (),
        heard: bool = False,
    ) -> "Child":
        """Start a program, also where its log cannot be written. ``environment``: instead of ours;
        ``descriptors`` stay open in it; ``heard``: its standard output is for ``hear`` or
        ``lines``, and not for the log."""
        with _opened(log) as output:
            process = subprocess.Popen(
                command,
                stdin=bond.stdin,
                stdout=subprocess.PIPE if heard else output,
                stderr=output,
                env=environment,
                start_new_session=bond.own_session,
                pass_fds=descriptors,
            )
        return cls(process, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def how_it_ended(self) -> str | None:
        """In words; None while it runs."""
        code = self._process.poll()
        if code is None:
            return None
        return ending(code)

    def last_words(self, lines: int = 1) -> str:
        """The end of its log; empty where there is none."""
        return last_lines(self._log, lines)

    def say(self, line: str) -> None:
        """Write a line to its standard input; one that has ended hears nothing."""
        assert self._process.stdin is not None, "its bond gave it no standard input"
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()

    def hear(self) -> str:
        """Wait for the next line that it says; empty once it will say no more."""
        assert self._process.stdout is not None, "it was not started to be heard"
        return self._process.stdout.readline().decode()

    async def lines(self) -> AsyncIterator[str]:
        """All that it says, to its end."""
        reader = asyncio.StreamReader(LINE_LIMIT)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), self._process.stdout
        )
        try:
            async for line in reader:
                yield line.decode()
        finally:
            transport.close()

    def wait(self) -> None:
        """Until it ends; whoever does this takes its exit status, so that no zombie is left."""
        self._process.wait()

    def stop(self, grace_s: float) -> None:
        """Ask it to end, give it ``grace_s`` to put its things down, then make sure that it is
        gone. One that ends with its parent is asked by the end of its stdin, others by SIGTERM."""
        if self._process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        elif self.running:
            self._process.terminate()
        try:
            self._process.wait(grace_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def ending(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"ended with code {code}"
    return SIGNALS.get(-code, f"was ended by {signal.strsignal(-code) or 'the system'}")


def _opened(log: Path) -> BinaryIO:
    """To be added to. On a disk that is full or read-only, what would be said there is lost."""
    try:
        return open_to_append(log)
    except OSError:
        return open(os.devnull, "ab")


def last_lines(log: Path, lines: int) -> str:
    """The end of a log; empty where there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - LAST_BYTES))
            said = file.read().decode(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return "\n".join(line[:LONGEST_LINE] for line in said[-lines:])
