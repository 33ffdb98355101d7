"""RLBench's cameras: where they are, and how far they see.

A camera's extrinsics are its pose in the world, in axes of x left, y up, z forward, so its focal
lengths are negative; turned by half a turn about z they are OpenCV's and the lengths positive.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....geometry.camera import Camera, Mount
from ....geometry.poses import farthest_apart, inverse
from ....geometry.rotations import Array, are_rotations
from .demo import Demo, numbers
from .robot import BASE

STANDS_M, STANDS_RAD = 0.002, 0.005  # what moves no more stands, where it is mounted


@dataclass(frozen=True, slots=True)
class Range:
    """Of depths: what 0 and 1 stand for."""

    near_m: float
    far_m: float


def range_of(demo: Demo, name: str) -> Range | None:
    """Of one camera's depth; None where the demo does not tell."""
    near, far = (numbers(demo.misc[0].get(f"{name}_camera_{end}"), 1) for end in ("near", "far"))
    if near is None or far is None or not 0 <= near[0] < far[0]:
        return None
    return Range(float(near[0]), float(far[0]))


def camera_of(demo: Demo, name: str, size: tuple[int, int], measures_depth: bool) -> Camera:
    """Of pictures of a size (height, width). Where the demo does not tell, or the camera stands
    neither in the world nor at the hand, it is a guess and not calibrated."""
    height, width = size
    found = _calibration(demo, name)
    if found is None:
        guess = np.array([[width, 0, width / 2], [0, width, height / 2], [0, 0, 1.0]])
        found = guess, "base", np.eye(4), False
    intrinsics, mount, pose, calibrated = found
    return Camera(
        name=name,
        width=width,
        height=height,
        intrinsics=intrinsics,
        mount=mount,
        pose=pose,
        measures_depth=measures_depth,
        calibrated=calibrated,
    )


def _calibration(demo: Demo, name: str) -> tuple[Array, Mount, Array, bool] | None:
    intrinsics = numbers(demo.misc[0].get(f"{name}_camera_intrinsics"), 3, 3)
    poses = _poses(demo.misc, name)
    if intrinsics is None or poses is None:
        return None
    focal = np.diag(intrinsics)[:2]
    if not ((focal < 0).all() or (focal > 0).all()) or intrinsics[1, 0] or intrinsics[2, 2] != 1:
        return None
    if focal[0] < 0:
        half_a_turn = np.diag([-1.0, -1.0, 1.0])
        intrinsics, poses = intrinsics @ half_a_turn, poses @ np.diag([-1.0, -1.0, 1.0, 1.0])
    in_base = inverse(BASE) @ poses
    at_hand = inverse(demo.motion.poses) @ in_base
    if _stands(in_base):
        return intrinsics, "base", in_base[0], True
    return (intrinsics, "end_effector", at_hand[0], True) if _stands(at_hand) else None


def _poses(misc: Sequence[Mapping[str, Any]], name: str) -> Array | None:
    """(T, 4, 4) in the world; None where a step lacks it or has what is no pose."""
    found = [numbers(each.get(f"{name}_camera_extrinsics"), 4, 4) for each in misc]
    if any(each is None for each in found):
        return None
    poses = np.array(found, np.float64)
    return poses if are_rotations(poses[:, :3, :3]) else None


def _stands(poses: Array) -> bool:
    metres, radians = farthest_apart(np.broadcast_to(poses[0], poses.shape), poses)
    return metres <= STANDS_M and radians <= STANDS_RAD
