"""Intel's RealSense, by its own library: colour, and depth that is seen from the same place."""

import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from ....datasets.errors import WrongRecord
from ....datasets.takes.depth import FARTHEST_MM, Depth
from ....geometry.camera import Camera
from ...devices.camera_shape import CameraShape
from ...devices.interfaces import Frame, FrameSink, ProcessContext
from ..camera_place import CameraPlace
from ..capture import Picture, picture_of
from ..realsense.connection import start
from ..realsense.lens import Lens, lens_of
from ..realsense.library import NoRealSense, librealsense
from ..realsense.options import Wanted, set_options
from ..realsense.order import Order
from ..silence import Silence

WAIT_MS = 500  # for a frame, after which the camera counts as gone
AGAIN_S = 1.0  # between two tries to have it back


class RealSenseCamera:
    """An Intel RealSense of the D400 family, by its serial number. Depth, where it is wanted, is
    aligned to the colour picture. One that is unplugged is taken up again when it is back. Pictures
    that are recorded as it compressed them need a lens that bends nothing."""

    class Settings(CameraPlace):
        serial: str = Field(default="", pattern=r"^[0-9A-Za-z]{0,32}$")
        """Which one, as printed on it; may be left out where there is one alone."""
        exposure: float | None = Field(default=None, gt=0, allow_inf_nan=False)
        """Of the colour picture, in the library's own unit of 0.1 ms, so that pictures of a take
        do not grow lighter and darker; automatic when left out."""
        white_balance_k: float | None = Field(default=None, ge=1000, le=15000)
        """Kelvin; automatic when left out."""
        recording: Path | None = None
        """A recording of librealsense (.db3 or .bag) that takes the place of a camera."""

    def __init__(
        self, name: str, shape: CameraShape, settings: Settings, context: ProcessContext
    ) -> None:
        self.name, self._shape, self._settings = name, shape, settings
        self._order, self._silence = Order(name), Silence(name)
        self._gone = threading.Event()
        self._thread: threading.Thread | None = None
        self._pipeline: Any = None

    def __enter__(self) -> "RealSenseCamera":
        self._gone.clear()
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        self._gone.set()
        if self._thread is not None:
            self._thread.join()
        self._stop()

    @property
    def calibration(self) -> Camera:
        """Its intrinsics are the device's own."""
        return self._settings.camera(self.name, self._shape, self._lens.intrinsics)

    def stream(self, sink: FrameSink) -> None:
        self._thread = threading.Thread(target=self._run, args=(sink,), name=self.name, daemon=True)
        self._thread.start()

    def _start(self) -> None:
        """Raises NoRealSense."""
        rs, settings = librealsense(), self._settings
        self._pipeline = start(settings.serial, settings.recording, self._shape)
        profile = self._pipeline.get_active_profile()
        colour = profile.get_stream(rs.stream.color).as_video_stream_profile()
        self._lens = self._fitting(colour.get_intrinsics())
        set_options(profile.get_device(), Wanted(settings.exposure, settings.white_balance_k))
        self._align = rs.align(rs.stream.color) if self._shape.depth else None
        self._mm = 1.0
        if self._shape.depth:
            self._mm = 1e3 * profile.get_device().first_depth_sensor().get_depth_scale()

    def _fitting(self, known: Any) -> Lens:
        """The lens of these intrinsics. Raises NoRealSense of one whose pictures cannot be used."""
        try:
            return lens_of(known, as_they_come=self._shape.jpeg)
        except NoRealSense:
            self._stop()
            raise

    def _stop(self) -> None:
        pipeline, self._pipeline = self._pipeline, None
        with suppress(RuntimeError):  # of one that is unplugged, or was never started
            if pipeline is not None:
                pipeline.stop()

    def _run(self, sink: FrameSink) -> None:
        while not self._gone.is_set():
            came, frames = self._waited()
            if came and not self._gone.is_set():
                self._silence.ended()
                self._push(frames, time.monotonic_ns(), sink)
            elif not came:
                self._have_back()

    def _waited(self) -> tuple[bool, Any]:
        if self._pipeline is None:
            return False, None
        try:
            return self._pipeline.try_wait_for_frames(WAIT_MS)
        except RuntimeError:  # as when it is unplugged
            return False, None

    def _have_back(self) -> None:
        self._silence.began()
        self._stop()
        try:
            self._start()
        except NoRealSense as error:
            self._silence.goes_on(error)
            self._gone.wait(AGAIN_S)

    def _push(self, frames: Any, arrived_ns: int, sink: FrameSink) -> None:
        if self._align is not None and frames.get_depth_frame():
            frames = self._align.process(frames)
        colour = frames.get_color_frame()
        if not colour:
            return
        device_ns = round(colour.get_timestamp() * 1e6)
        ordered = self._order.next(colour.get_frame_number(), device_ns, arrived_ns)
        if ordered is None:
            return
        picture = self._picture(colour)
        if picture is None:
            return
        frame = Frame(
            camera=self.name,
            number=ordered[0],
            time_ns=arrived_ns,
            device_time_ns=ordered[1],
            image=picture.image,
            depth_mm=self._depth(frames.get_depth_frame()) if self._shape.depth else None,
            jpeg=picture.jpeg,
        )
        sink(frame)

    def _picture(self, frame: Any) -> Picture | None:
        """None where it was torn on its way: a drop, as its number says."""
        pixels = np.asanyarray(frame.get_data())
        if not self._shape.jpeg:
            return Picture(self._lens.image(pixels))
        came = pixels.reshape(1, -1)[:, : frame.get_data_size()]
        with suppress(WrongRecord):
            return picture_of(came, jpeg=True)
        return None

    def _depth(self, frame: Any) -> Depth | None:
        """None where that of this frame was lost."""
        if not frame:
            return None
        depth = np.asanyarray(frame.get_data())
        if self._mm != 1.0:
            depth = np.rint(depth * self._mm).clip(0, FARTHEST_MM).astype(np.uint16)
        return self._lens.depth(depth)


Driver = RealSenseCamera
