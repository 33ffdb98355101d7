"""A film in the place of a camera, for trying out."""

from pathlib import Path

import cv2
import numpy as np
from pydantic import Field

from ....datasets.steps import Image
from ....geometry.camera import Camera
from ...devices.camera_shape import CameraShape
from ...devices.interfaces import FrameSink, ProcessContext
from ..camera_place import PlaceAndLens
from ..capture import NoPictures, rgb
from ..drawn_frames import DrawnFrames


class VideoCamera:
    """A film from a file, again and again, its pictures one by one at the camera's own rate and
    size, as if a camera saw them now."""

    class Settings(PlaceAndLens):
        file: Path = Field(default=Path())
        """Any film that OpenCV reads, such as an .mp4."""

    def __init__(
        self, name: str, shape: CameraShape, settings: Settings, context: ProcessContext
    ) -> None:
        if shape.depth:
            raise NoPictures(f"A film has no depth; the settings of camera {name!r} ask for it.")
        self.name, self._shape, self._file = name, shape, settings.file
        self.calibration: Camera = settings.camera(name, shape, settings.intrinsics)
        self._film: cv2.VideoCapture | None = None
        self._frames = DrawnFrames(name, shape.fps, lambda _number: (self._picture(), None))

    def __enter__(self) -> "VideoCamera":
        if not self._file.is_file():
            raise NoPictures(f"There is no film {self._file} for camera {self.name!r}.")
        self._film = cv2.VideoCapture(str(self._file))
        if self._read() is None:
            self._film.release()
            raise NoPictures(f"{self._file} is no film that can be read.")
        return self

    def __exit__(self, *error: object) -> None:
        self._frames.stop()
        if self._film is not None:
            self._film.release()

    def stream(self, sink: FrameSink) -> None:
        self._frames.start(sink)

    def _picture(self) -> Image:
        """The next one; after the last, the first. Raises NoPictures."""
        picture = self._read()
        if picture is None and self._film is not None:
            self._film.open(str(self._file))
            picture = self._read()
        if picture is None:
            raise NoPictures(f"{self._file} cannot be read any more.")
        size = self._shape.width, self._shape.height
        if picture.shape[1::-1] != size:
            picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        return rgb(picture)

    def _read(self) -> Image | None:
        came, picture = self._film.read() if self._film is not None else (False, None)
        return np.asarray(picture, np.uint8) if came else None


Driver = VideoCamera
