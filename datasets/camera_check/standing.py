"""Whether a camera still stands where it was calibrated.

What changes in its pictures is the arm that moves, and where that is, its joints tell. Both are
laid over each other at every displacement: the best one is 0 as long as the camera stands (template
matching by cross-correlation; Lewis 1995).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...geometry.camera import Camera
from ...geometry.capsules import Capsules
from ..alignment import latest
from ..robot_body import robot_body
from ..takes.reader import Take
from .small_pictures import Grey, small_picture, small_size

WIDTH = 64  # of the pictures that are looked at
FARTHEST = 16  # of their pixels that the arm is looked for away from its place
PAIRS = 8  # of pictures that are compared, those between which the arm moved most
APART_S = 0.3
LEAST_RAD = 0.02  # that the arm has to move in that time
CHANGE, NOISES = 10.0, 6.0  # what counts as changed: of 255, and of what all pixels change
FEWEST_PAIRS = 3
FEWEST_CELLS = 40  # of the small pictures that have to change, on average
LIKE = 0.3  # correlation at the best place, below which nobody can tell what moved
BETTER = 1.15  # times that at its own place, or the arm may as well be there
MODEL_M = 0.02  # the arm's shape is as coarse
MOST_CELLS = 1.5  # of the small pictures: a displacement is known no better
FAR_M = 4.0  # behind everything


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the arm is seen, from where it should be."""

    right_px: float
    down_px: float
    like: float  # correlation there: 1 where all that moved is the arm
    moved: bool  # whether that is more than can be explained


def standing(take: Take, name: str) -> Standing | None:
    """Of a calibrated camera beside the robot; None of others, of one that sees no arm move, and
    where something else moves. Raises WrongRecord."""
    camera = take.info.cameras[name]
    if camera.mount != "base" or not camera.calibrated or not len(take.robot.time_ns):
        return None
    pairs = _pairs(take, camera)
    changes = [_changed(take, name, *pair) for pair in pairs]
    if len(pairs) < FEWEST_PAIRS or np.mean([each.sum() for each in changes]) < FEWEST_CELLS:
        return None
    scored = zip(pairs, changes, strict=True)
    scores = np.mean([_scores(take, camera, *pair, seen) for pair, seen in scored], axis=0)
    down, right = np.unravel_index(int(np.argmax(scores)), scores.shape)
    like = float(scores[down, right])
    if like < LIKE:
        return None
    scale = camera.width / small_size(camera, WIDTH)[1]
    across = scale * (int(right) + _between(scores[down], int(right)) - FARTHEST)
    along = scale * (int(down) + _between(scores[:, right], int(down)) - FARTHEST)
    explained = max(MOST_CELLS * scale, _seen_px(take, camera, pairs[0][0], MODEL_M))
    sure = like > BETTER * float(scores[FARTHEST, FARTHEST])
    moved = sure and bool(np.hypot(across, along) > explained)
    return Standing(across, along, like, moved=moved)


def _seen_px(take: Take, camera: Camera, index: int, length_m: float) -> float:
    """How long so much at the hand is in a frame."""
    hand = take.robot.ee_pose[readings_at(take, camera)[index], :3, 3]
    _, depth_m = camera.project(hand, np.eye(4))
    return float(length_m * camera.intrinsics[0, 0] / max(float(depth_m), length_m))


def readings_at(take: Take, camera: Camera) -> NDArray[np.int64]:
    """The robot's reading (n,) when each frame was taken."""
    taken_ns = take.frames[camera.name].time_ns - round(1e9 * (camera.delay_s or 0.0))
    return np.maximum(latest(take.robot.time_ns, taken_ns), 0)


def _pairs(take: Take, camera: Camera) -> list[tuple[int, int]]:
    """Frames between which the arm moved most, no two pairs of the same moment."""
    frames, rows = take.frames[camera.name], readings_at(take, camera)
    later = np.searchsorted(frames.time_ns, frames.time_ns + round(APART_S * 1e9))
    first = np.flatnonzero(later < len(frames))
    joints = take.robot.joint_positions_rad[rows]
    moves = np.linalg.norm(joints[later[first]] - joints[first], axis=1)
    chosen: list[tuple[int, int]] = []
    for place in np.argsort(-moves):
        begin, end = int(first[place]), int(later[first[place]])
        if moves[place] < LEAST_RAD or len(chosen) == PAIRS:
            break
        if all(end <= other or other_end <= begin for other, other_end in chosen):
            chosen.append((begin, end))
    return chosen


def _scores(take: Take, camera: Camera, first: int, last: int, seen: Grey) -> Grey:
    """How well what is seen to change between two frames fits where the arm was then, at each
    displacement (2 FARTHEST + 1, 2 FARTHEST + 1), down and right."""
    rows = readings_at(take, camera)
    before, after = (_silhouette(camera, _body(take, int(rows[each]))) for each in (first, last))
    expected = cv2.GaussianBlur((before ^ after).astype(np.float32), (0, 0), 1.0)
    # The picture slides over what is expected around it: displaced the other way.
    found = cv2.matchTemplate(expected, seen, cv2.TM_CCORR)[::-1, ::-1]
    norm = float(np.linalg.norm(expected) * np.linalg.norm(seen))
    return (found / norm if norm else np.zeros_like(found)).astype(np.float32)


def _changed(take: Take, camera: str, first: int, last: int) -> Grey:
    """1 where a picture differs from the other by more than its noise."""
    one, other = (small_picture(take, camera, index, WIDTH) for index in (first, last))
    change = np.abs(one - other)
    return (change > max(CHANGE, NOISES * float(np.median(change)))).astype(np.float32)


def _body(take: Take, row: int) -> Capsules:
    robot = take.robot
    widths_m = robot.gripper_width_m
    width_m = None if widths_m is None else float(widths_m[row])
    joints_rad = robot.joint_positions_rad[row]
    return robot_body(joints_rad, robot.ee_pose[row], take.info.tool, width_m)


def _silhouette(camera: Camera, body: Capsules) -> NDArray[np.bool_]:
    """Where the body hides what is behind it, also around the picture."""
    height, width = small_size(camera, WIDTH)
    down, right = (
        (np.arange(-FARTHEST, count + FARTHEST) + 0.5) * size / count
        for count, size in ((height, camera.height), (width, camera.width))
    )
    pixels = np.stack(np.meshgrid(right, down), axis=-1)
    eye, directions = camera.rays(pixels, np.eye(4))
    return body.hide(eye, eye + FAR_M * directions)


def _between(scores: Grey, best: int) -> float:
    """How far beside the best of a row of scores a parabola through it has its top."""
    if not 0 < best < len(scores) - 1:
        return 0.0
    before, top, after = (float(scores[best + step]) for step in (-1, 0, 1))
    bend = before - 2 * top + after
    return 0.5 * (before - after) / bend if bend else 0.0
