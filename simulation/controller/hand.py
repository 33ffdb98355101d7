"""What a Franka Hand does: it homes, moves and grasps, one thing at a time, and newer things end
older ones only by a stop."""

import threading
import time

from ...geometry.panda import HAND_OPENING_M
from ..panda_xml import FINGER_FORCE_N
from .arm import Arm
from .gripper_wire import HandStatus

HOMING_M_S = 0.05
STANDS_M_S = 0.002  # slower than that, the fingers stand
STANDS_S = 0.1  # for so long, and they have arrived
LONGEST_S = 10.0
LOOK_S = 0.01


class Hand:
    """The fingers of an arm; each call lasts as long as the motion. ``lock`` is the arm's."""

    def __init__(self, arm: Arm, lock: threading.RLock, thinks_s: float = 0.0) -> None:
        self._arm, self._lock, self.thinks_s = arm, lock, thinks_s
        self._busy, self._stopped = threading.Lock(), threading.Event()
        self.grasped = False

    @property
    def width_m(self) -> float:
        with self._lock:
            return self._arm.width_m

    def home(self) -> HandStatus:
        return self._do(HAND_OPENING_M, HOMING_M_S, FINGER_FORCE_N)

    def move(self, width_m: float, speed_m_s: float) -> HandStatus:
        return self._do(width_m, speed_m_s, FINGER_FORCE_N)

    def grasp(
        self, width_m: float, narrower_m: float, wider_m: float, speed_m_s: float, force_n: float
    ) -> HandStatus:
        status = self._do(0.0, speed_m_s, force_n)
        if status != HandStatus.SUCCESS:
            return status
        self.grasped = width_m - narrower_m <= self.width_m <= width_m + wider_m
        return HandStatus.SUCCESS if self.grasped else HandStatus.UNSUCCESSFUL

    def stop(self) -> HandStatus:
        """End what it does; it keeps its width and its grip."""
        self._stopped.set()
        with self._lock:
            self._arm.move_fingers(self._arm.width_m, HOMING_M_S, FINGER_FORCE_N)
        return HandStatus.SUCCESS

    def _do(self, width_m: float, speed_m_s: float, force_n: float) -> HandStatus:
        with self._busy:
            self._stopped.clear()
            self.grasped = False
            if self._stopped.wait(self.thinks_s):
                return HandStatus.ABORTED
            with self._lock:
                self._arm.move_fingers(width_m, speed_m_s, force_n)
            return self._arrive()

    def _arrive(self) -> HandStatus:
        end, stood_since = time.monotonic() + LONGEST_S, time.monotonic()
        while time.monotonic() < end:
            if self._stopped.wait(LOOK_S):
                return HandStatus.ABORTED
            with self._lock:
                moves = abs(self._arm.finger_speed_m_s) > STANDS_M_S
            if moves:
                stood_since = time.monotonic()
            elif time.monotonic() - stood_since > STANDS_S:
                return HandStatus.SUCCESS
        return HandStatus.FAIL
