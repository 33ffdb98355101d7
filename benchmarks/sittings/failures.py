"""Why a push failed, by the simulator's truth and not by the picture."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from teachloop.datasets.steps import Pose
from teachloop.simulation.language import DIRECTION_Y
from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.success import PUSH_M

MOVED_M = 0.01
WRONG_OBJECT, WRONG_WAY, MISSED = "wrong object", "wrong direction", "missed"
SHORT, SPOILED = "pushed too short", "lifted, toppled, or pushed askew"
KINDS = (WRONG_OBJECT, WRONG_WAY, MISSED, SHORT, SPOILED)
Poses = Mapping[str, Pose]


@dataclass(frozen=True, slots=True)
class Tried:
    """One roll-out: ``failure`` is one of KINDS, or empty where it succeeded."""

    layout: int
    failure: str
    told: str  # what was missing, in the judge's words


def kind_of(scene: SceneSpec, start: Poses, end: Poses) -> str:
    """Of a push that failed, between how things lay and how they lie."""
    moved = {name: end[name][:3, 3] - start[name][:3, 3] for name in start}
    target = moved.pop(scene.task.target)
    along = float(target[1]) * DIRECTION_Y[scene.task.direction or "left"]
    if np.linalg.norm(target[:2]) < MOVED_M:
        strayed = any(np.linalg.norm(other) > MOVED_M for other in moved.values())
        return WRONG_OBJECT if strayed else MISSED
    if along < -MOVED_M:
        return WRONG_WAY
    return SHORT if along < PUSH_M else SPOILED
