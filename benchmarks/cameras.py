"""Whether one camera, or three, teach as well as two: the demo's task on the same takes.

    python benchmarks/cameras.py [--quick] [--seed 1] [--json] [--seeds 3] [--folder DIR]

For each seed the demo's takes are recorded once, through three cameras, and labelled as the demo
labels them; of these, adapters learn with one, two and three of the cameras, and each is tried on
the same layouts that nobody saw. Takes about nine minutes a seed on two cores. With --folder, a
run that was stopped goes on where it was.
"""

import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from frame import Bar, Figures, run, say
from sittings.adapters import Learning
from sittings.options import SittingOptions
from sittings.pooling import pooled
from sittings.recording import demonstrated, first_good

from teachloop.app.demo.plan import FIRST_UNSEEN, SEEDS_A_DEMO

CAMERAS = ("front", "wrist", "side")
SETS = {"one": CAMERAS[:1], "two": CAMERAS[:2], "three": CAMERAS}
TRIES = 3  # layouts for each take that is wanted
WITHIN = 0.1  # of two cameras' success


@dataclass(frozen=True, slots=True)
class Sitting:
    """One seed's takes, adapters and trials, below a folder."""

    data: Path
    seed: int
    asked: SittingOptions

    def run(self) -> dict[str, float]:
        """Success with each set of cameras."""
        takes = self._takes()
        return {name: self._success(name, takes) for name in SETS}

    def _takes(self) -> tuple[str, ...]:
        """The first takes of the seed in which the expert succeeds."""
        first, wanted = self.seed * SEEDS_A_DEMO, self.asked.episodes
        layouts, record = range(first, first + TRIES * wanted), partial(demonstrated, CAMERAS)
        takes = first_good(self.data, layouts, wanted, self.asked.processes, record)
        say(f"seed {self.seed}: {len(takes)} takes")
        return takes

    def _success(self, name: str, takes: tuple[str, ...]) -> float:
        asked = self.asked
        learning = Learning(self.data, asked.processes, "tiny" if asked.quick else "quick")
        adapter = learning.adapter(name, takes, cameras=SETS[name])
        first = self.seed * SEEDS_A_DEMO + FIRST_UNSEEN
        return learning.success(name, adapter, first, asked.rollouts)


def measure(asked: SittingOptions) -> Figures:
    """Each seed's success, and that of all together."""
    if asked.quick:
        asked = replace(asked, seeds=1, episodes=2, rollouts=2)
    found = pooled(asked, list(SETS), lambda folder, seed: Sitting(folder, seed, asked).run())
    return {"cameras": SETS, **found}


def bars(figures: Figures, asked: SittingOptions) -> list[Bar]:
    """One and three are within ten points of two; a quick run teaches nothing."""
    if asked.quick:
        return []
    success = figures["success"]
    return [
        Bar(f"{name} cameras' success less two's", success[name] - success["two"], -WITHIN, WITHIN)
        for name in ("one", "three")
    ]


if __name__ == "__main__":
    sys.exit(run(measure, bars, SittingOptions))
