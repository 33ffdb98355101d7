"""A gripper that a lab could have mounted: two pincers on a motor of their own."""

import threading
import time

from pydantic import BaseModel

from teachloop.recorder.devices.interfaces import ProcessContext, RobotDriver


class Pincers:
    """Opens half as far as a Franka Hand, and takes a moment for it."""

    class Settings(BaseModel, extra="forbid"):
        opening_m: float = 0.04

    def __init__(self, settings: Settings, robot: RobotDriver, context: ProcessContext) -> None:
        self.opening_m = self.width_m = settings.opening_m
        self._target_m = self.width_m
        self._left = threading.Event()

    def __enter__(self) -> "Pincers":
        self._left.clear()
        threading.Thread(target=self._turn, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._left.set()

    def move(self, opened: float) -> None:
        self._target_m = opened * self.opening_m

    def acknowledge(self) -> None:
        """It never stops by itself."""

    def _turn(self) -> None:
        while not self._left.is_set():
            self.width_m += 0.5 * (self._target_m - self.width_m)
            time.sleep(0.01)
