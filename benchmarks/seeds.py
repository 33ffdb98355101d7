"""How often a suggested click lies on the object, by what it was suggested from.

    python benchmarks/seeds.py [--quick] [--seed 1] [--takes 6] [--off-mm 5] [--json]

Records takes of the scripted expert, as many of *pick* as of *put* and *push*, by three cameras,
every other one with depth; nothing but the judging sees the simulator's truth. The calibration is
wrong by some millimetres, of each camera in another direction. *grasp*: positive clicks on what the
hand will hold, holds, or left somewhere.
*other camera*: one camera has five true masks, each camera in turn. *arm, not the object*: all
masks but one are 15 pixels too large, and a click is right that lies on the robot. *arm, unseen*:
right where less than a tenth of the object is to be seen. *other take*: three other layouts with
the same target are labelled. *other take, absent*: the same for a layout without that object.
"""

import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from frame import Bar, Figures, Options, run, say

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "labeler"))

from simulated_takes import SimulatedTake, record, scene_of
from wrong_calibration import move_cameras

from teachloop.datasets.labels.edits import SetMask, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.labeler.suggestions.grasped_object import grasp_suggestions
from teachloop.labeler.suggestions.hand_over_object import hand_suggestions
from teachloop.labeler.suggestions.interface import Suggestion
from teachloop.labeler.suggestions.other_cameras import camera_suggestions
from teachloop.labeler.suggestions.other_takes import take_suggestions
from teachloop.labeler.suggestions.sight import Sight
from teachloop.labeler.take_frames import TakeFrames

CAMERAS = ("front", "side", "wrist")
GRASPING = ("pick", "put")
VERBS = (*GRASPING, "push")
OTHERS = 3  # labelled takes of the same target
MARKED = 5  # frames of one camera
LEAK_PX = 15
GONE = 0.1  # of an object
VISIBLE_PX = 50  # less of it nobody marks

Suggest: TypeAlias = Callable[[Sight], Iterator[Suggestion]]


@dataclass(slots=True)
class Tally:
    """What came of one source."""

    right: list[bool] = field(default_factory=list)
    tries: int = 0  # of takes, or of cameras with masks
    useful: int = 0  # of these, those with anything right
    spent_s: list[float] = field(default_factory=list)

    def add(self, right: Sequence[bool], spent_s: float) -> None:
        self.right += right
        self.tries += 1
        self.useful += any(right)
        self.spent_s.append(spent_s)

    def row(self) -> Mapping[str, float]:
        """Plain values, for JSON."""
        return {
            "suggested": len(self.right),
            "right": sum(self.right),
            "share_right": round(sum(self.right) / max(1, len(self.right)), 3),
            "tries": self.tries,
            "useful": self.useful,
            "ms_median": round(1e3 * float(np.median(self.spent_s)), 1),
            "ms_most": round(1e3 * max(self.spent_s), 1),
        }


class Judge:
    """Asks for suggestions in one take, its calibration wrong, and compares them with the truth."""

    def __init__(self, take: SimulatedTake, tallies: dict[str, Tally], off_m: float) -> None:
        self.take, self.tallies, self.off_m = take, tallies, off_m

    def ask(self, suggest: Suggest, kinds: Mapping[str, str]) -> None:
        """``kinds``: kind of suggestion -> source that it is counted as."""
        with TakeFrames.open(self.take.folder) as take_frames:
            move_cameras(take_frames, self.off_m, self.take.scene.seed)
            began = time.perf_counter()
            found = list(suggest(Sight(take_frames)))
            spent_s = time.perf_counter() - began
        for kind, source in kinds.items():
            right = [self.is_right(each) for each in found if each.kind == kind]
            self.tallies[source].add(right, spent_s)

    def is_right(self, suggestion: Suggestion) -> bool:
        truth = self.take.truth[suggestion.camera][suggestion.frame]
        if suggestion.click is None:
            return bool(truth.sum() < GONE * self.take.truth[suggestion.camera][0].sum())
        robot = self.take.robot[suggestion.camera][suggestion.frame]
        wanted = truth if suggestion.click.positive else robot
        return bool(wanted[suggestion.click.pixel(wanted.shape)])


def from_robot(judge: Judge) -> None:
    """What the hand grasps, and where the robot hides it."""
    take = judge.take
    judge.ask(grasp_suggestions, {"on": "grasp"})
    leaking = Snapshot(masks=_leaking(take))
    suggest = partial(hand_suggestions, snapshot=leaking, name=take.target)
    judge.ask(suggest, {"off": "arm, not the object", "unseen": "arm, unseen"})


def from_cameras(judge: Judge) -> None:
    """Each camera in turn has some masks."""
    take = judge.take
    for camera in CAMERAS:
        visible = np.flatnonzero(take.truth[camera].sum((1, 2)) >= VISIBLE_PX)
        frames = visible[np.linspace(0, len(visible) - 1, MARKED).astype(int)].tolist()
        marked = {(camera, at, take.target): _mask(take.truth[camera][at]) for at in frames}
        snapshot = Snapshot(masks=marked)
        suggest = partial(camera_suggestions, snapshot=snapshot, name=take.target)
        judge.ask(suggest, {"on": "other camera"})


def from_takes(judge: Judge, others: Sequence[Path], target: str, source: str) -> None:
    """The target of others, which this take may not have."""
    suggest = partial(
        take_suggestions,
        snapshot=Snapshot(),
        name=target,
        others=lambda: others,
        cancelled=lambda: False,
    )
    judge.ask(suggest, {"on": source})


def _leaking(take: SimulatedTake) -> dict[tuple[str, int, str], MaskRecord]:
    """True in the first frame of the front camera, too large in all others."""
    around = np.ones((2 * LEAK_PX + 1, 2 * LEAK_PX + 1))
    masks = {
        (camera, at, take.target): _mask(
            cv2.dilate(mask.astype(np.uint8), around) > 0, MaskSource.PROPAGATED
        )
        for camera, every in take.truth.items()
        for at, mask in enumerate(every)
        if mask.any()
    }
    return masks | {("front", 0, take.target): _mask(take.truth["front"][0])}


def _mask(mask: np.ndarray, source: MaskSource = MaskSource.HUMAN) -> MaskRecord:
    return MaskRecord(rle=encode(mask), source=source)


def _first_moments(folder: Path, verb: str, seed: int) -> SimulatedTake:
    return record(folder, scene_of(verb, seed), max_ticks=2, cameras=CAMERAS, told=False)


def _labelled(folder: Path, verb: str, seed: int) -> Path:
    take = _first_moments(folder, verb, seed)
    seen = {name: masks[0] for name, masks in take.truth.items() if masks[0].any()}
    edits = [SetMask(name, 0, take.target, _mask(mask)) for name, mask in seen.items()]
    known = SetObjects((ObjectLabel(take.target, True),))
    Labels.open(folder).apply([known, *edits], 0, "benchmark")
    return folder


def _seeds(verb: str, first: int, fits: Callable[[str, Sequence[str]], bool]) -> Iterator[int]:
    """Of layouts whose target and objects fit."""
    for seed in count(first):
        scene = scene_of(verb, seed)
        if fits(scene.task.target, [item.name for item in scene.objects]):
            yield seed


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    takes: int = 6
    """Takes of each task."""
    off_mm: float = 5.0
    """By how much the calibration of each camera is wrong."""


def judge_take(data: Path, verb: str, seed: int, asked: Asked, tallies: dict[str, Tally]) -> None:
    """One take by all sources."""
    name, off_m = f"{verb}-{seed}", asked.off_mm / 1e3
    scene, depth = scene_of(verb, seed), bool(seed % 2)
    take = record(data / name, scene, seed, cameras=CAMERAS, told=False, depth=depth)
    judge = Judge(take, tallies, off_m)
    if verb in GRASPING:
        from_robot(judge)
    from_cameras(judge)
    others = _seeds(verb, seed + 1000, lambda target, _: target == take.target)
    folders = [_labelled(data / f"{name}-{at}", verb, at) for at in islice(others, OTHERS)]
    from_takes(judge, folders, take.target, "other take")
    absent = next(_seeds(verb, seed + 2000, lambda _, names: take.target not in names))
    bare = Judge(_first_moments(data / f"{name}-bare", verb, absent), tallies, off_m)
    from_takes(bare, folders, take.target, "other take, absent")


def measure(asked: Asked) -> Figures:
    """A row for each source; a quick run looks at one take of each task."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    first = 100 * asked.seed
    with tempfile.TemporaryDirectory() as data:
        for verb in VERBS:
            for seed in range(first, first + (1 if asked.quick else asked.takes)):
                judge_take(Path(data), verb, seed, asked, tallies)
                say(f"{verb} {seed}: " + ", ".join(map(_in_words, tallies.items())))
    return {"off_mm": asked.off_mm, "sources": {name: each.row() for name, each in tallies.items()}}


def _in_words(source: tuple[str, Tally]) -> str:
    name, tally = source
    return f"{name} {sum(tally.right)} of {len(tally.right)}"


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Who looks at each click before it is taken loses little by one in thirty; by more they would
    do better to click themselves. Suggestions that are hardly ever there are of no use, and what
    takes two seconds is waited for."""
    rows = dict(figures["sources"])
    absent = rows.pop("other take, absent")
    shares = [
        Bar(f"{name}: share right", row["share_right"], least=0.97)
        for name, row in rows.items()
        if row["suggested"]
    ]
    least = 0.0 if asked.quick else 0.4
    return [
        *shares,
        Bar("takes with a click from the grasp", _useful(rows["grasp"]), least=0.9),
        Bar("marked cameras that help another", _useful(rows["other camera"]), least=0.9),
        Bar("takes helped by other takes", _useful(rows["other take"]), least=least),
        Bar("clicks on an object that is not there", absent["suggested"], most=1),
        Bar("ms, slowest", max(row["ms_most"] for row in figures["sources"].values()), most=2000),
    ]


def _useful(row: Mapping[str, float]) -> float:
    return row["useful"] / row["tries"]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
