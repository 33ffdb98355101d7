"""A made-up camera that stands in the simulated scene and sees nothing but a board in the hand."""

import time

import numpy as np
from rendered_board import rendered

from teachloop.datasets.steps import Image
from teachloop.geometry.camera import Camera
from teachloop.geometry.poses import inverse, make_pose
from teachloop.geometry.rotations import Array, from_rotation_vector
from teachloop.recorder.calibration.board import Board
from teachloop.recorder.devices.camera_shape import CameraShape
from teachloop.recorder.devices.interfaces import Frame, FrameSink, ProcessContext
from teachloop.recorder.drivers.camera_place import CameraPlace
from teachloop.recorder.drivers.simulation import shared_scene

BOARD = Board()
LENS = np.array([[610, 0, 322], [0, 610, 238], [0, 0, 1.0]])
# Before the robot, looking back at it and a little down; the board hangs at the hand, facing it.
BACK = np.array([[0, 0, -1], [1, 0, 0], [0, -1, 0.0]])
PLACE = make_pose(BACK @ from_rotation_vector([-0.05, -0.03, 0.05]), [1.05, 0.02, 0.42])
IN_HAND = make_pose(np.diag([1.0, -1.0, -1.0]) @ BACK, [0.02, 0.0, 0.0])
IN_HAND = IN_HAND @ make_pose(np.eye(3), [-0.12, -0.09, 0])


class BoardCamera:
    """Its place is the test's to know: it says what its settings say."""

    class Settings(CameraPlace):
        pass

    def __init__(
        self, name: str, shape: CameraShape, settings: Settings, context: ProcessContext
    ) -> None:
        self.name, self._shape = name, shape
        self.calibration: Camera = settings.camera(name, shape, LENS)
        self._scene = shared_scene(context)
        self._drawn: tuple[Array, Image] | None = None

    def __enter__(self) -> "BoardCamera":
        return self

    def __exit__(self, *error: object) -> None:
        self._drawn = None

    def stream(self, sink: FrameSink) -> None:
        self._scene.on_draw(lambda: sink(self._frame()))

    def _frame(self) -> Frame:
        return Frame(
            camera=self.name,
            number=self._scene.number,
            time_ns=time.monotonic_ns(),
            device_time_ns=round(self._scene.time_s * 1e9),
            image=self._image(self._scene.world.ee_pose()),
        )

    def _image(self, hand: Array) -> Image:
        """Drawn again where the hand moved: that takes its time."""
        if self._drawn is None or np.abs(self._drawn[0] - hand).max() > 2e-5:
            pose = inverse(PLACE) @ hand @ IN_HAND
            size = self._shape.width, self._shape.height
            self._drawn = hand.copy(), rendered(BOARD, pose, LENS, size)
        return self._drawn[1]
