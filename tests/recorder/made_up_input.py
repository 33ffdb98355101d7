"""A hand that a lab could have written: it always pushes to the left."""

import time

from pydantic import BaseModel

from teachloop.recorder.devices.interfaces import ProcessContext, Twist, TwistSink
from teachloop.recorder.drivers.periodic import Periodic


class MadeUpInput:
    """Leans on its stick."""

    class Settings(BaseModel, extra="forbid"):
        speed_m_s: float = 0.05

    def __init__(self, name: str, settings: Settings, context: ProcessContext) -> None:
        self._speed_m_s = settings.speed_m_s
        self._twists: Periodic | None = None

    def __enter__(self) -> "MadeUpInput":
        return self

    def __exit__(self, *error: object) -> None:
        if self._twists is not None:
            self._twists.stop()

    def stream(self, sink: TwistSink) -> None:
        self._twists = Periodic("hand", 20.0, lambda number: sink(self._twist()))
        self._twists.start()

    def _twist(self) -> Twist:
        return Twist((0.0, self._speed_m_s, 0.0), (0.0, 0.0, 0.0), None, time.monotonic_ns())
