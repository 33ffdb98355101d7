"""An object as an upright cylinder: coarse, but right in every camera and at every distance.

It is fitted to one mask and says where to look in all others. It never draws an outline.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ....datasets.steps import Pose
from ....geometry.camera import Camera
from ....geometry.poses import make_pose
from ...segmenters.classical.regions import bounds
from ...segmenters.interface import Mask

Polygon = NDArray[np.float64]  # (n, 2) pixels
Frame = tuple[float, float, float, float]  # left, top, right, bottom in pixels

_ANGLES = np.linspace(0, 2 * np.pi, 16, endpoint=False)
_NEAR_M = 0.01


@dataclass(frozen=True, slots=True)
class CylinderModel:
    """Radius and height in metres; its frame sits in its centre, z along the axis."""

    radius_m: float
    height_m: float

    def rims(self) -> NDArray[np.float64]:
        """Points (32, 3) on the two rims, in the cylinder's frame."""
        circle = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], -1) * self.radius_m
        half = np.full((len(_ANGLES), 1), self.height_m / 2)
        return np.concatenate([np.hstack([circle, half]), np.hstack([circle, -half])])

    def points(self, pose: Pose) -> NDArray[np.float64]:
        """Points (32, 3) on the two rims, in the base frame."""
        return self.rims() @ pose[:3, :3].T + pose[:3, 3]

    def outline(self, camera: Camera, ee_pose: Pose, pose: Pose) -> Polygon | None:
        """Its convex outline in the image; None when it lies behind the camera."""
        return outline_of(*camera.project(self.points(pose), ee_pose))


def outline_of(pixels: NDArray[np.float64], depth: NDArray[np.float64]) -> Polygon | None:
    """The convex outline of projected points (n, 2) with depths (n,) in metres."""
    pixels = pixels[depth > _NEAR_M]
    if len(pixels) < 3:
        return None
    hull = cv2.convexHull(pixels.astype(np.float32))
    return hull[:, 0].astype(np.float64)


def frame_of(outline: Polygon) -> Frame:
    """The upright rectangle around an outline."""
    low, high = outline.min(0), outline.max(0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def draw(
    outline: Polygon, shape: tuple[int, ...], origin: tuple[int, int] = (0, 0), grown_px: int = 0
) -> Mask:
    """The outline filled, and grown, in an image that begins at ``origin`` (row, column)."""
    canvas = np.zeros(shape[:2], np.uint8)
    local = outline - np.array([origin[1], origin[0]]) - 0.5
    fixed = np.round(np.clip(local, -1e4, 1e4) * 16).astype(np.int32)
    cv2.fillConvexPoly(canvas, fixed, 1, shift=4)
    if grown_px > 0:
        cv2.polylines(canvas, [fixed], True, 1, thickness=2 * grown_px, shift=4)
    return canvas.view(bool)


def standing(x_m: float, y_m: float, height_m: float, floor_m: float = 0.0) -> Pose:
    """The pose of a cylinder of that height that stands upright on a floor."""
    return make_pose(np.eye(3), np.array([x_m, y_m, floor_m + height_m / 2]))


def fit(
    camera: Camera, ee_pose: Pose, mask: Mask, floor_m: float = 0.0
) -> tuple[CylinderModel, Pose] | None:
    """The upright cylinder on the floor whose outline has the mask's extent.

    Four unknowns (x, y, radius, height) against four sides, by damped Gauss–Newton steps.
    None when the mask is empty or the rays through it never meet the floor.
    """
    box = bounds(mask)
    if box is None:
        return None
    sides = np.array([box[1], box[0], box[3], box[2]], np.float64)
    middle = np.array([sides[[0, 2]].mean(), sides[1] * 0.4 + sides[3] * 0.6])
    start = camera.lift_to_height(middle, floor_m + 0.02, ee_pose)
    if not np.isfinite(start).all():
        return None
    values = _solve(camera, ee_pose, sides, np.array([start[0], start[1], 0.025, 0.045]), floor_m)
    cylinder = CylinderModel(float(values[2]), float(values[3]))
    return cylinder, standing(float(values[0]), float(values[1]), cylinder.height_m, floor_m)


def float_before(camera: Camera, ee_pose: Pose, mask: Mask) -> tuple[CylinderModel, Pose]:
    """A cylinder of the mask's extent, upright in the image, so far away that it is 5 cm large.

    For cameras whose place is not known: it moves in the image as the object does.
    """
    box = bounds(mask)
    assert box is not None
    tall, wide = box[2] - box[0], box[3] - box[1]
    metres = _FLOATING_M / max(tall, wide)  # a pixel
    middle = np.array([(box[1] + box[3]) / 2, (box[0] + box[2]) / 2])
    origin, direction = camera.rays(middle, ee_pose)
    right, down, forward = camera.pose_in_base(ee_pose)[:3, :3].T
    rotation = np.stack([right, forward, -down], 1)
    place = origin + direction * metres * camera.intrinsics[0, 0]
    return CylinderModel(wide * metres / 2, tall * metres), make_pose(rotation, place)


_FLOATING_M = 0.05
_PRIOR = np.array([0.0, 0.0, 0.025, 0.045])  # what objects for a hand of 8 cm are like
_PRIOR_WEIGHT = np.array([0.0, 0.0, 60.0, 60.0])  # pixels a metre
_LOW = np.array([-2.0, -2.0, 0.006, 0.008])
_HIGH = np.array([2.0, 2.0, 0.12, 0.20])


def _solve(
    camera: Camera, ee_pose: Pose, sides: NDArray[np.float64], values: NDArray[np.float64],
    floor_m: float,
) -> NDArray[np.float64]:  # fmt: skip
    def residuals(at: NDArray[np.float64]) -> NDArray[np.float64] | None:
        pose = standing(at[0], at[1], at[3], floor_m)
        outline = CylinderModel(at[2], at[3]).outline(camera, ee_pose, pose)
        if outline is None:
            return None
        return np.concatenate([np.array(frame_of(outline)) - sides, _PRIOR_WEIGHT * (at - _PRIOR)])

    for _ in range(8):
        now = residuals(values)
        if now is None:
            break
        moved = [residuals(values + step) for step in np.eye(4) * 1e-3]
        nudged = [column for column in moved if column is not None]
        if len(nudged) < len(values):
            break
        jacobian = np.stack([(column - now) / 1e-3 for column in nudged], 1)
        normal = jacobian.T @ jacobian + np.eye(4) * 1.0
        values = np.clip(values - np.linalg.solve(normal, jacobian.T @ now), _LOW, _HIGH)
    return values
