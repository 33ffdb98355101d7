"""What the cameras of a take see of a point, with the robot's body in the way."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ...datasets.alignment import Ints, latest
from ..propagation.interface import FrameKey
from ..take_frames import TakeFrames
from .robot_body import body_at

Point = NDArray[np.float64]  # (3,) base frame

CALIBRATION_M = 0.006  # by which a camera's pose may be wrong
_BORDER = 0.02  # of the picture's width: nearer to its border a click is not sure to be inside
_THICK_M = 0.06  # a point inside an object lies no further behind its surface


class Sight:
    """Of the calibrated cameras of one take."""

    def __init__(self, take_frames: TakeFrames) -> None:
        self.take_frames = take_frames
        known = take_frames.cameras.values()
        self.cameras = [each.name for each in known if each.calibrated]
        self._body_at = lru_cache(64)(lambda time_ns: body_at(take_frames, time_ns))

    def frames(self, camera: str) -> Ints:
        """Those that are shown at a tick; all, where there are no ticks."""
        times_ns, tick_ns = self.take_frames.times_ns[camera], self.take_frames.recorded.tick_ns
        if not len(tick_ns):
            return np.arange(len(times_ns))
        return np.unique(np.maximum(latest(times_ns, tick_ns), 0)) if len(times_ns) else tick_ns[:0]

    def beside(self, place: FrameKey, camera: str) -> FrameKey | None:
        """The other camera's frame that is shown at the same tick."""
        times_ns, tick_ns = self.take_frames.times_ns, self.take_frames.recorded.tick_ns
        if not len(tick_ns) or not len(times_ns[camera]):
            return None
        at = np.abs(latest(times_ns[place[0]], tick_ns) - place[1]).argmin()
        return camera, max(0, int(latest(times_ns[camera], tick_ns[at : at + 1])[0]))

    def time_ns(self, place: FrameKey) -> int:
        return int(self.take_frames.times_ns[place[0]][place[1]])

    def eye(self, place: FrameKey) -> Point:
        """Where the camera is (3,) in the base frame when it takes a frame."""
        camera = self.take_frames.cameras[place[0]]
        return camera.pose_in_base(self.take_frames.ee_pose(*place))[:3, 3]

    def inside(self, place: FrameKey, point: Point) -> Point | None:
        """The pixel (2,) of a point that lies well inside the picture, whatever is before it."""
        camera = self.take_frames.cameras[place[0]]
        pixel, depth_m = camera.project(point, self.take_frames.ee_pose(*place))
        size, border = np.array([camera.width, camera.height]), _BORDER * camera.width
        inside = depth_m > 0 and (pixel > border).all() and (pixel < size - border).all()
        return pixel if inside else None

    def hidden(
        self, place: FrameKey, points: NDArray[np.float64], grown_m: float
    ) -> NDArray[np.bool_]:
        """Which points (…, 3) the robot hides, were it ``grown_m`` thicker."""
        return self._body_at(self.time_ns(place)).hide(self.eye(place), points, grown_m)

    def clear(self, place: FrameKey) -> bool:
        """Whether the camera is outside of the robot's coarse body, which else hides all of it."""
        return not self.hidden(place, self.eye(place), 0.0).any()

    def pixel(self, place: FrameKey, point: Point, apart_m: float = CALIBRATION_M) -> Point | None:
        """The pixel (2,) at which a point inside an object is sure to be seen, the robot's outline
        so far away from it."""
        pixel = self.inside(place, point)
        if pixel is None or self.hidden(place, point, apart_m).any():
            return None
        return pixel if self._measured(place, pixel, point) else None

    def _measured(self, place: FrameKey, pixel: Point, point: Point) -> bool:
        """Whether the depth, where it was recorded and is known, ends at an object there."""
        depth_mm = self.take_frames.depth(*place)
        if depth_mm is None:
            return True
        column, row = pixel.astype(int)
        camera = self.take_frames.cameras[place[0]]
        _, expected_m = camera.project(point, self.take_frames.ee_pose(*place))
        there_m = depth_mm[row, column] / 1e3
        return bool(there_m == 0 or abs(there_m - float(expected_m)) < _THICK_M)


def spread(places: Sequence[int], count: int) -> list[int]:
    """So many of them, as far apart as may be, the first and the last among them."""
    if len(places) <= count:
        return list(places)
    return [places[at] for at in np.linspace(0, len(places) - 1, count).round().astype(int)]
