"""For cameras that draw their frames themselves: one at each turn of a schedule."""

import time
from collections.abc import Callable
from typing import NamedTuple

from ...datasets.steps import Image
from ...datasets.takes.depth import Depth
from ..devices.interfaces import Frame, FrameSink
from .periodic import Periodic


class Drawn(NamedTuple):
    """A picture, and what comes with it."""

    image: Image
    depth_mm: Depth | None = None
    jpeg: bytes | None = None  # the picture as it was compressed


Draw = Callable[[int], Drawn]


class DrawnFrames:
    """Frames of one camera, numbered; one that could not be had in time is lost. ``draw`` makes
    the picture of a number."""

    def __init__(self, camera: str, fps: float, draw: Draw) -> None:
        self._camera, self._fps, self._draw = camera, fps, draw
        self._turns: Periodic | None = None

    def start(self, sink: FrameSink) -> None:
        turns = Periodic(self._camera, self._fps, lambda number: sink(self._frame(number, turns)))
        self._turns = turns
        turns.start()

    def stop(self) -> None:
        """Ends it where it was started, and waits until the last turn is over."""
        if self._turns is not None:
            self._turns.stop()

    def _frame(self, number: int, turns: Periodic) -> Frame:
        time_ns = time.monotonic_ns()
        drawn = self._draw(number)
        return Frame(
            camera=self._camera,
            number=number,
            time_ns=time_ns,
            device_time_ns=turns.due_ns(number),
            image=drawn.image,
            depth_mm=drawn.depth_mm,
            jpeg=drawn.jpeg,
        )
