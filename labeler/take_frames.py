"""A take as the labeler sees it: images by (camera, index), and where the robot was then."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from ..datasets.alignment import Ints, NothingToAlign, ticks_of
from ..datasets.steps import Image, Pose
from ..datasets.takes.depth import Depth
from ..datasets.takes.reader import Take
from ..geometry.camera import Camera
from .propagation.grasps import Fingers, Grasp, find_grasps
from .segmenters.interface import Example, Mask

_CACHE_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """The robot over a take: what tells where an object is that it holds."""

    time_ns: NDArray[np.int64]  # (T,)
    ee_pose: NDArray[np.float64]  # (T, 4, 4)
    joints_rad: NDArray[np.float64]  # (T, 7)
    fingers: Fingers | None  # None: there was no gripper

    def ee_at(self, time_ns: int) -> Pose:
        """The end effector at the reading nearest in time; the base where there is none."""
        return self.ee_pose[self.reading_at(time_ns)] if len(self.time_ns) else np.eye(4)

    def reading_at(self, time_ns: int) -> int:
        """Which reading is nearest in time; there has to be one."""
        if len(self.time_ns) < 2:
            return 0
        after = int(np.clip(np.searchsorted(self.time_ns, time_ns), 1, len(self.time_ns) - 1))
        before = after - 1
        nearer = time_ns - self.time_ns[before] < self.time_ns[after] - time_ns
        return before if nearer else after

    def grasps(self) -> list[Grasp]:
        return [] if self.fingers is None else find_grasps(self.time_ns, self.fingers)


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """What a take's file says of itself, by which its labels are shown."""

    instruction: str
    tick_ns: Ints  # (T,) times of the ticks of its own rate


class TakeFrames:
    """Frames of one take, decoded when asked for and kept while there is room.

    Safe to use from several threads. ``close`` it, or use it as a context manager.
    """

    def __init__(self, take: Take, cache_bytes: int = _CACHE_BYTES) -> None:
        self.cameras: dict[str, Camera] = dict(take.info.cameras)
        self.times_ns = {name: take.frames[name].time_ns for name in self.cameras}
        self.kind = take.info.kind
        self.recorded = Recorded(take.info.instruction, _tick_times(take))
        self.motion = _motion(take)
        self.tool = take.info.tool
        self.folder = take.path.parent
        self._take = take
        self._room = cache_bytes
        self._images: OrderedDict[tuple[str, int], Image] = OrderedDict()
        self._lock = RLock()

    @classmethod
    def open(cls, take_folder: Path) -> "TakeFrames":
        """The take_frames of a take folder; raises what ``Take.open`` raises."""
        return cls(Take.open(take_folder))

    def __enter__(self) -> "TakeFrames":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        self._take.close()

    def count(self, camera: str) -> int:
        """How many frames the camera took."""
        return len(self.times_ns[camera])

    def shape(self, camera: str) -> tuple[int, int]:
        """Height and width of its frames."""
        return self.cameras[camera].height, self.cameras[camera].width

    def image(self, camera: str, index: int) -> Image:
        """The frame (height, width, 3); do not write into it."""
        key = (camera, index)
        with self._lock:
            image = self._images.get(key)
            if image is None:
                image = self._take.image(camera, index)
                self._images[key] = image
                self._room -= image.nbytes
            self._images.move_to_end(key)
            while self._room < 0 and len(self._images) > 1:
                self._room += self._images.popitem(last=False)[1].nbytes
            return image

    def depth(self, camera: str, index: int) -> Depth | None:
        """The frame's depth (height, width) in mm, 0 where it is not known; None without one."""
        with self._lock:
            return self._take.depth(camera, index)

    def example(self, camera: str, index: int, mask: Mask) -> Example:
        """The frame, and where an object is in it."""
        return Example(self.image(camera, index), mask)

    def ee_pose(self, camera: str, index: int) -> Pose:
        """The end effector (4, 4) when the frame was taken."""
        return self.motion.ee_at(int(self.times_ns[camera][index]))


def _tick_times(take: Take) -> Ints:
    """Of its own rate; none where there is nothing to make ticks of. Of pictures, each is one."""
    if take.info.kind == "pictures":
        return next(iter(take.frames.values())).time_ns
    try:
        return ticks_of(take, take.info.rate_hz, take.actions)
    except NothingToAlign:
        return np.zeros(0, np.int64)


def _motion(take: Take) -> Motion:
    robot = take.robot
    return Motion(robot.time_ns, robot.ee_pose, robot.joint_positions_rad, _fingers(take))


def _fingers(take: Take) -> Fingers | None:
    gripper, width_m, asked = take.info.gripper, take.robot.gripper_width_m, take.actions
    if gripper is None or width_m is None or asked.applied_gripper is None:
        return None
    commanded = np.ones(len(width_m))
    if len(asked.time_ns):
        latest = np.searchsorted(asked.time_ns, take.robot.time_ns, side="right") - 1
        commanded = asked.applied_gripper[np.maximum(latest, 0)]
    return Fingers(width_m, commanded, gripper.opening_m)
