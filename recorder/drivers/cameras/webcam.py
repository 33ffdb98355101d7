"""Any camera that the system knows, by OpenCV: for labs without a RealSense."""

import time
from contextlib import suppress

import cv2
import numpy as np
from pydantic import Field

from ....datasets.errors import WrongRecord
from ....geometry.camera import Camera
from ...devices.camera_shape import CameraShape
from ...devices.interfaces import Frame, FrameSink, ProcessContext
from ..camera_place import PlaceAndLens
from ..capture import NoPictures, Picture, Reading, picture_of
from ..mjpeg import leave_compressed
from ..silence import Silence

TORN = 5  # pictures that a camera may begin with
AGAIN_S = 1.0  # between two tries to have it back
FOURCC = int(cv2.VideoWriter.fourcc(*"MJPG"))  # what USB 2 carries at 30 frames a second


class Webcam:
    """Any USB camera that the system lists. One that is unplugged is taken up again when it is
    back; it numbers no frames and has no clock, so both are of this computer."""

    class Settings(PlaceAndLens):
        device: str = Field(default="0", min_length=1, max_length=200)
        """Its number, or its file, of which those in /dev/v4l/by-id stay the same."""
        exposure: float | None = Field(default=None, allow_inf_nan=False)
        """In the camera's own unit, so that pictures of a take do not grow lighter and darker;
        automatic when left out."""

    def __init__(
        self, name: str, shape: CameraShape, settings: Settings, context: ProcessContext
    ) -> None:
        if shape.depth:
            raise NoPictures(f"A webcam has no depth; the settings of camera {name!r} ask for it.")
        self.name, self._shape, self._settings = name, shape, settings
        self.calibration: Camera = settings.camera(name, shape, settings.intrinsics)
        self._camera: cv2.VideoCapture | None = None
        self._reading: Reading | None = None
        self._silence = Silence(name)
        self._number = 0

    def __enter__(self) -> "Webcam":
        self._camera = self._opened()
        return self

    def __exit__(self, *error: object) -> None:
        if self._reading is not None:
            self._reading.stop()
        self._release()

    def stream(self, sink: FrameSink) -> None:
        self._reading = Reading(self.name, lambda: self._take(sink))
        self._reading.start()

    def _take(self, sink: FrameSink) -> None:
        try:
            picture = self._read(self._camera)
        except WrongRecord:
            self._number += 1  # torn on its way: a drop
            return
        if picture is None:
            self._have_back()
            return
        self._silence.ended()
        now_ns = time.monotonic_ns()
        sink(
            Frame(
                camera=self.name,
                number=self._number,
                time_ns=now_ns,
                device_time_ns=now_ns,
                image=picture.image,
                jpeg=picture.jpeg,
            )
        )
        self._number += 1

    def _have_back(self) -> None:
        self._silence.began()
        self._release()
        try:
            self._camera = self._opened()
        except NoPictures as error:
            self._silence.goes_on(error)
            if self._reading is not None:
                self._reading.rest(time.monotonic() + AGAIN_S)

    def _release(self) -> None:
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.release()

    def _opened(self) -> cv2.VideoCapture:
        """Raises NoPictures unless it gives the pictures that are asked for."""
        named, shape = self._settings.device, self._shape
        camera = cv2.VideoCapture(int(named) if named.isdecimal() else named)
        for option, value in (
            (cv2.CAP_PROP_FOURCC, FOURCC),
            (cv2.CAP_PROP_FRAME_WIDTH, shape.width),
            (cv2.CAP_PROP_FRAME_HEIGHT, shape.height),
            (cv2.CAP_PROP_FPS, shape.fps),
            (cv2.CAP_PROP_BUFFERSIZE, 1),  # the newest picture, and no older ones
        ):
            camera.set(option, value)
        self._expose(camera)
        if shape.jpeg:
            leave_compressed(camera)
        first = self._first(camera)
        if first is None:
            camera.release()
            raise NoPictures(
                f"No camera {named} gives pictures: it is not plugged in, another program has it, "
                "or its file may not be read by this user (group video)."
            )
        height, width, _ = first.image.shape
        if (width, height) != (shape.width, shape.height):
            camera.release()
            raise NoPictures(
                f"The camera {named} gives {width}×{height} where the settings "
                f"say {shape.width}×{shape.height}."
            )
        return camera

    def _expose(self, camera: cv2.VideoCapture) -> None:
        exposure = self._settings.exposure
        if exposure is not None:
            camera.set(cv2.CAP_PROP_AUTO_EXPOSURE, 1)  # V4L2's word for by hand
            camera.set(cv2.CAP_PROP_EXPOSURE, exposure)

    def _first(self, camera: cv2.VideoCapture) -> Picture | None:
        """The first that is whole: a camera may begin in the middle of one. Raises NoPictures of
        one that gives no other."""
        for _ in range(TORN):
            with suppress(WrongRecord):
                return self._read(camera)
        raise NoPictures(
            f"The JPEG pictures of the camera {self._settings.device} cannot be read as they come: "
            "leave `jpeg` out."
        )

    def _read(self, camera: cv2.VideoCapture | None) -> Picture | None:
        """Raises WrongRecord of a torn one."""
        came, picture = camera.read() if camera is not None else (False, None)
        if not came or picture is None:
            return None
        return picture_of(np.asarray(picture, np.uint8), jpeg=self._shape.jpeg)


Driver = Webcam
