"""A camera of the simulated scene: a new frame for each of its states."""

import time
from dataclasses import replace

from ....datasets.takes.depth import to_millimetres
from ....geometry.camera import Camera
from ....runtime.described import DescribedModel
from ....runtime.errors import TeachloopError
from ....simulation.views import PREVIEW_SIZE, view
from ....simulation.world import World
from ...devices.camera_shape import CameraShape
from ...devices.interfaces import Frame, FrameSink, ProcessContext
from ..simulation import seen_scene


class NotSimulated(TeachloopError):
    """A size or a rate that the simulator does not have."""


class SimulatedCamera:
    """One camera of a simulated scene."""

    class Settings(DescribedModel):
        view: str = ""
        """Where it stands: front, wrist or side; the camera's own name when left out."""
        of: str = ""
        """Address of a simulated controller whose scene it looks at; the station's own simulator
        when left out."""

    def __init__(
        self, name: str, shape: CameraShape, settings: Settings, context: ProcessContext
    ) -> None:
        self.name, self._shape = name, shape
        self._view = settings.view or name
        view(self._view)  # says so at once where there is no such place
        _require_possible(name, shape)
        self._scene = seen_scene(context, settings.of)
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
            device_time_ns=round(self._scene.time_s * 1e9),
            image=seen.image,
            depth_mm=to_millimetres(seen.depth_m) if self._shape.depth else None,
        )


def _require_possible(name: str, shape: CameraShape) -> None:
    widest, highest = PREVIEW_SIZE
    if shape.width > widest or shape.height > highest or shape.fps != 1.0 / World.TICK_S:
        raise NotSimulated(
            f"The simulator gives {1.0 / World.TICK_S:g} frames a second of at most {widest} × "
            f"{highest}; the settings of camera {name!r} say {shape.fps:g} of {shape.width} × "
            f"{shape.height}."
        )


Driver = SimulatedCamera
