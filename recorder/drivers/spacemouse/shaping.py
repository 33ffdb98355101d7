"""From how a cap is held to velocities in the robot's base frame."""

import math

import numpy as np
from numpy.typing import NDArray

from ..teleop_settings import Axis, Side, TeleopSettings
from .reports import Cap, Triple

STRAIGHT: tuple[Axis, Axis, Axis] = ("forward", "sideways", "up")
TURNS: tuple[Axis, Axis, Axis] = ("roll", "pitch", "yaw")
# Who stands in front of the robot sees its x axis come towards them, and y go to the right.
QUARTERS: dict[Side, int] = {"front": 0, "left": 1, "back": 2, "right": 3}


def velocities(cap: Cap, settings: TeleopSettings) -> tuple[Triple, Triple]:
    """Linear in m/s and angular in rad/s; neither is ever longer than its full scale."""
    linear = _asked(cap.translation, STRAIGHT, settings) * settings.speed_m_s
    angular = _asked(cap.rotation, TURNS, settings) * settings.turn_rad_s
    return _triple(linear), _triple(angular)


def shaped(share: float, deadband: float, curve: float) -> float:
    """-1 … 1 for a push of -1 … 1: nothing within the deadband, and no step at its end."""
    beyond = max(0.0, min(abs(share), 1.0) - deadband) / (1.0 - deadband)
    return math.copysign(beyond**curve, share) if beyond else 0.0


def _asked(
    pushed: Triple, names: tuple[Axis, Axis, Axis], settings: TeleopSettings
) -> NDArray[np.float64]:
    """(3,) in the base frame, at most 1 long."""
    right, back, down = pushed
    shares = zip(names, (back, right, -down), strict=True)
    seen = np.array([_share(name, share, settings) for name, share in shares])
    seen /= max(1.0, float(np.linalg.norm(seen)))
    return _turned(seen, QUARTERS[settings.side])


def _share(name: Axis, share: float, settings: TeleopSettings) -> float:
    if name in settings.locked:
        return 0.0
    sign = -1.0 if name in settings.reversed else 1.0
    return shaped(sign * share, settings.deadband, settings.curve)


def _turned(seen: NDArray[np.float64], quarters: int) -> NDArray[np.float64]:
    """About the vertical, exactly."""
    x, y, z = seen
    for _ in range(quarters):
        x, y = -y, x
    return np.array([x, y, z])


def _triple(vector: NDArray[np.float64]) -> Triple:
    x, y, z = vector.tolist()
    return x, y, z
