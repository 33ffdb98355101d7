"""Does a long day leave anything behind: memory, descriptors, threads, sockets, shared memory,
temporary files?

The day is compressed: one turn is a take that is recorded, kept, labelled and looked at, with a
page that is opened and closed; every few turns a propagation, a roll-out with a correction, a job.
A busy hour at a station has as many turns as ``TURNS_AN_HOUR`` says, so that growth is counted by
turns and told by hours of such work. What grows by mere time, with nobody at work, this does not
see: for that, give more minutes than turns need (--pause).

Each process is looked at when it is at rest, at the end of a turn. Memory is what no other process
shares. Its growth is the median slope between all pairs of turns after the warm-up (Theil and
Sen), in per cent of what the process holds. A day has too few turns for the last tenth of a per
cent: the interval in which nine of ten such slopes lie is told beside it.
"""

import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from day.acts import Day
from day.ledger import Ledger
from day.mending import Mending
from day.product import Product, Role
from day.sampling import Sample, sample
from day.window import Refused, Window
from frame import Bar, Figures, Options, run, say

from teachloop.simulation.gl import choose_backend

TURNS_AN_HOUR = 30
WARM_UP = 1 / 3  # of the turns
EVERY = {"propagate": 3, "correct": 5, "evaluate": 8}  # turns
COMPARED = 3  # turns at each end whose counts are compared
REST_S = 1.5  # after a turn, for what is put down a little later

Growth: TypeAlias = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    minutes: float = 10.0
    """How long."""
    pause: float = 0.0
    """Seconds of nothing after each turn."""


def measure(asked: Asked) -> Figures:
    """Growth and counts of every process."""
    choose_backend()  # once for all stations, which inherit the answer
    minutes = 0.6 if asked.quick else asked.minutes
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="teachloop-soak-") as folder:
        samples = live(Path(folder), 60 * minutes, asked)
    warm = samples[round(WARM_UP * len(samples)) :]
    return {
        "minutes": minutes,
        "turns": len(samples),
        "hours_of_work": len(samples) / TURNS_AN_HOUR,
        "memory": {role: growth(series) for role, series in memory(warm).items()},
        "left": left(warm),
        "temporary_files": [warm[0].temporary, warm[-1].temporary],
        "restarted": restarted(warm),
        "beside": {"load_before": load, "load_after": os.getloadavg()[0]},
    }


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Nothing grows. A quick run says nothing of memory: nothing is warm yet."""
    counts = [count for left in figures["left"].values() for count in left.values()]
    began, ended = figures["temporary_files"]
    memory = [] if asked.quick else [
        Bar(f"memory of {role}, % an hour", each["percent_an_hour"], most=1.0)
        for role, each in figures["memory"].items()
    ]  # fmt: skip
    return [
        Bar("descriptors, threads, sockets more than before", max(counts, default=0), most=0),
        Bar("temporary files more than before", ended - began, most=0),
        Bar("processes that did not live through it", len(figures["restarted"]), most=0),
        *memory,
    ]


def live(folder: Path, seconds: float, asked: Asked) -> list[Sample]:
    """Turn after turn; a sample at the end of each."""
    temporary = folder / "temporary"
    temporary.mkdir()
    (folder / "data").mkdir()
    with Product(folder / "data", {"TMPDIR": str(temporary)}) as product:
        with Window(product.url) as window:
            day = Day(window, Ledger(folder / "data"), random.Random(asked.seed))
            mending = Mending(product, day)
            stuck = mending.go_on()
            assert not stuck, stuck
            samples = []
            deadline = time.monotonic() + seconds
            for number in itertools.count(1):
                _turn_or_again(mending, number)
                _wait_for_jobs(mending)
                time.sleep(REST_S + asked.pause)
                samples.append(sample(product, temporary, time.monotonic()))
                say(f"turn {number}: {_told(samples[-1])}")
                if time.monotonic() > deadline and number > 2 * COMPARED:
                    break
        lost = day.ledger.lost()
        assert not lost, lost
        return samples


def _turn_or_again(mending: Mending, number: int) -> None:
    """Once more where the window was not heard from for a second, as on a machine that is busy
    with other things: the robot holds then, and the window no longer drives."""
    try:
        turn(mending.day, mending.product.url, number)
    except Refused as error:
        if mending.day.window.driving:
            raise
        say(f"turn {number}: {error}")
        stuck = mending.go_on()
        assert not stuck, stuck
        turn(mending.day, mending.product.url, number)


def turn(day: Day, url: str, number: int) -> None:
    """What a person does again and again."""
    day.record()
    day.label()
    for name, every in EVERY.items():
        if number % every == 1:
            day.acts()[name]()
    day.look()
    day.bin_and_restore()
    with Window(url) as second:
        second.wants_control = False
        second.wait(lambda: not second.stale and bool(second.pictures), 5.0)


def _wait_for_jobs(mending: Mending) -> None:
    while mending.busy:
        time.sleep(0.3)


def _told(one: Sample) -> str:
    each = (f"{role} {held.memory_mb:.1f} MB {held.descriptors} fd {held.threads} th"
            for role, held in one.by_role.items())  # fmt: skip
    return f"{', '.join(each)}, {one.temporary} files"


def memory(samples: Sequence[Sample]) -> Mapping[Role, list[float]]:
    """MB at the end of each turn, of those that were there at all of them."""
    roles = set.intersection(*(set(each.by_role) for each in samples))
    return {
        role: [each.by_role[role].memory_mb for each in samples]
        for role in sorted(roles)
    }  # fmt: skip


def growth(series: Sequence[float]) -> Growth:
    """Of one process, told by hours of work."""
    slopes = sorted(_slopes(series)) or [0.0]
    to_percent = 100 * TURNS_AN_HOUR / statistics.mean(series)
    tenth = len(slopes) // 20
    return {
        "mb": statistics.mean(series),
        "percent_an_hour": to_percent * statistics.median(slopes),
        "from": to_percent * slopes[tenth],
        "to": to_percent * slopes[-1 - tenth],
    }


def _slopes(series: Sequence[float]) -> Iterator[float]:
    """MB a turn, between all pairs."""
    for (before, low), (after, high) in itertools.combinations(enumerate(series), 2):
        yield (high - low) / (after - before)


def left(samples: Sequence[Sample]) -> dict[str, dict[str, int]]:
    """By how many each count of a process ended above how it began."""
    return {role: _more(samples, role) for role in samples[0].by_role}


def _more(samples: Sequence[Sample], role: Role) -> dict[str, int]:
    first, last = samples[:COMPARED], samples[-COMPARED:]
    names = _counts(samples[0], role)
    return {name: least(last, role, name) - least(first, role, name) for name in names}


def least(samples: Sequence[Sample], role: Role, name: str) -> int:
    """The lowest of a few counts, which is what stays: one may have been taken while something was
    still open."""
    there = [_counts(one, role) for one in samples if role in one.by_role]
    return min((counts.get(name, 0) for counts in there), default=0)


def _counts(one: Sample, role: Role) -> dict[str, int]:
    return one.by_role[role].counts if role in one.by_role else {}


def restarted(samples: Sequence[Sample]) -> list[str]:
    """Processes that are others than before. The policy's are started with another adapter."""
    first, last = samples[0].by_role, samples[-1].by_role
    return [role for role, held in first.items() if role not in last or last[role].pid != held.pid]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
