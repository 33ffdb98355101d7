"""The process in which inputs are fed: every input is watched from inside and from outside.

From inside: what is raised, what is said, CPU time, peak memory, a canary that only code from an
input would make, and files that are written outside the surface's folder. From outside (see
``watching``): a process that dies or does not come back.
"""

import logging
import os
import resource
import sys
import time
import traceback
import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from types import TracebackType

from .mutators import Mutator
from .surface import Surface, no_words, opened

MOST_CPU_S = 5.0  # of one input
MOST_BYTES = 512 << 20  # that one input may need on top
RESERVE_BYTES = 6 << 30  # of data that the process may hold: a machine survives what is found
TELL_EVERY = 50
STARTS_CODE = ("os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "pickle.find_class")
CHECKING = [sys.executable, "-m", "teachloop.recorder.drivers.checking"]
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CANARY = "canary"


@dataclass(frozen=True, slots=True)
class Fault:
    """What was wrong with one input, which its number makes again."""

    number: int
    what: str


@dataclass(slots=True)
class Tally:
    """What came of the inputs so far."""

    fed: int = 0
    refused: int = 0
    accepted: int = 0
    slowest_s: float = 0.0  # CPU time of one input
    most_bytes: int = 0  # memory that one input needed on top


class Cost:
    """CPU time and peak memory of one input, from its beginning on."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget what was before."""
        with Path("/proc/self/clear_refs").open("w") as file:
            file.write("5")  # the peak of resident memory begins anew
        self._before, self._began = _peak(), time.process_time()

    @property
    def spent_s(self) -> float:
        return time.process_time() - self._began

    @property
    def needed(self) -> int:
        return _peak() - self._before


class Guarded:
    """What an input must not do, whoever reads it."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.path.realpath(folder)
        self._canary = folder / CANARY
        self._seen: list[str] = []
        self.on = False
        sys.addaudithook(self._hear)

    def __enter__(self) -> "Guarded":
        self.on = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.on = False

    def found(self) -> str:
        """What an input did that it must not; forgets it."""
        if self._canary.exists():
            self._canary.unlink()
            self._seen.append("code from the input was run")
        found, self._seen = "; ".join(dict.fromkeys(self._seen)), []
        return found

    def _hear(self, event: str, given: tuple[object, ...]) -> None:
        if not self.on:
            return
        if event == "subprocess.Popen" and given[1] == CHECKING:
            return  # the settings of drivers are asked of a process of its own
        if event in STARTS_CODE:
            self._seen.append(f"{event} {str(given)[:200]}")
        elif event == "open" and isinstance(given[2], int) and given[2] & WRITES:
            self._look(given[0])

    def _look(self, path: object) -> None:
        if isinstance(path, str | bytes | os.PathLike):
            real = os.path.realpath(os.fsdecode(path))
            if not real.startswith((self._folder, "/dev/null", "/proc/")):
                self._seen.append(f"{real} was opened for writing")


def feed(
    name: str,
    folder: Path,
    seed: int,
    numbers: range,
    at: Synchronized,
    since: Synchronized,
    tell: Connection,
) -> None:
    """Feed inputs of these numbers; tells faults and tallies, and at last None."""
    _quieten()
    guarded = Guarded(folder)
    surface = opened(name, folder)
    tally = Tally()
    for number in numbers:
        at.value, since.value = number, time.monotonic()
        for fault in one(name, surface, guarded, seed, number, tally):
            tell.send(fault)
        if tally.fed == TELL_EVERY:
            tell.send(tally)
            tally = Tally()
    since.value = time.monotonic()
    tell.send(tally)
    tell.send(None)


def one(
    name: str, surface: Surface, guarded: Guarded, seed: int, number: int, tally: Tally
) -> list[Fault]:
    """Feed one input; what was wrong."""
    faults: list[str] = []
    words, cost = "", Cost()
    try:
        with guarded, redirect_stdout(sys.stderr):
            words = surface.feed(Mutator(f"{seed} {name} {number}", cost.begin))
    except BaseException as error:
        faults.append(_in_short(error))
    spent_s, needed = cost.spent_s, cost.needed
    faults += [f"{spent_s:.1f} s of CPU time"] if spent_s > MOST_CPU_S else []
    faults += [f"{needed >> 20} MiB of memory"] if needed > MOST_BYTES else []
    faults += [found] if (found := guarded.found()) else []
    faults += [f"{said}: {words[:200]!r}"] if words and (said := no_words(words)) else []
    tally.fed += 1
    tally.refused += bool(words)
    tally.accepted += not words and not faults
    tally.slowest_s = max(tally.slowest_s, spent_s)
    tally.most_bytes = max(tally.most_bytes, needed)
    return [Fault(number, what) for what in faults]


def _quieten() -> None:
    """What the product logs about inputs is not read here."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_DATA, (RESERVE_BYTES, RESERVE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _in_short(error: BaseException) -> str:
    """The error, and the last place in the product where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        f for f in frames if "site-packages" not in f.filename and "/lib/python" not in f.filename
    ]
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
    return f"{type(error).__name__} in {where}: {str(error)[:200]}"


def _peak() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10
    return 0
