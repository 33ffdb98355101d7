"""A day at a simulated station, in which something goes wrong again and again.

Takes are recorded, kept, labelled, propagated, trained on, rolled out, corrected, binned and
restored through the product's own server, as a page does it. At a random moment of each act one
blow falls: a process is killed, stopped (SIGSTOP) or starved, the disk fills, the data folder
becomes read-only, the wall clock is set by days. Afterwards everything that was acknowledged has
to be there and whole, the robot has to have held, a page has to have said what happened, and a
further take has to be possible.

The disk and the folder need the right to mount; without it those blows are left out, which the
result says. The wall clock is wrong for the product alone, which reads it through a hook that
needs a C compiler.
"""

import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from day.acts import Day
from day.blows import Blow, Striker, draw_blows
from day.disk import SmallDisk
from day.ledger import Ledger
from day.mending import Mending
from day.motion import Motion
from day.product import Product
from day.rounds import Result, Rounds
from day.window import Window
from day.wrong_clock import WrongClock
from frame import Bar, Figures, Options, run, say

from teachloop.simulation.gl import choose_backend

QUICK = 10
STILL_M_S = 0.02


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    blows: int = 200
    """How many."""
    only: str = ""
    """Blows of this kind or against this process alone, for looking into one."""


def measure(asked: Asked) -> Figures:
    """Every blow, and what was found after it."""
    choose_backend()  # once for all stations, which inherit the answer
    wanted = QUICK if asked.quick else asked.blows
    chance = random.Random(asked.seed)
    blows = draw_blows(wanted if not asked.only else 40 * wanted, chance)
    blows = [blow for blow in blows if asked.only in (blow.kind, blow.role, "")][:wanted]
    beside = [os.getloadavg()[0], psutil.cpu_percent(1.0)]
    with tempfile.TemporaryDirectory(prefix="teachloop-chaos-") as folder:
        results, acknowledged, unfinished = live(Path(folder), blows, chance)
    return {**summary(results), "acknowledged": acknowledged, "unfinished_jobs": unfinished,
            "beside": {"load_before": beside[0], "cpu_percent_before": beside[1],
                       "load_after": os.getloadavg()[0]},
            "each": [asdict(result) for result in results]}  # fmt: skip


def live(
    folder: Path, blows: Sequence[Blow], chance: random.Random
) -> tuple[list[Result], int, list[str]]:
    """All blows, one after the other; how much was acknowledged, and the jobs that never ended."""
    clock = WrongClock(folder)
    with SmallDisk(folder / "data") as disk, Product(disk.folder, clock.environment) as product:
        ledger = Ledger(disk.folder)
        with Window(product.url) as window, Motion(product) as motion:
            day = Day(window, ledger, chance)
            mending = Mending(product, day)
            rounds = Rounds(Striker(product, disk, clock), mending, motion, chance)
            rounds.prepare()
            results = []
            for number, blow in enumerate(blows, 1):
                results.append(rounds.run(blow))
                say(f"{number:4d} {results[-1]}")
            unfinished = mending.finish_jobs()
            say("; ".join(unfinished))
            results[-1].lost.extend(ledger.lost())
        return results, ledger.acknowledged, unfinished


def summary(results: Sequence[Result]) -> Figures:
    """Over all blows that could be done."""
    done = [result for result in results if result.done]
    return {
        "blows": len(done),
        "left_out": dict(Counter(result.blow for result in results if not result.done)),
        "lost": sum(len(result.lost) for result in results),
        "moved": sum(result.fastest_m_s > STILL_M_S for result in done),
        "fastest_m_s": max((result.fastest_m_s for result in done), default=0.0),
        "unsaid": sum(result.said_s is None for result in done),
        "unclear": sum(result.unclear for result in results),
        "stuck": sum(bool(result.stuck) for result in results),
        "longest_to_go_on_s": max((result.went_on_s for result in done), default=0.0),
        "acts_cut_short": sum(bool(result.words) for result in done),
    }


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Nothing is lost, nothing moves, nothing is silent, and everything goes on."""
    return [
        Bar("acknowledged things lost", figures["lost"], most=0),
        Bar("blows after which the robot moved", figures["moved"], most=0),
        Bar("blows of which no page said a word", figures["unsaid"], most=0),
        Bar("acts that were refused in a program's words", figures["unclear"], most=0),
        Bar("blows after which nothing went on", figures["stuck"], most=0),
        Bar("jobs that never ended", len(figures["unfinished_jobs"]), most=0),
    ]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
