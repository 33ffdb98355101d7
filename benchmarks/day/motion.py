"""Watches how fast the robot moves, by its own readings: they are read where its device process
puts them, so that a station that hangs or is gone hides nothing."""

import contextlib
import threading
import time
from collections import deque
from dataclasses import dataclass

import numpy as np
import psutil

from teachloop.recorder.devices.interfaces import RobotState
from teachloop.recorder.devices.messages import DeviceProcessSettings
from teachloop.recorder.devices.rings import STATE_BYTES, STATE_SLOTS
from teachloop.recorder.devices.serialization import unpack_state
from teachloop.runtime.ipc.ring import Ring

from .product import Product

LOOK_S = 0.05
FIND_S = 0.5
MEASURED_NS = 50_000_000  # a shorter step tells more of its rounding than of a speed
KEPT_S = 600.0


@dataclass(frozen=True, slots=True)
class Moved:
    at_s: float  # monotonic
    speed_m_s: float  # of the end effector


class Motion:
    """Use as a context manager."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._seen: deque[Moved] = deque(maxlen=round(KEPT_S / LOOK_S))
        self._process: psutil.Process | None = None
        self._ring: Ring | None = None
        self._next = 0
        self._before: RobotState | None = None
        self._looked_s = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Motion":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def fastest(self, since_s: float, until_s: float) -> float:
        """Between two moments (monotonic); 0 where nothing was read."""
        seen = tuple(self._seen)
        return max((m.speed_m_s for m in seen if since_s <= m.at_s <= until_s), default=0.0)

    def _watch(self) -> None:
        while not self._done.wait(LOOK_S):
            self._find()
            if self._ring is not None:
                self._read(self._ring)

    def _find(self) -> None:
        """The robot's process that runs now."""
        if self._process is not None and self._process.is_running():
            return
        now_s = time.monotonic()
        if now_s - self._looked_s < FIND_S:
            return
        self._looked_s, self._ring, self._before = now_s, None, None
        with contextlib.suppress(psutil.Error, OSError, ValueError):
            self._process = self._product.process("device")
            if self._process is not None:
                self._ring = _robot_ring(self._process)
                self._next = self._ring.head

    def _read(self, ring: Ring) -> None:
        while self._next < ring.head:
            record = ring.read(self._next)
            self._next += 1
            if record is not None:
                self._measure(unpack_state(record)[0])

    def _measure(self, now: RobotState) -> None:
        before = self._before
        passed_ns = MEASURED_NS if before is None else now.device_time_ns - before.device_time_ns
        if 0 <= passed_ns < MEASURED_NS:
            return
        self._before = now
        if before is not None and passed_ns > 0:
            way_m = float(np.linalg.norm(now.ee_pose[:3, 3] - before.ee_pose[:3, 3]))
            self._seen.append(Moved(time.monotonic(), way_m * 1e9 / passed_ns))


def _robot_ring(process: psutil.Process) -> Ring:
    settings = DeviceProcessSettings.model_validate_json(process.cmdline()[-1])
    path = f"/proc/{process.pid}/fd/{settings.descriptors[0]}"
    return Ring.open(path, STATE_SLOTS, STATE_BYTES)
