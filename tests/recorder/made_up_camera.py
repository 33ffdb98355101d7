"""A third camera that a lab could have written: grey pictures, pushed by a callback of its own."""

import threading
import time

import numpy as np
from pydantic import BaseModel

from teachloop.geometry.camera import Camera
from teachloop.recorder.devices.camera_shape import CameraShape
from teachloop.recorder.devices.interfaces import Frame, FrameSink, ProcessContext


class MadeUpCamera:
    """Looks at a wall."""

    class Settings(BaseModel, extra="forbid"):
        grey: int = 127

    def __init__(
        self, name: str, shape: CameraShape, settings: Settings, context: ProcessContext
    ) -> None:
        self.name, self._shape, self._grey = name, shape, settings.grey
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "MadeUpCamera":
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def calibration(self) -> Camera:
        middle = np.array([self._shape.width / 2, self._shape.height / 2])
        return Camera(
            name=self.name,
            width=self._shape.width,
            height=self._shape.height,
            intrinsics=np.array([[300, 0, middle[0]], [0, 300, middle[1]], [0, 0, 1]]),
            mount="base",
            pose=np.eye(4),
        )

    def stream(self, sink: FrameSink) -> None:
        self._thread = threading.Thread(target=self._work, args=(sink,), daemon=True)
        self._thread.start()

    def _work(self, sink: FrameSink) -> None:
        start_ns, number = time.monotonic_ns(), 0
        image = np.full((self._shape.height, self._shape.width, 3), self._grey, np.uint8)
        while not self._done.wait(1 / self._shape.fps):
            number += 1
            exposed_ns = start_ns + round(number * 1e9 / self._shape.fps)
            sink(
                Frame(
                    camera=self.name,
                    number=number,
                    time_ns=time.monotonic_ns(),
                    device_time_ns=exposed_ns,
                    image=image,
                )
            )
