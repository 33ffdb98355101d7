"""Where the robot hides what the hand grasped, and where a mask reaches over the robot."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ...datasets.labels.masks import area, decode
from ...datasets.labels.snapshot import Snapshot
from ...datasets.steps import Pose
from ...geometry.poses import inverse
from ..propagation.classical.cylinder_model import CylinderModel, fit, standing
from ..propagation.grasps import Grasp
from ..propagation.interface import FrameKey
from ..segmenters.classical.regions import bounds, deepest
from ..segmenters.interface import Click, Mask
from .interface import Suggestion
from .sight import CALIBRATION_M, Point, Sight, spread

FRAMES = 3  # of each camera
_LOOKED_AT = 24  # of which these are chosen
_HIDDEN = 0.9  # of an object: the rest is no more than what a coarse body leaves open
_LARGER = 1.1  # than what is known of it, for it may be of any shape
_LEAST_RADIUS_M, _LEAST_HEIGHT_M, _MOST_HEIGHT_M = 0.04, 0.06, 0.2
_SAME_M = 0.06  # an object's centre is no further from the fingertips that close on it
_MARKS = 6  # that are asked how large it is
_OVER = 0.1  # of a mask lies on the robot
_DEEP_PX = 3  # a click is so far inside of what does not belong to the mask
_LOOKED_PX = 500  # of a mask

HIDES = "the robot is before it"
OVER = "the mask reaches over the robot"


@dataclass(frozen=True, slots=True, eq=False)
class Grasped:
    """What the hand closed on, as a cylinder that stands in the base frame until then."""

    grasp: Grasp
    at_grasp: Pose  # (4, 4) of the end effector
    cylinder: CylinderModel
    pose: Pose  # (4, 4) of its middle, before the grasp

    def pose_in(self, sight: Sight, place: FrameKey) -> Pose | None:
        """Where it is when a frame is taken; None where nobody knows, for it was let go."""
        time_ns = sight.time_ns(place)
        if time_ns < self.grasp.start_ns:
            return self.pose
        if not self.grasp.holds(time_ns):
            return None
        return sight.take_frames.ee_pose(*place) @ inverse(self.at_grasp) @ self.pose


def hand_suggestions(sight: Sight, snapshot: Snapshot, name: str) -> Iterator[Suggestion]:
    """Of what the hand grasped first: frames in which the robot hides it, and negative clicks where
    its mask reaches over the robot that is before it."""
    grasps = sight.take_frames.motion.grasps()
    if not grasps:
        return
    grasped = _grasped(sight, snapshot, name, grasps[0])
    for camera in sight.cameras:
        yield from _hidden(sight, camera, grasped)
        yield from _reaching_over(sight, snapshot, (camera, name), grasped)


def _grasped(sight: Sight, snapshot: Snapshot, name: str, grasp: Grasp) -> Grasped:
    """As large as a mask that a person made before shows it, or else as the fingers felt it."""
    at_grasp = sight.take_frames.motion.ee_at(grasp.start_ns)
    for place in _marked_before(sight, snapshot, name, grasp):
        camera, ee_pose = sight.take_frames.cameras[place[0]], sight.take_frames.ee_pose(*place)
        fitted = fit(camera, ee_pose, decode(snapshot.masks[(*place, name)].rle))
        if fitted and np.linalg.norm(fitted[1][:3, 3] - at_grasp[:3, 3]) < _SAME_M:
            return Grasped(grasp, at_grasp, _as_wide(fitted[0]), fitted[1])
    return Grasped(grasp, at_grasp, *_felt(grasp, at_grasp[:3, 3]))


def _marked_before(sight: Sight, snapshot: Snapshot, name: str, grasp: Grasp) -> list[FrameKey]:
    """The first frames in which a person marked it."""
    places = [
        (camera, frame)
        for (camera, frame, of), record in snapshot.masks.items()
        if of == name and camera in sight.cameras and record.by_person and not record.hidden
    ]
    before = [place for place in places if sight.time_ns(place) < grasp.start_ns]
    return sorted(before, key=sight.time_ns)[:_MARKS]


def _as_wide(cylinder: CylinderModel) -> CylinderModel:
    """As wide as it is high at least: what lies along the view of a camera looks high to it."""
    return replace(cylinder, radius_m=max(cylinder.radius_m, cylinder.height_m / 2))


def _felt(grasp: Grasp, point: Point) -> tuple[CylinderModel, Pose]:
    """The fingers close on its middle."""
    height_m = float(np.clip(2 * point[2], _LEAST_HEIGHT_M, _MOST_HEIGHT_M))
    pose = standing(float(point[0]), float(point[1]), height_m, float(point[2]) - height_m / 2)
    return CylinderModel(max(grasp.width_m, _LEAST_RADIUS_M), height_m), pose


def _hidden(sight: Sight, camera: str, grasped: Grasped) -> Iterator[Suggestion]:
    frames = spread(sight.frames(camera).tolist(), _LOOKED_AT)
    hidden = [frame for frame in frames if _hides(sight, (camera, frame), grasped)]
    for frame in spread(hidden, FRAMES):
        yield Suggestion(camera, frame, "arm", HIDES, None)


def _hides(sight: Sight, place: FrameKey, grasped: Grasped) -> bool:
    pose = grasped.pose_in(sight, place)
    if pose is None or sight.inside(place, pose[:3, 3]) is None or not sight.clear(place):
        return False
    points = _filled(grasped.cylinder) @ pose[:3, :3].T + pose[:3, 3]
    return float(sight.hidden(place, points, -CALIBRATION_M).mean()) > _HIDDEN


def _filled(cylinder: CylinderModel) -> NDArray[np.float64]:
    """Points (n, 3) in it and a little around it, in its own frame."""
    shares = [np.array([wide, wide, high]) for wide in (0.0, 0.5, 1.0) for high in (0.4, 1.0)]
    return _LARGER * np.concatenate([cylinder.rims() * share for share in shares])


def _reaching_over(
    sight: Sight, snapshot: Snapshot, of: tuple[str, str], grasped: Grasped
) -> Iterator[Suggestion]:
    """``of``: camera and name."""
    masks = {
        frame: record.rle
        for (camera, frame, name), record in snapshot.masks.items()
        if (camera, name) == of and not record.locked and area(record.rle)
    }
    found: dict[int, Click] = {}
    for frame in spread(sorted(masks), _LOOKED_AT):
        click = _on_robot(sight, (of[0], frame), decode(masks[frame]), grasped)
        if click is not None:
            found[frame] = click
    for frame in spread(list(found), FRAMES):
        yield Suggestion(of[0], frame, "arm", OVER, found[frame])


def _on_robot(sight: Sight, place: FrameKey, mask: Mask, grasped: Grasped) -> Click | None:
    """A click in the middle of what a mask has of the robot, where that is before the object."""
    pose, box = grasped.pose_in(sight, place), bounds(mask)
    if pose is None or box is None or not sight.clear(place):
        return None
    step = max(1, round(float(np.sqrt(mask.sum() / _LOOKED_PX))))
    rows, columns = np.mgrid[box[0] : box[2] : step, box[1] : box[3] : step]
    inside = mask[rows, columns]
    over, pixels = np.zeros(inside.shape, bool), np.stack([columns, rows], -1) + 0.5
    over[inside] = _before(sight, place, pixels[inside], pose, grasped)
    (row, column), depth_px = deepest(over)
    if over.sum() < _OVER * inside.sum() or depth_px * step < _DEEP_PX:
        return None
    return Click(float(columns[row, column]) + 0.5, float(rows[row, column]) + 0.5, False)


def _before(
    sight: Sight, place: FrameKey, pixels: NDArray[np.float64], pose: Pose, grasped: Grasped
) -> NDArray[np.bool_]:
    """At which pixels (n, 2) the robot is nearer than the object, and surely there."""
    camera, ee_pose = sight.take_frames.cameras[place[0]], sight.take_frames.ee_pose(*place)
    _, depth_m = camera.project(pose[:3, 3], ee_pose)
    eye, rays = camera.rays(pixels, ee_pose)
    front_m = max(0.0, float(depth_m) - _LARGER * grasped.cylinder.radius_m)
    return sight.hidden(place, eye + front_m * rays, -CALIBRATION_M)
