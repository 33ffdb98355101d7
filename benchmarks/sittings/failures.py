"""Why a task was not done, by the simulator's truth and not by the picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from teachloop.datasets.steps import Pose
from teachloop.simulation.language import DIRECTION_Y
from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.success import LYING_RAD, PUSH_M, TILT_RAD

MOVED_M = 0.01
WRONG_OBJECT, WRONG_WAY, MISSED = "wrong object", "wrong direction", "missed"
SHORT, SPOILED = "pushed too short", "lifted, toppled, or pushed askew"
ELSEWHERE, DROPPED, UPRIGHT = "put elsewhere", "dropped", "left standing"
KINDS = (WRONG_OBJECT, WRONG_WAY, MISSED, SHORT, SPOILED, ELSEWHERE, DROPPED, UPRIGHT)
Poses = Mapping[str, Pose]


@dataclass(frozen=True, slots=True)
class Tried:
    """One roll-out: ``failure`` is one of KINDS, or empty where it succeeded."""

    layout: int
    failure: str
    told: str  # what was missing, in the judge's words


def kind_of(scene: SceneSpec, start: Poses, end: Poses) -> str:
    """Of a task of a novel verb that failed, between how things lay and how they lie."""
    target = scene.task.target
    if not _touched(start[target], end[target]):
        others = (name for name in start if name != target)
        return WRONG_OBJECT if any(_touched(start[n], end[n]) for n in others) else MISSED
    return HOW[scene.task.verb](scene, start[target], end[target])


def _touched(start: Pose, end: Pose) -> bool:
    """Whether it lies elsewhere, or otherwise."""
    moved = float(np.linalg.norm(end[:2, 3] - start[:2, 3]))
    return moved > MOVED_M or _tilt(start, end) > TILT_RAD


def _tilt(start: Pose, end: Pose) -> float:
    return float(np.arccos(np.clip(start[:3, 2] @ end[:3, 2], -1, 1)))


def _push(scene: SceneSpec, start: Pose, end: Pose) -> str:
    along = float(end[1, 3] - start[1, 3]) * DIRECTION_Y[scene.task.direction or "left"]
    if along < -MOVED_M:
        return WRONG_WAY
    return SHORT if along < PUSH_M else SPOILED


def _put(scene: SceneSpec, start: Pose, end: Pose) -> str:
    return DROPPED if _tilt(start, end) > TILT_RAD else ELSEWHERE


def _turn_over(scene: SceneSpec, start: Pose, end: Pose) -> str:
    return UPRIGHT if _tilt(start, end) < LYING_RAD else SPOILED


HOW: Mapping[str, Callable[[SceneSpec, Pose, Pose], str]] = {
    "push": _push,
    "put_behind": _put,
    "turn_over": _turn_over,
}
