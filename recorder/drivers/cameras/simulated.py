"""A camera of the simulated scene: a new frame for each of its states."""

import time
from dataclasses import replace

from pydantic import BaseModel

from ....datasets.takes.depth import to_millimetres
from ....geometry.camera import Camera
from ....simulation.views import view
from ...devices.camera_shape import CameraShape
from ...devices.interfaces import Frame, FrameSink, ProcessContext
from ..simulation import shared_scene


class SimulatedCamera:
    """One camera of a simulated scene."""

    class Settings(BaseModel, extra="forbid"):
        view: str = ""
        """Where it stands: front, wrist or side; the camera's own name when left out."""

    def __init__(
        self, name: str, shape: CameraShape, settings: Settings, context: ProcessContext
    ) -> None:
        self.name, self._shape = name, shape
        self._view = settings.view or name
        view(self._view)  # says so at once where there is no such place
        self._scene = shared_scene(context)
        self._sink: FrameSink | None = None

    def __enter__(self) -> "SimulatedCamera":
        return self

    def __exit__(self, *error: object) -> None:
        self._sink = None

    @property
    def calibration(self) -> Camera:
        """Of this scene: every scene jitters its cameras."""
        size = self._shape.width, self._shape.height
        seen = self._scene.world.camera(self._view, *size)
        return replace(seen, name=self.name, measures_depth=self._shape.depth)

    def stream(self, sink: FrameSink) -> None:
        self._sink = sink
        self._scene.on_draw(self._push)

    def _push(self) -> None:
        if self._sink is not None:
            self._sink(self._frame())

    def _frame(self) -> Frame:
        world = self._scene.world
        seen = world.capture(self._view, self._shape.width, self._shape.height)
        return Frame(
            camera=self.name,
            number=self._scene.number,
            time_ns=time.monotonic_ns(),
            device_time_ns=round(world.time_s * 1e9),
            image=seen.image,
            depth_mm=to_millimetres(seen.depth_m) if self._shape.depth else None,
        )


Driver = SimulatedCamera
