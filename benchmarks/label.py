"""How many frames somebody has to put right until a take is labelled, and whether the labels know
where they are wrong.

    python benchmarks/label.py [--quick] [--seed 1] [--seeds 3] [--segmenter NAME]
        [--propagator NAME] [--folder DIR] [--json]

A simulated person labels one object in takes of 100 frames of two cameras: up to three clicks,
which tremble, in the first frame of each camera, then all is propagated; then up to three in the
frame of each camera that is least sure (`unsure`) or that is worst (`worst`), what is right is
locked, what no click puts right is cleared and left, and all is propagated again. *Plain* takes are
the scripted expert's demonstrations at 256×256 pixels. *Hard* ones are 640×480 pixels: twins that
cross, an object that something else hides, one that leaves the picture and comes back, loud
clutter, motion blur, and demonstrations at that size. Every frame counts, also one that shows
nothing of the object (`interactive/scores.py` says how). A frame is wrong below an intersection
over union of 0.6, and marked where the labels are less than 60 % sure of it; both are counted after
every round.

Segmenters and propagators that need weights are measured where the environment names them.
Demonstrations of RLBench, in the folder that TEACHLOOP_RLBENCH names, are told without a bar.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np
from frame import Bar, Figures, Options, run, say
from interactive.annotating import Annotator, Looks
from interactive.filming import TrueTake
from interactive.reports import Report, Row, in_words, row
from interactive.rlbench import demonstrations, written
from interactive.staging import GROUPS, take_of

from teachloop.labeler.methods import Methods
from teachloop.labeler.session import LabelingSession

ROUNDS = 6
QUICK_ROUNDS = 2
LOOKS: tuple[Looks, ...] = ("unsure", "worst")
RLBENCH = "TEACHLOOP_RLBENCH"
NOT_MEASURED = "not measured: no weights"


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    """``seed`` is the first one."""

    seeds: int = 3
    """How many takes of each kind, one for each seed."""
    segmenter: str = ""
    """Name of the only segmenter to measure."""
    propagator: str = ""
    """Name of the only propagator to measure."""
    folder: Path | None = None
    """Leave the takes and their last labels in this folder."""
    kinds: tuple[str, ...] = ()
    """Only these kinds of takes."""

    @property
    def rounds(self) -> int:
        return QUICK_ROUNDS if self.quick else ROUNDS

    @property
    def looks(self) -> tuple[Looks, ...]:
        return LOOKS[:1] if self.quick else LOOKS


@dataclass(frozen=True, slots=True)
class Pair:
    """A segmenter and a propagator, by name."""

    segmenter: str
    propagator: str

    def __str__(self) -> str:
        return f"{self.segmenter} and {self.propagator}"

    def has_weights(self, methods: Methods) -> bool:
        """Whether somebody named the weights of both, where they need any."""
        both = methods.segmenters[self.segmenter], methods.propagators[self.propagator]
        return all(method.offered for method in both)


def pairs(asked: Asked, methods: Methods) -> list[Pair]:
    """What is asked for; else the default pair, and each other method beside one of it."""
    usual = Pair(methods.settings.segmenter, methods.settings.propagator)
    if asked.segmenter or asked.propagator:
        return [Pair(asked.segmenter or usual.segmenter, asked.propagator or usual.propagator)]
    others = [Pair(name, usual.propagator) for name in methods.segmenters]
    others += [Pair(usual.segmenter, name) for name in methods.propagators]
    return [usual, *(pair for pair in others if pair != usual)]


def label(kind: str, take: TrueTake, pair: Pair, looks: Looks, asked: Asked) -> Report:
    """One person labels a take from nothing."""
    shutil.rmtree(take.folder / "labels", ignore_errors=True)
    rng = np.random.default_rng([asked.seed, 16])
    with LabelingSession.open(take.folder, "annotator") as session:
        person = Annotator(session, take, rng, looks, pair.segmenter, pair.propagator)
        return Report(kind, looks, tuple(person.rounds(asked.rounds)))


def takes(asked: Asked, folder: Path) -> Iterator[tuple[str, TrueTake]]:
    """Each with its kind, made when it is asked for."""
    groups = [kinds[:1] if asked.quick else kinds for kinds in GROUPS.values()]
    for kind in asked.kinds or [kind for kinds in groups for kind in kinds]:
        for seed in range(asked.seed, asked.seed + (1 if asked.quick else asked.seeds)):
            yield kind, take_of(kind, seed, folder / f"{kind}-{seed}")
    if (root := os.environ.get(RLBENCH)) and not asked.quick and not asked.kinds:
        for number, demo in enumerate(demonstrations(Path(root))):
            for take in written(demo, folder / f"rlbench-{number}").values():
                yield "rlbench", take


def rows(reports: Sequence[Report], looks: Looks) -> list[Row]:
    """One of each kind of takes, and one of all that are plain or hard."""
    told = [report for report in reports if report.looks == looks]
    kinds = list(dict.fromkeys(report.kind for report in told))
    groups = {kind: [kind] for kind in kinds} | {
        name: wanted for name, wanted in GROUPS.items() if set(wanted) & set(kinds)
    }
    return [row(name, [r for r in told if r.kind in wanted]) for name, wanted in groups.items()]


def measure(asked: Asked) -> Figures:
    """For each pair of methods, and each way of looking for what is wrong, a row of each kind."""
    methods = Methods()
    told = pairs(asked, methods)
    reports: dict[Pair, list[Report]] = {pair: [] for pair in told if pair.has_weights(methods)}
    with tempfile.TemporaryDirectory() as temporary:
        for kind, take in takes(asked, asked.folder or Path(temporary)):
            for pair, looks in product(reports, asked.looks):
                reports[pair].append(label(kind, take, pair, looks, asked))
                say(in_words(row(f"{take.folder.name}, {pair}", reports[pair][-1:])))
    return {"methods": [_told(pair, reports.get(pair, []), asked) for pair in told]}


def _told(pair: Pair, reports: Sequence[Report], asked: Asked) -> Figures:
    found = [each for looks in asked.looks for each in rows(reports, looks)] if reports else []
    return {**asdict(pair), "rows": found or NOT_MEASURED}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """What is to be reached in how many frames, whichever way they are found."""
    measured = [each["rows"] for each in figures["methods"] if each["rows"] != NOT_MEASURED]
    told = [row for rows in measured for row in rows]
    return [bar for row in told if row["takes"] in GROUPS for bar in _bars(row)]


def _bars(row: Row) -> Iterator[Bar]:
    within, least = (3, 0.90) if row["takes"] == "plain" else (6, 0.80)
    name, after = f"{row['takes']}, {row['looks']}", min(within, len(row["iou"]))
    yield Bar(f"{name}: mean IoU after {after} frames a camera", row["iou"][after - 1], least=least)
    if row["takes"] == "hard":
        yield Bar(f"{name}: share of wrong frames marked", row["wrong_marked"][-1], least=0.8)


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
