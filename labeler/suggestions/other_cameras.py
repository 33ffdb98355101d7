"""An object that a person marked in one camera, as the other cameras see it at the same tick."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...datasets.labels.masks import decode
from ...datasets.labels.snapshot import Snapshot
from ..propagation.classical.cylinder_model import fit
from ..propagation.interface import FrameKey
from ..segmenters.classical.regions import deepest, dilate
from ..segmenters.interface import Click, Mask
from .grasped_object import points_in_hand
from .interface import Suggestion
from .looks import Looks
from .sight import Point, Sight, spread

MARKS = 6  # of each camera that are carried to the others
_INWARD = 0.35  # of an object's extent: from its surface to what is inside of it from every side
_MOST_INWARD_M = 0.03
_KNOWN = 0.3  # of a mask has to have a depth
_NEAR_PX = 4  # a mask ends so near to where its object is
_SMALL_M, _LARGE_M = 0.01, 0.18  # what stands on the table and can be marked


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """Where a marked object is."""

    points: list[Point]  # (3,) each, inside of it, the surest first
    by: str  # in words
    looks: Looks | None = None  # what has to be seen at a point, for it is not sure of itself


def camera_suggestions(sight: Sight, snapshot: Snapshot, name: str) -> Iterator[Suggestion]:
    """Positive clicks in all other calibrated cameras for the masks that people made."""
    for camera in sight.cameras:
        for frame in spread(_marked(snapshot, camera, name), MARKS):
            place = camera, frame
            located = locate(sight, place, decode(snapshot.masks[camera, frame, name].rle))
            if located is not None:
                yield from _elsewhere(sight, place, located)


def locate(sight: Sight, place: FrameKey, mask: Mask) -> Located | None:
    """By the depth that was recorded, or in the hand that holds it, or standing on the table."""
    return (
        _by_depth(sight, place, mask)
        or _in_hand(sight, place, mask)
        or _on_table(sight, place, mask)
    )


def _marked(snapshot: Snapshot, camera: str, name: str) -> list[int]:
    return sorted(
        frame
        for (at, frame, of), record in snapshot.masks.items()
        if (at, of) == (camera, name) and record.by_person and not record.hidden
    )


def _elsewhere(sight: Sight, place: FrameKey, located: Located) -> Iterator[Suggestion]:
    why = f"{place[0]} shows it, {located.by}"
    for camera in sight.cameras:
        other = sight.beside(place, camera)
        if camera != place[0] and other is not None:
            click = _click(sight, other, located)
            if click is not None:
                yield Suggestion(*other, "other camera", why, click)


def _click(sight: Sight, place: FrameKey, located: Located) -> Click | None:
    pixels = [sight.pixel(place, point) for point in located.points]
    clicks = [Click(*pixel.tolist()) for pixel in pixels if pixel is not None]
    looks = located.looks
    return next((each for each in clicks if looks is None or looks.fit(place, each)), None)


def _by_depth(sight: Sight, place: FrameKey, mask: Mask) -> Located | None:
    depth_mm = sight.take_frames.depth(*place)
    if depth_mm is None:
        return None
    known = depth_mm[mask & (depth_mm > 0)]
    if len(known) < _KNOWN * mask.sum():
        return None
    return Located([_inside(sight, place, mask, float(np.median(known)) / 1e3)], "at its depth")


def _inside(sight: Sight, place: FrameKey, mask: Mask, depth_m: float) -> Point:
    """Behind the middle of its surface, where it is inside of the object from every side."""
    camera = sight.take_frames.cameras[place[0]]
    (row, column), _ = deepest(mask)
    eye, ray = camera.rays([column + 0.5, row + 0.5], sight.take_frames.ee_pose(*place))
    extent_m = 2 * np.sqrt(mask.sum() / np.pi) * depth_m / camera.intrinsics[0, 0]
    inward_m = min(_INWARD * extent_m, _MOST_INWARD_M)
    return eye + depth_m * ray + inward_m * ray / np.linalg.norm(ray)


def _in_hand(sight: Sight, place: FrameKey, mask: Mask) -> Located | None:
    """Where what was marked is at the fingertips that hold something."""
    near, time_ns = dilate(mask, _NEAR_PX), sight.time_ns(place)
    for grasp in sight.take_frames.motion.grasps():
        points = points_in_hand(sight.take_frames, place, grasp)
        pixel = sight.inside(place, points[0])
        if not grasp.holds(time_ns) or pixel is None:
            continue
        if near[Click(*pixel.tolist()).pixel(near.shape)]:
            return Located(points, "in the hand", Looks.of(sight.take_frames, place, mask))
    return None


def _on_table(sight: Sight, place: FrameKey, mask: Mask) -> Located | None:
    """None where it is no object that would stand there."""
    camera, ee_pose = sight.take_frames.cameras[place[0]], sight.take_frames.ee_pose(*place)
    fitted = fit(camera, ee_pose, mask)
    if fitted is None:
        return None
    cylinder, pose = fitted
    sizes_m = 2 * cylinder.radius_m, cylinder.height_m
    if not all(_SMALL_M < size_m < _LARGE_M for size_m in sizes_m):
        return None
    return Located([pose[:3, 3]], "on the table", Looks.of(sight.take_frames, place, mask))
