"""How much later than the robot a camera tells of the same movement.

The more the arm moves between two pictures, the more they differ. Both are curves over time; the
offset at which they are most alike is how late the pictures are (Knapp and Carter 1976).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..takes.reader import Take
from .small_pictures import small_picture

WIDTH = 48  # of the pictures that are looked at
EARLIEST_S, LATEST_S, STEP_S = -0.1, 0.4, 0.005
LIKE = 0.6  # correlation below which the pictures tell of something else
FEWEST = 30  # pictures
LEAST_RAD = 0.3  # that the arm has to move in all, joint by joint
SURE_S = 0.012  # of one take, about; of several their spread tells

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lag:
    """Seconds from a movement to the arrival of its picture, beyond those of the robot's state."""

    seconds: float
    like: float  # correlation of the two curves there
    uncertain_s: float = SURE_S


def lag(take: Take, camera: str) -> Lag | None:
    """None where there is too little to tell by. Raises WrongRecord."""
    frames, robot = take.frames[camera], take.robot
    if len(frames) < FEWEST or len(robot.time_ns) < FEWEST:
        return None
    turned = np.linalg.norm(np.diff(robot.joint_positions_rad, axis=0), axis=1)
    way = np.concatenate([[0.0], np.cumsum(turned)])  # so what lies between two moments is known
    if way[-1] < LEAST_RAD:
        return None
    start_ns = robot.time_ns[0]
    robot_s, frames_s = (robot.time_ns - start_ns) / 1e9, (frames.time_ns - start_ns) / 1e9
    changes = _changes(take, camera) / np.maximum(np.diff(frames_s), STEP_S)
    offsets_s = np.arange(EARLIEST_S, LATEST_S + STEP_S / 2, STEP_S)
    scores = np.array([_like(changes, frames_s - each, robot_s, way) for each in offsets_s])
    best = int(np.argmax(scores))
    at_the_end = best in (0, len(scores) - 1)
    if at_the_end or scores[best] < LIKE:
        return None
    before, top, after = scores[best - 1 : best + 2]
    beside = 0.5 * (before - after) / (before - 2 * top + after)
    return Lag(float(offsets_s[best] + beside * STEP_S), float(top))


def pooled(lags: list[Lag]) -> Lag | None:
    """Of several takes of the same camera; how far they are apart tells how sure that is."""
    if not lags:
        return None
    seconds = np.array([each.seconds for each in lags])
    middle = float(np.median(seconds))
    deviation = 1.4826 * float(np.median(np.abs(seconds - middle)))
    uncertain_s = max(deviation, SURE_S if len(lags) < 3 else STEP_S) / np.sqrt(len(lags))
    return Lag(middle, float(np.mean([each.like for each in lags])), float(uncertain_s))


def _changes(take: Take, camera: str) -> Floats:
    """How much each picture differs from the one before (n - 1,)."""
    before = small_picture(take, camera, 0, WIDTH)
    changes = np.zeros(len(take.frames[camera]) - 1)
    for index in range(len(changes)):
        now = small_picture(take, camera, index + 1, WIDTH)
        changes[index] = np.abs(now - before).mean()
        before = now
    return changes


def _like(changes: Floats, taken_s: Floats, robot_s: Floats, way: Floats) -> float:
    """Correlation of the changes with how fast the arm moved, if the pictures were taken then."""
    inside = (taken_s[:-1] >= robot_s[0]) & (taken_s[1:] <= robot_s[-1])
    moved = np.diff(np.interp(taken_s, robot_s, way)) / np.maximum(np.diff(taken_s), STEP_S)
    one, other = np.sqrt(moved[inside]), np.sqrt(changes[inside])  # so that no leap counts most
    if inside.sum() < FEWEST // 2 or not one.std() or not other.std():
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
