"""Whether a task is done: judged on contacts, rest and distances, held for half a second."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..datasets.steps import Pose
from ..geometry.rotations import Array
from .language import DIRECTION_Y
from .scenes import SceneSpec

HELD_S = 0.5
LIFT_M = 0.08
PUSH_M = 0.08
DRIFT_M = 0.05
PUSH_LIFT_M = 0.02
STRAY_M = 0.03
STILL_M_S = 0.02
TILT_RAD = 0.35
LYING_RAD = 1.05  # from here on a thing lies that stood
BEHIND_M = (0.03, 0.15)  # between the middles of two things, of which one is behind the other
BESIDE_M = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """What the judge may know at the end of a tick."""

    poses: Mapping[str, Pose]
    speeds_m_s: Mapping[str, float]
    touching: frozenset[tuple[str, str]]  # "robot", "left_finger", "right_finger", "table", names

    def touch(self, one: str, other: str) -> bool:
        return (one, other) in self.touching or (other, one) in self.touching


@dataclass(slots=True)
class SuccessDetector:
    """Watches one scene tick by tick; ``success`` stays up only while the task stays done."""

    scene: SceneSpec
    start: Mapping[str, Pose]
    tick_s: float
    failure_reason: str = "nothing happened yet"
    _done_s: float = 0.0
    _highest: float = field(default=-np.inf)

    @property
    def success(self) -> bool:
        return self._done_s >= HELD_S - 1e-9

    def watch(self, now: Situation) -> None:
        """SuccessDetector one tick."""
        target = self.scene.task.target
        self._highest = max(self._highest, now.poses[target][2, 3] - self.start[target][2, 3])
        missing = getattr(self, f"_{self.scene.task.verb}")(now, target)
        self._done_s = 0.0 if missing else self._done_s + self.tick_s
        self.failure_reason = missing or ("" if self.success else f"not yet for {HELD_S} s")

    def _pick(self, now: Situation, target: str) -> str:
        lifted = now.poses[target][2, 3] - self.start[target][2, 3]
        if not all(now.touch(target, finger) for finger in ("left_finger", "right_finger")):
            return f"the {target} is not held by both fingers"
        if lifted < LIFT_M:
            return f"the {target} is lifted {max(lifted, 0) * 100:.0f} cm of {LIFT_M * 100:.0f}"
        if now.touch(target, "table") or any(now.touch(target, name) for name in self._others()):
            return f"the {target} still rests on something"
        return ""

    def _put(self, now: Situation, target: str) -> str:
        place = self.scene.task.destination or ""
        kind = self.scene.find(place).kind
        if not now.touch(target, place):
            return f"the {target} does not rest {kind.preposition} the {place}"
        offset = now.poses[target][:2, 3] - now.poses[place][:2, 3]
        if np.hypot(*offset) > kind.opening_m:
            return f"the {target} is not well {kind.preposition} the {place}"
        return self._released_and_still(now, target, place)

    def _stack(self, now: Situation, target: str) -> str:
        below = self.scene.task.destination or ""
        between = now.poses[target][:3, 3] - now.poses[below][:3, 3]
        heights = self.scene.find(target).kind.height_m + self.scene.find(below).kind.height_m
        if not now.touch(target, below):
            return f"the {target} does not rest on the {below}"
        if between[2] < heights / 2 - 0.01:
            return f"the {target} is not on top of the {below}"
        return self._released_and_still(now, target, below)

    def _push(self, now: Situation, target: str) -> str:
        moved = now.poses[target][:3, 3] - self.start[target][:3, 3]
        along = moved[1] * DIRECTION_Y[self.scene.task.direction or "left"]
        stray = [n for n in self._others() if self._moved(now, n) > STRAY_M]
        checks = {
            f"the {target} was lifted": self._highest > PUSH_LIFT_M,
            f"the {target} moved {along * 100:.0f} cm of {PUSH_M * 100:.0f}": along < PUSH_M,
            f"the {target} drifted sideways": abs(moved[0]) > DRIFT_M,
            f"the {target} fell over": self._tilt(now, target) > TILT_RAD,
            f"the {target} is off the table": not now.touch(target, "table"),
            f"the {target} still moves": now.speeds_m_s[target] > STILL_M_S,
            f"the {stray[0] if stray else ''} was pushed away": bool(stray),
        }
        return next((reason for reason, wrong in checks.items() if wrong), "")

    def _put_behind(self, now: Situation, target: str) -> str:
        front = self.scene.task.destination or ""
        offset = now.poses[front][:2, 3] - now.poses[target][:2, 3]
        checks = {
            f"the {front} was pushed away": self._moved(now, front) > STRAY_M,
            f"the {target} is not behind the {front}": not BEHIND_M[0] <= offset[0] <= BEHIND_M[1],
            f"the {target} is beside the {front}": abs(offset[1]) > BESIDE_M,
            f"the {target} does not rest on the table": not now.touch(target, "table"),
            f"the {target} fell over": self._tilt(now, target) > TILT_RAD,
        }
        wrong = next((reason for reason, wrong in checks.items() if wrong), "")
        return wrong or self._let_go(now, target, front)

    def _turn_over(self, now: Situation, target: str) -> str:
        stray = [n for n in self._others() if self._moved(now, n) > STRAY_M]
        checks = {
            f"the {target} still stands": self._tilt(now, target) < LYING_RAD,
            f"the {target} is off the table": not now.touch(target, "table"),
            f"the {stray[0] if stray else ''} was pushed away": bool(stray),
        }
        wrong = next((reason for reason, wrong in checks.items() if wrong), "")
        return wrong or self._let_go(now, target, target)

    def _let_go(self, now: Situation, target: str, other: str) -> str:
        if any(now.touch(target, part) for part in ("left_finger", "right_finger", "robot")):
            return f"the {target} is not released"
        if max(now.speeds_m_s[target], now.speeds_m_s[other]) > STILL_M_S:
            return f"the {target} still moves"
        return ""

    def _released_and_still(self, now: Situation, target: str, support: str) -> str:
        if now.touch(target, "table"):
            return f"the {target} leans on the table"
        return self._let_go(now, target, support)

    def _others(self) -> list[str]:
        return [o.name for o in self.scene.objects if o.name != self.scene.task.target]

    def _moved(self, now: Situation, name: str) -> float:
        return float(np.linalg.norm(now.poses[name][:3, 3] - self.start[name][:3, 3]))

    def _tilt(self, now: Situation, name: str) -> float:
        if self.scene.find(name).kind.rolls:
            return 0.0
        up: Array = now.poses[name][:3, 2]
        return float(np.arccos(np.clip(up @ self.start[name][:3, 2], -1, 1)))
