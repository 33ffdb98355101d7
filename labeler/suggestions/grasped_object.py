"""The object that the hand closed on: it stood there until then, goes with the hand until it is let
go, and stays where the hand left it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from ...datasets.steps import Pose
from ..propagation.grasps import Grasp
from ..propagation.interface import FrameKey
from ..segmenters.interface import Click
from ..take_frames import TakeFrames
from .interface import Suggestion
from .looks import Looks
from .sight import CALIBRATION_M, Point, Sight, spread

FRAMES = 3  # of each camera, before the grasp and after it
_LOOKED_AT = 12  # of which these are chosen
_PATCH = 50  # of the picture's width is half of what is compared
_APART_M = 0.03  # of the robot from an object that it does not hold
_BEYOND_M = 0.012  # the fingertips an object reaches, that is no sheet of paper
_LIGHT = 128.0  # of a patch, whatever shadow lies on it
_CHANGED = 30.0  # mean difference of its colours, 0 … 255: something else stood there

BEFORE = "it stood here until the hand closed on it"
HELD = "the hand holds it here"
LEFT = "the hand left it here"
_MOVED_M = 0.04  # from where the hand let go of an object: what it grasps there is another one


def grasp_suggestions(sight: Sight) -> Iterator[Suggestion]:
    """Positive clicks on what the hand grasped first, in a few frames of every calibrated camera
    in which nothing of the robot hides it."""
    grasps = _of_the_first(sight.take_frames)
    if not grasps:
        return
    before = [each for camera in sight.cameras for each in _before(sight, camera, grasps[0])]
    yield from before
    first = {each.camera: each for each in reversed(before)}.values()
    looks = Looks.at(sight.take_frames, [(each.place, each.click) for each in first if each.click])
    for camera in sight.cameras:
        for grasp, following in pairwise([*grasps, None]):
            if grasp is not None:
                yield from _held(sight, camera, grasp, looks)
                yield from _left(sight, camera, grasp, following, looks)


def _of_the_first(take_frames: TakeFrames) -> list[Grasp]:
    """The grasps of what was grasped first: each begins where the one before it ended."""
    motion = take_frames.motion
    grasps = motion.grasps()
    for number, (before, after) in enumerate(pairwise(grasps), start=1):
        way_m = motion.ee_at(after.start_ns)[:3, 3] - motion.ee_at(before.end_ns)[:3, 3]
        if np.linalg.norm(way_m) > _MOVED_M:
            return grasps[:number]
    return grasps


def _before(sight: Sight, camera: str, grasp: Grasp) -> Iterator[Suggestion]:
    point = sight.take_frames.motion.ee_at(grasp.start_ns)[:3, 3]
    times_ns, frames = sight.take_frames.times_ns[camera], sight.frames(camera)
    looked_at = spread(frames[times_ns[frames] < grasp.start_ns].tolist(), _LOOKED_AT)
    found = {frame: sight.pixel((camera, frame), point, _APART_M) for frame in looked_at}
    clicks = {at: Click(*pixel.tolist()) for at, pixel in found.items() if pixel is not None}
    for frame in spread(_unchanged(sight, camera, clicks), FRAMES):
        yield Suggestion(camera, frame, "grasp", BEFORE, clicks[frame])


def _held(sight: Sight, camera: str, grasp: Grasp, looks: Looks) -> Iterator[Suggestion]:
    times_ns, frames = sight.take_frames.times_ns[camera], sight.frames(camera)
    held = frames[(times_ns[frames] >= grasp.start_ns) & (times_ns[frames] < grasp.end_ns)]
    looked_at = spread(held.tolist(), _LOOKED_AT)
    points = {at: points_in_hand(sight.take_frames, (camera, at), grasp) for at in looked_at}
    clicks = {at: _fitting(sight, (camera, at), points[at], looks) for at in looked_at}
    for frame in spread([at for at, click in clicks.items() if click is not None], FRAMES):
        yield Suggestion(camera, frame, "grasp", HELD, clicks[frame])


def _left(
    sight: Sight, camera: str, grasp: Grasp, following: Grasp | None, looks: Looks
) -> Iterator[Suggestion]:
    """Where the hand let go of it, until it is taken up again. One that fell does not look right
    there."""
    times_ns, frames = sight.take_frames.times_ns[camera], sight.frames(camera)
    free = times_ns[frames] >= grasp.end_ns
    if following is not None:
        free &= times_ns[frames] < following.start_ns
    motion = sight.take_frames.motion
    points = _points_beyond(motion.ee_at(grasp.end_ns), _beyond_m(sight.take_frames, grasp))
    looked_at = spread(frames[free].tolist(), _LOOKED_AT)
    clicks = {at: _fitting(sight, (camera, at), points, looks, _APART_M) for at in looked_at}
    for frame in spread([at for at, click in clicks.items() if click is not None], FRAMES):
        yield Suggestion(camera, frame, "grasp", LEFT, clicks[frame])


def _fitting(
    sight: Sight,
    place: FrameKey,
    points: Sequence[Point],
    looks: Looks,
    apart_m: float = CALIBRATION_M,
) -> Click | None:
    """A click on the first of the points that looks like the object."""
    pixels = [sight.pixel(place, point, apart_m) for point in points]
    clicks = [Click(*pixel.tolist()) for pixel in pixels if pixel is not None]
    return next((click for click in clicks if looks.fit(place, click)), None)


def points_in_hand(take_frames: TakeFrames, place: FrameKey, grasp: Grasp) -> list[Point]:
    """Where what is held is in a frame: between the fingertips, and a little beyond them, for it
    stood on something when they closed."""
    return _points_beyond(take_frames.ee_pose(*place), _beyond_m(take_frames, grasp))


def _points_beyond(ee_pose: Pose, beyond_m: float) -> list[Point]:
    """Between the fingertips, and so far beyond them."""
    return [ee_pose[:3, 3] + way_m * ee_pose[:3, 2] for way_m in (0.0, beyond_m)]


def _beyond_m(take_frames: TakeFrames, grasp: Grasp) -> float:
    height_m = float(take_frames.motion.ee_at(grasp.start_ns)[2, 3])
    return min(_BEYOND_M, max(0.0, height_m / 2))


def _unchanged(sight: Sight, camera: str, clicks: dict[int, Click]) -> list[int]:
    """Of a camera that stands still: the frames in which the place looks as it did last before the
    hand closed. Until then something else may have stood there."""
    frames = list(clicks)
    if not frames or sight.take_frames.cameras[camera].mount != "base":
        return frames
    last = _patch(sight, camera, frames[-1], clicks)
    return [
        at for at in frames if np.abs(_patch(sight, camera, at, clicks) - last).mean() < _CHANGED
    ]


def _patch(sight: Sight, camera: str, frame: int, clicks: dict[int, Click]) -> np.ndarray:
    """Its colours, all equally bright: shadows pass over it."""
    image = sight.take_frames.image(camera, frame)
    row, column = clicks[frame].pixel(image.shape)
    half = image.shape[1] // _PATCH
    patch = image[max(0, row - half) : row + half + 1, max(0, column - half) : column + half + 1]
    return patch * (_LIGHT / max(1.0, float(patch.mean())))
