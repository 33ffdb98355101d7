"""What the marked frames tell of an object: its size, and when the hand held it."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from ....datasets.steps import Pose
from ...errors import NothingPrompted
from ...segmenters.classical.colours import ColourModel, learn_colours
from ...segmenters.classical.regions import components, dilate
from ...take_frames import TakeFrames
from ..grasps import Grasp
from ..interface import Keyframe
from .cylinder_model import CylinderModel, draw, fit, float_before
from .tracker import Tracker

TABLE_SHARE = 0.2  # of the image; what is larger is no object
_ALIKE_PX = 60  # smaller patches of the object's colours are not taken for objects
_IN_HAND_M = 0.06  # an object's centre is no further from the fingertips that close on it


def learn(
    take_frames: TakeFrames, keyframes: Sequence[Keyframe], grasped: bool | None = None
) -> Tracker:
    """A tracker for the object of the keyframes.

    ``grasped`` says whether it is what the hand held; None finds out by where it was.
    Raises NothingPrompted without keyframes.
    """
    if not keyframes:
        raise NothingPrompted
    ranked = sorted(keyframes, key=lambda a: trust(take_frames, a), reverse=True)
    keyframe, cylinder, pose = _fitted(take_frames, ranked)
    camera, ee_pose = take_frames.cameras[keyframe.camera], take_frames.ee_pose(*keyframe.place)
    outline = cylinder.outline(camera, ee_pose, pose)
    drawn = keyframe.mask if outline is None else draw(outline, keyframe.mask.shape)
    fill = float(keyframe.mask.sum() / max(1, drawn.sum()))
    grasps = (
        held_grasps(take_frames, cylinder, keyframes)
        if grasped is None
        else take_frames.motion.grasps()
    )
    kept = tuple(grasps) if grasped is not False else ()
    colours = learn_colours([take_frames.example(*a.place, a.mask) for a in keyframes])
    alike = [other.points(at) for other, at in _alike(take_frames, keyframe, colours)]
    points = np.array(alike).reshape(-1, 32, 3)
    return Tracker(take_frames, cylinder, fill, colours, kept, points)


def _fitted(
    take_frames: TakeFrames, ranked: Sequence[Keyframe]
) -> tuple[Keyframe, CylinderModel, Pose]:
    """The cylinder of the surest keyframe that lies on the table, or else of the surest."""
    for keyframe in ranked:
        camera, ee_pose = take_frames.cameras[keyframe.camera], take_frames.ee_pose(*keyframe.place)
        fitted = fit(camera, ee_pose, keyframe.mask)
        if fitted is not None:
            return keyframe, *fitted
    first = ranked[0]
    camera, ee_pose = take_frames.cameras[first.camera], take_frames.ee_pose(*first.place)
    return first, *float_before(camera, ee_pose, first.mask)


def _alike(
    take_frames: TakeFrames, keyframe: Keyframe, colours: ColourModel
) -> Iterator[tuple[CylinderModel, Pose]]:
    """Other objects of the same colours in the keyframe's frame, each stood on the table."""
    camera, ee_pose = take_frames.cameras[keyframe.camera], take_frames.ee_pose(*keyframe.place)
    likely = (colours.ratio(take_frames.image(*keyframe.place)) > 0) & ~dilate(keyframe.mask, 3)
    count, labels, stats = components(likely)
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] >= _ALIKE_PX:
            fitted = fit(camera, ee_pose, labels == label)
            if fitted is not None:
                yield fitted


def trust(take_frames: TakeFrames, keyframe: Keyframe) -> float:
    """More for a whole object, seen by a camera that stands still, before any grasp."""
    mask, time_ns = keyframe.mask, take_frames.times_ns[keyframe.camera][keyframe.index]
    border = mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any()
    fixed = take_frames.cameras[keyframe.camera].mount == "base"
    on_table = all(time_ns < grasp.start_ns for grasp in take_frames.motion.grasps())
    marks = (
        (0.5, not border),
        (0.3, fixed),
        (0.6, on_table),
        (1.0, mask.mean() < TABLE_SHARE),
        (0.3, keyframe.source.is_person),
        (1.0, keyframe.reviewed),
    )
    return keyframe.confidence + sum(weight for weight, true in marks if true)


def held_grasps(
    take_frames: TakeFrames, cylinder: CylinderModel, keyframes: Sequence[Keyframe]
) -> list[Grasp]:
    """The grasps that closed on this object, judged by the last keyframe before each.

    Where all keyframes come later, it must have lain where the hand let go.
    """
    held = []
    for grasp in take_frames.motion.grasps():
        times = {a.place: int(take_frames.times_ns[a.camera][a.index]) for a in keyframes}
        before = [a for a in keyframes if times[a.place] <= grasp.start_ns]
        if before:
            keyframe, at_ns = max(before, key=lambda a: times[a.place]), grasp.start_ns
        else:
            keyframe = min(keyframes, key=lambda a: times[a.place])
            at_ns = min(grasp.end_ns, times[keyframe.place])
        if _near_hand(take_frames, cylinder, keyframe, at_ns):
            held.append(grasp)
    return held


def _near_hand(
    take_frames: TakeFrames, cylinder: CylinderModel, keyframe: Keyframe, time_ns: int
) -> bool:
    """Whether the object, where the keyframe shows it, is where the fingertips are at a time."""
    camera, ee_pose = take_frames.cameras[keyframe.camera], take_frames.ee_pose(*keyframe.place)
    rows, columns = np.nonzero(keyframe.mask)
    middle = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
    hand = take_frames.motion.ee_at(time_ns)[:3, 3]
    on_plane = camera.lift_to_height(middle, float(hand[2]), ee_pose)
    return bool(np.linalg.norm(on_plane - hand) < max(_IN_HAND_M, cylinder.radius_m + 0.02))
