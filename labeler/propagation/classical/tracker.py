"""Follows one object through the frames of all cameras, in either direction of time.

What is known of it: its colours, an upright cylinder of its size, and where that cylinder is
in the base frame. The robot's geometry moves the cylinder (it stands still, or goes with the
hand that holds it) and the cameras' calibration says where it appears, however much the wrist
camera moves. Each frame is then segmented afresh around that place, and the place is put right
by what was found: errors do not add up, and an object that left the view is found again.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ....datasets.steps import Pose
from ....geometry.camera import Camera
from ...segmenters.classical.colours import ColourModel
from ...segmenters.classical.regions import (
    Window,
    components,
    dilate,
    fill_holes,
    refine_edge,
    window,
)
from ...segmenters.interface import Mask
from ...take_frames import TakeFrames
from ..grasps import Grasp
from .cylinder_model import CylinderModel, Polygon, draw, frame_of, outline_of
from .detection import Detection, nothing
from .pose_estimate import MOST_LOST_M, PoseEstimate, Template, lifted
from .registration import registered

_MARGIN_PX = 3.0
_ROOM = 0.25  # of the expected size, for shapes that are no cylinders
_BESIDE = 0.06  # of the expected area, found beside it: something alike touches it
_LEAKED = 2.5  # times the expected area; more is not one object alone
_SPECK_PX = 6
_SEEN_SHARE = 0.02  # of the expected area; less is not a detection
_FOLLOW_SHARE = 0.3  # of the expected area; less says too little of where the rest is
_WHOLE_SHARE = (0.85, 1.3)
_OUT_OF_VIEW = 0.9  # how sure it is that what lies outside the image is not in it
_HIDDEN = 0.5
_TWO_SHARE = 1.5  # of the expected area; more is two things that touch
_MISTAKABLE = 0.55  # how sure it is which of them is followed from there on


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One frame, and where in it the object is expected."""

    camera: Camera
    ee_pose: Pose
    index: int
    outline: Polygon
    window: Window
    core: Mask  # of the window: the outline filled
    near: Mask  # of the window: where the object may reach beyond that
    centre: NDArray[np.float64]  # (2,) pixel of the cylinder's centre
    depth_m: float
    contested: bool  # something of the same colours may touch it in the image

    @property
    def shape(self) -> tuple[int, int]:
        return self.camera.height, self.camera.width


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """What of a view is the object."""

    mask: Mask  # of the window
    alone: float  # its share of all that hangs together there
    leaked: bool  # something alike touches it: the mask is cut to the shape that it had


@dataclass(frozen=True, slots=True, eq=False)
class Tracker:
    """One object's cylinder and colours in one take; ``look`` moves a estimate through frames."""

    take_frames: TakeFrames
    cylinder: CylinderModel
    fill: float  # the share of the cylinder's outline that the object itself covers
    colours: ColourModel
    grasps: tuple[Grasp, ...]  # in which this object was held
    alike: NDArray[np.float64]  # (k, 32, 3) points on other objects of its colours

    def believe(
        self, mask: Mask, camera_name: str, index: int, before: PoseEstimate | None
    ) -> PoseEstimate:
        """Where the object is, given its mask in one frame and what was believed until then."""
        time_ns = int(self.take_frames.times_ns[camera_name][index])
        if before is not None:
            before.carry(self.take_frames.motion, self.grasps, time_ns)
            view = self._view(before, camera_name, index)
            if view is not None and (mask[view.window] & view.core).any():
                self._follow(before, view, np.ascontiguousarray(mask[view.window]), self.fill)
                before.mistakable = False
                return before
        camera, ee_pose = (
            self.take_frames.cameras[camera_name],
            self.take_frames.ee_pose(camera_name, index),
        )
        held = any(grasp.holds(time_ns) for grasp in self.grasps)
        return lifted(mask, camera, ee_pose, time_ns, self.cylinder, held)

    def lose(self, estimate: PoseEstimate | None, camera_name: str, index: int) -> None:
        """A frame in which the object is not to be seen: where it is gets less sure."""
        if estimate is None:
            return
        time_ns = int(self.take_frames.times_ns[camera_name][index])
        estimate.carry(self.take_frames.motion, self.grasps, time_ns)
        estimate.lose()

    def look(self, estimate: PoseEstimate, camera_name: str, index: int) -> Detection:
        """Find the object in a frame near where it is believed to be; corrects the estimate."""
        time_ns = int(self.take_frames.times_ns[camera_name][index])
        estimate.carry(self.take_frames.motion, self.grasps, time_ns)
        view = self._view(estimate, camera_name, index)
        if view is None:
            camera = self.take_frames.cameras[camera_name]
            sure = 1.0 - estimate.doubt_m / MOST_LOST_M
            return nothing((camera.height, camera.width), _OUT_OF_VIEW * max(0.0, sure))
        cut = self._segment(estimate, view)
        share = float(cut.mask.sum() / (self.fill * max(1.0, _area(view.outline))))
        if share < _SEEN_SHARE:
            estimate.lose()
            return nothing(view.shape, _HIDDEN)
        came = estimate.pose
        if not cut.leaked:
            self._follow(estimate, view, cut.mask, share)
        still = estimate.pose is came
        if not self.grasps:  # else its place is known, whatever touches it
            estimate.mistakable |= cut.leaked or share > _TWO_SHARE
        sure = _confidence(cut, view, share) * (_MISTAKABLE if estimate.mistakable else 1.0)
        return Detection(view.window, cut.mask, sure, view.shape, still)

    def _view(self, estimate: PoseEstimate, camera_name: str, index: int) -> View | None:
        """None when the object is expected outside the image."""
        camera, ee_pose = (
            self.take_frames.cameras[camera_name],
            self.take_frames.ee_pose(camera_name, index),
        )
        outline = self.cylinder.outline(camera, ee_pose, estimate.pose)
        if outline is None:
            return None
        left, top, right, bottom = frame_of(outline)
        size = max(right - left, bottom - top)
        centre, depth = camera.project(estimate.pose[:3, 3], ee_pose)
        depth_m = max(0.02, float(depth))
        reach = _MARGIN_PX + 0.05 * size + estimate.doubt_m * camera.intrinsics[0, 0] / depth_m
        place = window(
            (top, left, bottom, right), reach + 5 + _ROOM * size, (camera.height, camera.width)
        )
        rows, columns = place
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return None
        size_px = rows.stop - rows.start, columns.stop - columns.start
        corner = rows.start, columns.start
        core, near = (draw(outline, size_px, corner, grown) for grown in (0, round(reach)))
        contested = self._contested(camera, ee_pose, near, corner)
        return View(camera, ee_pose, index, outline, place, core, near, centre, depth_m, contested)

    def _contested(
        self, camera: Camera, ee_pose: Pose, near: Mask, corner: tuple[int, int]
    ) -> bool:
        if not len(self.alike):
            return False
        outlines = map(outline_of, *camera.project(self.alike, ee_pose))
        return any(o is not None and (draw(o, near.shape, corner) & near).any() for o in outlines)

    def _segment(self, estimate: PoseEstimate, view: View) -> _Cut:
        """The object's own colours around the expected place."""
        image = self.take_frames.image(view.camera.name, view.index)
        image = np.ascontiguousarray(image[view.window])
        likely = self.colours.ratio(image) > 0
        kept = found = _belonging(likely, view.near)
        leaked = False
        if view.contested:
            own = dilate(self._expected(estimate, view, kept), 2)
            leaked = bool((kept & ~own).sum() > _BESIDE * self.fill * view.core.sum())
            kept = likely & own if leaked else kept
        elif kept.sum() > _LEAKED * self.fill * _area(view.outline):
            kept = _belonging(likely & view.near, view.core)
        alone = float((kept & found).sum() / max(1, found.sum()))
        mask = refine_edge(image, fill_holes(kept)) if kept.any() else kept
        return _Cut(mask, alone, leaked)

    def _expected(self, estimate: PoseEstimate, view: View, kept: Mask) -> Mask:
        """The shape that the object had when last seen whole, where it must be now."""
        template = estimate.templates.get(view.camera.name)
        own = view.core if template is None else _lay(template, view)
        if self.grasps or not kept.any() or not own.any():
            return own  # moved by the hand alone: its place is known
        column, row = registered(kept, own)
        return cv2.warpAffine(
            own.view(np.uint8), np.array([[1.0, 0, column], [0, 1.0, row]]), own.shape[::-1]
        ).view(bool)

    def _follow(self, estimate: PoseEstimate, view: View, mask: Mask, share: float) -> None:
        """The estimate goes where the mask is, as far as the mask shows it."""
        if share < _FOLLOW_SHARE:
            return
        estimate.shift(view.camera, view.ee_pose, registered(mask, view.core))
        low, high = _WHOLE_SHARE
        if low < share < high:
            estimate.doubt_m = 0.0
            border = mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any()
            if not border:
                centre, _ = view.camera.project(estimate.pose[:3, 3], view.ee_pose)
                template = Template(view.window, mask, centre, view.depth_m)
                estimate.templates[view.camera.name] = template


def _confidence(cut: _Cut, view: View, share: float) -> float:
    """Inside the expected place, nothing cut off, not too large, and enough of it in sight."""
    inside = (cut.mask & view.near).sum() / cut.mask.sum()
    return float(inside * cut.alone * min(1.0, share / _FOLLOW_SHARE) * min(1.0, 1.2 / share))


def _lay(template: Template, view: View) -> Mask:
    """The template scaled and moved to where the object is expected, in the view's window."""
    scale = template.depth_m / view.depth_m
    corner = np.array([template.window[1].start, template.window[0].start], np.float64)
    start = np.array([view.window[1].start, view.window[0].start], np.float64)
    move = view.centre - start - scale * (template.centre - corner) + 0.5 * (scale - 1)
    warp = np.array([[scale, 0, move[0]], [0, scale, move[1]]])
    size = view.core.shape[1], view.core.shape[0]
    return cv2.warpAffine(template.mask.view(np.uint8) * 255, warp, size) > 127


def _belonging(likely: Mask, near: Mask) -> Mask:
    """The connected parts that lie mostly where the object is expected."""
    count, labels, stats = components(likely)
    inside = np.bincount(labels[near], minlength=count)
    areas = stats[:, cv2.CC_STAT_AREA]
    keep = ((inside > 0.5 * areas) | (inside > 0.5 * near.sum())) & (areas >= _SPECK_PX)
    keep[0] = False
    return keep[labels]


def _area(outline: Polygon) -> float:
    """Of the polygon in pixels, by the shoelace formula."""
    x, y = outline.T
    return 0.5 * abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1)))
