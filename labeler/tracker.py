"""Follows one object through the frames of all cameras, in either direction of time.

What is known of it: its colours, an upright cylinder of its size, and where that cylinder is
in the base frame. The robot's geometry moves the cylinder (it stands still, or goes with the
hand that holds it) and the cameras' calibration says where it appears, however much the wrist
camera moves. Each frame is then segmented afresh inside that place, and the place is put right
by what was found: errors do not add up, and an object that left the view is found again.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from ..datasets.steps import Pose
from ..geometry.camera import Camera
from ..geometry.poses import inverse, make_pose
from .colours import ColourModel
from .footage import Footage
from .grasps import Grasp
from .regions import Window, components, dilate, fill_holes, refine_edge, window
from .segmenter import Mask
from .solid import Frame, Solid, draw, frame_of

_MARGIN_PX = 3.0
_LOST_GROWTH_M = 0.0015  # how much less sure the place gets with each frame without a sight
_MOST_LOST_M = 0.03
_FOLLOW_SHARE = 0.3  # of the expected area; less says too little of where the rest is
_ROOM = 0.25  # of the expected size, for shapes that are no cylinders
_LEAKED = 1.6  # times the expected area; more is not one object alone
_SPECK_PX = 6
_LARGE_PX = 6000  # a window of more pixels is registered at half its resolution
_SEEN_SHARE = 0.02  # of the expected area; less is not a sighting


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """What was found in one frame: a mask in a window of the image, and how sure it is."""

    window: Window
    mask: Mask  # of the window
    confidence: float
    shape: tuple[int, int]  # of the image

    def whole(self) -> Mask:
        """The mask of the whole image (height, width)."""
        mask = np.zeros(self.shape, bool)
        mask[self.window] = self.mask
        return mask


@dataclass(slots=True, eq=False)
class Belief:
    """Where the object is taken to be, and how sure that is."""

    pose: Pose  # of the solid, base frame
    time_ns: int
    doubt_m: float = 0.0
    offset_px: dict[str, NDArray[np.float64]] = field(default_factory=dict)  # by camera


@dataclass(frozen=True, slots=True, eq=False)
class Tracker:
    """One object's solid and colours in one take; ``look`` moves a belief through frames."""

    footage: Footage
    solid: Solid
    fill: float  # the share of the solid's outline that the object itself covers
    colours: ColourModel
    grasps: tuple[Grasp, ...]

    def move(self, belief: Belief, time_ns: int) -> None:
        """Carry the belief to another time, before or after its own."""
        first, last = sorted((belief.time_ns, time_ns))
        for grasp in self.grasps:
            start, end = max(first, grasp.start_ns), min(last, grasp.end_ns)
            if start < end:
                came, went = (start, end) if time_ns > belief.time_ns else (end, start)
                motion = self.footage.motion
                belief.pose = motion.ee_at(went) @ inverse(motion.ee_at(came)) @ belief.pose
        belief.time_ns = time_ns

    def believe(self, mask: Mask, camera_name: str, index: int, before: Belief | None) -> Belief:
        """Where the object is, given its mask in one frame and what was believed until then."""
        camera = self.footage.cameras[camera_name]
        ee_pose = self.footage.ee_pose(camera_name, index)
        time_ns = int(self.footage.times_ns[camera_name][index])
        if before is not None:
            self.move(before, time_ns)
        belief = before or self._lift(mask, camera, ee_pose, time_ns)
        outline = self.solid.outline(camera, ee_pose, belief.pose)
        if outline is None:
            return self._lift(mask, camera, ee_pose, time_ns)
        sides = _sides(mask, (slice(0, None), slice(0, None)))
        if _whole(sides, frame_of(outline), mask.shape):
            change = sides - np.array(frame_of(outline))
            self._follow(belief, camera, ee_pose, (change[:2] + change[2:]) / 2)
        return belief

    def _lift(self, mask: Mask, camera: Camera, ee_pose: Pose, time_ns: int) -> Belief:
        """The solid stood on the table where the mask is, or put into the hand that holds it."""
        rows, columns = np.nonzero(mask)
        centre = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
        height = self.solid.height_m / 2
        held = [grasp for grasp in self.grasps if grasp.holds(time_ns)]
        point = ee_pose[:3, 3] if held else camera.lift_to_height(centre, height, ee_pose)
        return Belief(make_pose(np.eye(3), point), time_ns)

    def look(self, belief: Belief, camera_name: str, index: int) -> Sighting:
        """Find the object in a frame near where it is believed to be; corrects the belief."""
        camera = self.footage.cameras[camera_name]
        ee_pose = self.footage.ee_pose(camera_name, index)
        self.move(belief, int(self.footage.times_ns[camera_name][index]))
        shape = (camera.height, camera.width)
        outline = self.solid.outline(camera, ee_pose, belief.pose)
        if outline is None:
            return _nothing(shape, 1.0 - belief.doubt_m / _MOST_LOST_M)
        outline = outline + belief.offset_px.get(camera_name, np.zeros(2))
        left, top, right, bottom = frame_of(outline)
        focal, depth = camera.intrinsics[0, 0], _depth(camera, ee_pose, belief.pose)
        reach = _MARGIN_PX + 0.05 * max(right - left, bottom - top) + belief.doubt_m * focal / depth
        roomy = reach + 5 + _ROOM * max(right - left, bottom - top)
        look = window((top, left, bottom, right), roomy, shape)
        if look[0].start >= look[0].stop or look[1].start >= look[1].stop:
            return _nothing(shape, 1.0 - belief.doubt_m / _MOST_LOST_M)
        core = draw(outline, _size(look), (look[0].start, look[1].start))
        mask = self._segment(camera_name, index, look, core, round(reach))
        return self._judge(belief, camera, ee_pose, look, core, mask, outline)

    def _segment(
        self, camera_name: str, index: int, look: Window, core: Mask, reach_px: int
    ) -> Mask:
        image = np.ascontiguousarray(self.footage.image(camera_name, index)[look])
        near = dilate(core, reach_px)
        likely = self.colours.ratio(image) > 0
        kept = _belonging(likely, near)
        if kept.sum() > _LEAKED * self.fill * core.sum():  # something alike touches it
            kept = _belonging(likely & near, core)
        if not kept.any():
            return kept
        return refine_edge(image, fill_holes(kept))

    def _judge(
        self, belief: Belief, camera: Camera, ee_pose: Pose, look: Window, core: Mask,
        mask: Mask, outline: NDArray[np.float64],
    ) -> Sighting:  # fmt: skip
        """How sure the sighting is; the belief follows it when it shows the whole object."""
        shape = (camera.height, camera.width)
        expected = self.fill * max(1.0, _area(outline))
        share = mask.sum() / expected
        if share < _SEEN_SHARE:
            belief.doubt_m = min(_MOST_LOST_M, belief.doubt_m + _LOST_GROWTH_M)
            return _nothing(shape, 0.5)
        if share > _FOLLOW_SHARE:
            self._follow(belief, camera, ee_pose, registered(mask, core))
        if share > 0.7:
            belief.doubt_m = 0.0
        agreement = min(share, 1 / share)
        return Sighting(look, mask, float(agreement), shape)

    def _follow(
        self, belief: Belief, camera: Camera, ee_pose: Pose, shift: NDArray[np.float64]
    ) -> None:
        """Move the belief sideways by a shift (u, v) in pixels, at the height that it has."""
        if not shift.any():
            return
        centre = belief.pose[:3, 3]
        nudged = centre + np.array([[0, 0, 0], [1e-3, 0, 0], [0, 1e-3, 0]])
        pixels, _ = camera.project(nudged, ee_pose)
        jacobian = (pixels[1:] - pixels[0]).T / 1e-3
        belief.pose = belief.pose.copy()
        belief.pose[:2, 3] += np.linalg.solve(jacobian + 1e-6 * np.eye(2), shift)


def registered(mask: Mask, core: Mask, search_px: int = 6) -> NDArray[np.float64]:
    """The shift (u, v) by which the expected outline fits the mask best, in pixels.

    Pixels of the mask count for the outline and against the ring around it. What hides a part
    of the object counts the same wherever the outline goes, so the edges in sight decide.
    """
    step = 2 if core.size > _LARGE_PX else 1
    mask, core = mask[::step, ::step], np.ascontiguousarray(core[::step, ::step])
    ring = dilate(core, 3) & ~core
    kernel = core.astype(np.float32) - ring.astype(np.float32)
    field = np.pad(mask.astype(np.float32) * 2 - 1, search_px, constant_values=-1.0)
    scores = cv2.matchTemplate(field, kernel, cv2.TM_CCORR)
    row, column = np.unravel_index(int(scores.argmax()), scores.shape)
    better = scores[row, column] - scores[search_px, search_px]
    if better < 0.02 * core.sum():
        return np.zeros(2)
    return np.array([column - search_px, row - search_px], np.float64) * step


def _nothing(shape: tuple[int, int], confidence: float) -> Sighting:
    empty = np.zeros((0, 0), bool)
    return Sighting((slice(0, 0), slice(0, 0)), empty, max(0.0, confidence), shape)


def _depth(camera: Camera, ee_pose: Pose, pose: Pose) -> float:
    return max(0.02, float(camera.project(pose[:3, 3], ee_pose)[1]))


def _size(look: Window) -> tuple[int, int]:
    return look[0].stop - look[0].start, look[1].stop - look[1].start


def _belonging(likely: Mask, near: Mask) -> Mask:
    """The connected parts that lie mostly where the object is expected."""
    count, labels, stats = components(likely)
    inside = np.bincount(labels[near], minlength=count)
    areas = stats[:, cv2.CC_STAT_AREA]
    keep = ((inside > 0.5 * areas) | (inside > 0.5 * near.sum())) & (areas >= _SPECK_PX)
    keep[0] = False
    return keep[labels]


def _area(outline: NDArray[np.float64]) -> float:
    x, y = outline.T
    return 0.5 * abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1)))


def _sides(mask: Mask, look: Window) -> NDArray[np.float64]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    top, left = look[0].start, look[1].start
    return np.array(
        [columns[0] + left, rows[0] + top, columns[-1] + left + 1.0, rows[-1] + top + 1.0]
    )


def _whole(
    sides: NDArray[np.float64], wanted: Frame | NDArray[np.float64], shape: tuple[int, int]
) -> bool:
    """Whether the extent is about the expected one, and off the image's border."""
    inside = sides[0] > 1 and sides[1] > 1 and sides[2] < shape[1] - 1 and sides[3] < shape[0] - 1
    size, expected = sides[2:] - sides[:2], np.asarray(wanted)[2:] - np.asarray(wanted)[:2]
    return bool(inside and (np.abs(size / expected - 1) < 0.2).all())
