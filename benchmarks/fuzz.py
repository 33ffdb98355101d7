"""Feeds the product mutated inputs of every kind that comes from outside.

    python benchmarks/fuzz.py [--kinds takes labels …] [--inputs 10000] [--only NUMBER]

For each input: nothing is raised but the errors that are documented, nothing hangs, memory stays
within a limit, no code from it is run, nothing is written outside its folder, and it is refused in
words or is valid. An input is told by its kind, the seed and its number: ``--only`` feeds that one
alone, in this process (with ``--quick``, so that no result is written). A run of some kinds leaves
the rows of the others in the result as they are.
"""

import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frame import Bar, Figures, Options, kept_rows, run, say
from fuzzing.feeding import MOST_BYTES, MOST_CPU_S, Fault
from fuzzing.mutators import Mutator
from fuzzing.surface import SURFACES, opened
from fuzzing.watching import Found, watch

QUICK = 200
SHOWN = 40  # faults that a result keeps


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    kinds: tuple[str, ...] = tuple(SURFACES)
    """Which kinds of input."""
    inputs: int = 10_000
    """Of each kind."""
    only: int = -1
    """Feed the input of this number alone and show what is raised."""


def measure(asked: Asked) -> Figures:
    """A row for each kind."""
    if asked.only >= 0:
        return _alone(asked)
    count = min(QUICK, asked.inputs) if asked.quick else asked.inputs
    kinds: dict[str, Any] = {}
    for name in asked.kinds:
        found = watch(name, asked.seed, range(count))
        kinds[name] = {"seed": asked.seed, **_row(found)}
        say(f"{name}: {kinds[name]}")
    kinds = kinds if asked.quick else {**kept_rows("fuzz", "kinds"), **kinds}
    return {"kinds": kinds, "limits": {"cpu_s": MOST_CPU_S, "mib": MOST_BYTES >> 20}}


def _alone(asked: Asked) -> Figures:
    for name in asked.kinds:
        with tempfile.TemporaryDirectory(prefix="teachloop-fuzz-") as folder:
            surface = opened(name, Path(folder))
            say(surface.feed(Mutator(f"{asked.seed} {name} {asked.only}")) or "It was accepted.")
    return {"kinds": {}}


def _row(found: Found) -> dict[str, Any]:
    tally = found.tally
    return {
        "inputs": tally.fed,
        "refused": tally.refused,
        "accepted": tally.accepted,
        "faults": len({fault.number for fault in found.faults}),
        "slowest_cpu_s": round(tally.slowest_s, 2),
        "most_mib": tally.most_bytes >> 20,
        "seconds": round(found.seconds, 1),
        "load": round(os.getloadavg()[2], 1),  # of all programs of the machine, at its end
        "found": _kept(found.faults),
    }


def _kept(faults: list[Fault]) -> list[str]:
    """One of each sort, with how often it came."""
    sorts = Counter(fault.what[:70] for fault in faults)
    first = {fault.what[:70]: fault for fault in reversed(faults)}
    return [
        f"{n} × #{first[sort].number}: {first[sort].what}" for sort, n in sorts.most_common(SHOWN)
    ]


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """No input may do harm, and some of each kind must be accepted or nothing was tried."""
    rows = [(name, figures["kinds"][name]) for name in asked.kinds if asked.only < 0]
    wanted = min(QUICK, asked.inputs) if asked.quick else asked.inputs
    faults = [Bar(f"{name}: inputs that did harm", row["faults"], most=0) for name, row in rows]
    return [*faults, *(Bar(f"{name}: inputs", row["inputs"], least=wanted) for name, row in rows)]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
