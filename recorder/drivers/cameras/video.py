"""A film in the place of a camera, for trying out."""

from pathlib import Path

import cv2
import numpy as np
from pydantic import Field

from ....datasets.errors import WrongRecord
from ....geometry.camera import Camera
from ...devices.camera_shape import CameraShape
from ...devices.interfaces import FrameSink, ProcessContext
from ..camera_place import PlaceAndLens
from ..capture import NoPictures, Picture, picture_of
from ..drawn_frames import Drawn, DrawnFrames
from ..mjpeg import leave_compressed


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
        self._frames = DrawnFrames(name, shape.fps, lambda _number: self._drawn())

    def __enter__(self) -> "VideoCamera":
        if not self._file.is_file():
            raise NoPictures(f"There is no film {self._file} for camera {self.name!r}.")
        self._film = cv2.VideoCapture()
        self._begin(self._film)
        first = self._read()
        if first is None or (self._shape.jpeg and not self._fits(first)):
            self._film.release()
            raise NoPictures(self._problem(first))
        return self

    def __exit__(self, *error: object) -> None:
        self._frames.stop()
        if self._film is not None:
            self._film.release()

    def stream(self, sink: FrameSink) -> None:
        self._frames.start(sink)

    def _begin(self, film: cv2.VideoCapture) -> None:
        film.open(str(self._file))
        if self._shape.jpeg:
            leave_compressed(film)

    def _drawn(self) -> Drawn:
        """The next picture; after the last, the first. Raises NoPictures."""
        picture = self._read()
        if picture is None and self._film is not None:
            self._begin(self._film)
            picture = self._read()
        if picture is None:
            raise NoPictures(f"{self._file} cannot be read any more.")
        if self._fits(picture):
            return Drawn(picture.image, jpeg=picture.jpeg)
        size = self._shape.width, self._shape.height
        smaller = cv2.resize(picture.image, size, interpolation=cv2.INTER_AREA)
        return Drawn(np.asarray(smaller, np.uint8))

    def _read(self) -> Picture | None:
        """Raises NoPictures."""
        came, picture = self._film.read() if self._film is not None else (False, None)
        if not came or picture is None:
            return None
        try:
            return picture_of(np.asarray(picture, np.uint8), jpeg=self._shape.jpeg)
        except WrongRecord:
            words = "has no whole JPEG pictures: leave `jpeg` out"
            raise NoPictures(f"{self._file} {words}.") from None

    def _fits(self, picture: Picture) -> bool:
        return picture.image.shape[:2] == (self._shape.height, self._shape.width)

    def _problem(self, first: Picture | None) -> str:
        if first is None:
            return f"{self._file} is no film that can be read."
        height, width, _ = first.image.shape
        return (
            f"{self._file} has pictures of {width}×{height}, which cannot be kept as they are in "
            f"{self._shape.width}×{self._shape.height}: set that size, or leave `jpeg` out."
        )


Driver = VideoCamera
