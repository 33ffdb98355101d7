"""Test devices: two 640×480 cameras at 30 fps, and an arm that is where it was told to be.

The pictures are for measuring, not for learning: a moving bar over colour, and the frame's
number as a row of black and white squares that ``frame_number`` reads back.
"""

import time

import numpy as np

from ...datasets.steps import Action, Image
from ...geometry import panda
from ...geometry.camera import Camera
from ..devices.interfaces import Devices, Frame, RobotState

WIDTH, HEIGHT, FPS = 640, 480, 30.0
_BITS, _SIDE = 24, 16


class SyntheticRobot:
    """A perfect arm: inverse kinematics, and no time."""

    def __init__(self) -> None:
        self._joints = panda.HOME_JOINTS_RAD.copy()
        self._speeds = np.zeros(7)
        self._width_m = panda.HAND_OPENING_M
        self._moved_ns = time.monotonic_ns()

    def __enter__(self) -> "SyntheticRobot":
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to release."""

    def read(self) -> RobotState:
        now_ns = time.monotonic_ns()
        return RobotState(
            time_ns=now_ns,
            device_time_ns=now_ns,
            joint_positions_rad=self._joints.copy(),
            joint_velocities_rad_s=self._speeds.copy(),
            ee_pose=panda.forward_kinematics(self._joints),
            gripper_width_m=self._width_m,
        )

    def apply(self, action: Action) -> Action:
        now_ns = time.monotonic_ns()
        joints = panda.inverse_kinematics(action.ee_pose, self._joints)
        self._speeds = (joints - self._joints) / max(1e-3, (now_ns - self._moved_ns) / 1e9)
        self._joints, self._moved_ns = joints, now_ns
        self._width_m = action.gripper * panda.HAND_OPENING_M
        return action

    def stop(self) -> None:
        self._speeds = np.zeros(7)

    def acknowledge(self) -> None:
        """It never stops by itself."""


class SyntheticCamera:
    """Frames on an absolute schedule, numbered; one that nobody fetched in time is lost."""

    def __init__(self, name: str, hue: int) -> None:
        self.name = name
        self.calibration = _nominal(name)
        self._start_ns = time.monotonic_ns()
        self._number = -1
        self._frame: Frame | None = None
        rows, columns = np.mgrid[:HEIGHT, :WIDTH]
        self._ground = np.stack([columns % 256, rows % 256, np.full_like(rows, hue)], -1)
        self._ground = self._ground.astype(np.uint8)

    def __enter__(self) -> "SyntheticCamera":
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to release."""

    def newest(self) -> Frame | None:
        now_ns = time.monotonic_ns()
        number = int((now_ns - self._start_ns) * FPS / 1e9)
        if number > self._number:
            self._number = number
            self._frame = self._draw(number, now_ns)
        return self._frame

    def _draw(self, number: int, now_ns: int) -> Frame:
        image = self._ground.copy()
        left = number * 8 % WIDTH
        image[:, left : left + 24] = (255, 255, 255)
        for bit in range(_BITS):
            square = image[:_SIDE, bit * _SIDE : (bit + 1) * _SIDE]
            square[:] = 255 if number >> bit & 1 else 0
        exposed_ns = self._start_ns + round(number * 1e9 / FPS)
        return Frame(
            camera=self.name,
            number=number,
            time_ns=now_ns,
            device_time_ns=exposed_ns,
            image=image,
            preview=image,
        )


def frame_number(image: Image) -> int:
    """The number that is drawn into a synthetic image, also after JPEG."""
    squares = image[_SIDE // 2, _SIDE // 2 : _BITS * _SIDE : _SIDE].mean(-1) > 127
    return sum(1 << bit for bit, white in enumerate(squares) if white)


def _nominal(name: str) -> Camera:
    focal = 600.0
    intrinsics = np.array([[focal, 0, WIDTH / 2], [0, focal, HEIGHT / 2], [0, 0, 1]])
    return Camera(
        name=name, width=WIDTH, height=HEIGHT, intrinsics=intrinsics, mount="base", pose=np.eye(4)
    )


def synthetic_devices() -> Devices:
    """The test devices."""
    cameras = {"front": SyntheticCamera("front", 40), "wrist": SyntheticCamera("wrist", 200)}
    return Devices(SyntheticRobot(), cameras)
