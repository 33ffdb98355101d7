"""The way that a take taught: where the hand was to be, and how well another take went along it."""

import numpy as np
from numpy.typing import NDArray

from .alignment import Ticks, align, latest
from .paths import PathError, TaughtPath, path_error, spread
from .steps import Decider
from .takes.reader import Take

APART_S = 0.02  # between two poses of a way that was measured; a Franka tells a thousand a second


def taught_path(take: Take) -> TaughtPath:
    """Where a hand led the arm, or else what was asked of it. Raises NothingToAlign."""
    ticks = align(take, take.info.rate_hz)
    if (ticks.decided_by == Decider.GUIDED).all():
        return _led(take, ticks)
    asked = ticks.applied_gripper
    return TaughtPath(
        take=take.info.take_id,
        joints_rad=ticks.joint_positions_rad[0],
        times_s=np.append(ticks.time_ns - ticks.time_ns[0], _after(ticks, take)) / 1e9,
        poses=np.concatenate([ticks.ee_pose[:1], ticks.applied_pose]),
        grippers=None if asked is None else np.append(asked[:1], asked),
    )


def _after(ticks: Ticks, take: Take) -> int:
    """When the last target is to be reached, in ns from the first tick."""
    return int(ticks.time_ns[-1] - ticks.time_ns[0]) + round(1e9 / take.info.rate_hz)


def _led(take: Take, ticks: Ticks) -> TaughtPath:
    """Every place of the arm, by its own clock."""
    rows = _during(take, ticks)
    times_s = take.robot.device_time_ns[rows] / 1e9
    rows = rows[spread(times_s - times_s[0], APART_S)]
    decided = np.maximum(latest(ticks.time_ns, take.robot.time_ns[rows]), 0)
    return TaughtPath(
        take=take.info.take_id,
        joints_rad=take.robot.joint_positions_rad[rows[0]],
        times_s=(take.robot.device_time_ns[rows] - take.robot.device_time_ns[rows[0]]) / 1e9,
        poses=take.robot.ee_pose[rows],
        grippers=None if ticks.applied_gripper is None else ticks.applied_gripper[decided],
    )


def _during(take: Take, ticks: Ticks) -> NDArray[np.int64]:
    """The robot's readings from the first tick to the end."""
    first = max(0, int(latest(take.robot.time_ns, ticks.time_ns[:1])[0]))
    return np.arange(first, len(take.robot.time_ns))


def replay_error(taught: Take, replayed: Take) -> PathError:
    """How far a take is from the one that it went along, by all that was measured in both.
    Raises NothingToAlign."""
    ways = []
    for take in (taught, replayed):
        rows = _during(take, align(take, take.info.rate_hz))
        ways.append(take.robot.ee_pose[rows])
    return path_error(*ways)
