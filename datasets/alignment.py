"""Puts a take's streams onto ticks of one rate, without inventing or interpolating anything."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..geometry.panda import HAND_OPENING_M
from ..runtime.errors import TeachloopError
from .embodiment import FRANKA_GRIPPER
from .takes.reader import Take
from .takes.recorded_streams import ActionStream

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SNAP = 0.45  # of a period: how far from its grid place a recorded tick may be
MOST_TICKS = 1 << 20  # of a take that lost most of its actions: 14 hours at 20 Hz
NONE = -1  # index of what had not come yet


class NothingToAlign(TeachloopError):
    """A take without the streams that ticks are made of."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ticks:
    """At each tick, the newest that had come from each stream."""

    time_ns: Ints  # (T,)
    joint_positions_rad: Floats  # (T, 7)
    ee_pose: Floats  # (T, 4, 4) measured
    gripper_width_m: Floats | None  # (T,); None: there was no gripper
    requested_pose: Floats  # (T, 4, 4)
    applied_pose: Floats  # (T, 4, 4)
    applied_gripper: Floats | None  # (T,)
    decided_by: NDArray[np.uint8]  # (T,) steps.Decider
    frame_index: Mapping[str, Ints]  # camera -> (T,) index into the take, -1: none had come
    stale: Mapping[str, NDArray[np.bool_]]  # camera -> (T,) the frame is older than its limit

    gripper_opening_m: float = HAND_OPENING_M  # when it is open

    def __len__(self) -> int:
        return len(self.time_ns)

    def opening(self, rows: Ints) -> Floats | None:
        """How far the gripper is open at some ticks (n,), as a share; None where there is none."""
        widths_m = self.gripper_width_m
        return None if widths_m is None else widths_m[rows] / self.gripper_opening_m


def align(
    take: Take,
    rate_hz: float = 20.0,
    max_age_s: float = 0.1,
    actions: ActionStream | None = None,
) -> Ticks:
    """Ticks of ``rate_hz`` from the first action to the last.

    A tick is the recorded one where one was recorded within 0.45 of the period of its place on
    the grid, so that jitter neither repeats nor skips an action; where the loop missed one,
    the tick lies on the grid and carries what was held. Each stream gives its latest row at
    or before the tick. ``actions``: those of the take that count, where not all do.

    Raises NothingToAlign.
    """
    robot, actions = take.robot, take.actions if actions is None else actions
    time_ns = ticks_of(take, rate_hz, actions)
    measured, decided = latest(robot.time_ns, time_ns), latest(actions.time_ns, time_ns)
    gripper = take.info.gripper or FRANKA_GRIPPER
    frames = {name: latest(stream.time_ns, time_ns) for name, stream in take.frames.items()}
    return Ticks(
        time_ns=time_ns,
        joint_positions_rad=robot.joint_positions_rad[measured],
        ee_pose=robot.ee_pose[measured],
        gripper_width_m=_at(robot.gripper_width_m, measured),
        requested_pose=actions.requested_pose[decided],
        applied_pose=actions.applied_pose[decided],
        applied_gripper=_at(actions.applied_gripper, decided),
        decided_by=actions.decided_by[decided],
        frame_index=frames,
        gripper_opening_m=gripper.opening_m,
        stale={
            name: too_old(take.frames[name].time_ns, index, time_ns, max_age_s)
            for name, index in frames.items()
        },
    )


def ticks_of(take: Take, rate_hz: float, actions: ActionStream) -> Ints:
    """The times (T,) of a take's ticks. Raises NothingToAlign."""
    robot = take.robot
    if not len(robot.time_ns) or not len(actions.time_ns):
        raise NothingToAlign(f"{take.path} has no robot states or no actions to align.")
    time_ns = tick_times(actions.time_ns, rate_hz, take.info.rate_hz)
    time_ns = time_ns[time_ns >= robot.time_ns[0]]
    if not len(time_ns):
        raise NothingToAlign(f"{take.path} has robot states only after its last action.")
    return time_ns


def _at(column: Floats | None, rows: Ints) -> Floats | None:
    return None if column is None else column[rows]


def tick_times(recorded_ns: Ints, rate_hz: float, recorded_hz: float) -> Ints:
    """Tick times (T,): the grid of ``rate_hz``, snapped to recorded ticks (n,) near it.

    Raises NothingToAlign where a time that cannot be would make millions of ticks.
    """
    period_ns = 1e9 / rate_hz
    first, last = recorded_ns[[0, -1]].tolist()  # whose difference may need more than 64 bits
    count = int((last - first) / period_ns + SNAP) + 1
    if count > max(MOST_TICKS, 2 * len(recorded_ns)):
        seconds = (last - first) / 1e9
        raise NothingToAlign(f"{len(recorded_ns)} actions over {seconds:.0f} s are no take's.")
    grid = recorded_ns[0] + np.round(np.arange(count) * period_ns).astype(np.int64)
    nearest = recorded_ns[_nearest(recorded_ns, grid)]
    limit = SNAP * min(period_ns, 1e9 / recorded_hz)
    return np.unique(np.where(np.abs(nearest - grid) <= limit, nearest, grid))


def latest(stream_ns: Ints, time_ns: Ints) -> Ints:
    """For each time, the index of the last row at or before it, -1 before the first."""
    return np.searchsorted(stream_ns, time_ns, side="right") - 1


def too_old(stream_ns: Ints, index: Ints, time_ns: Ints, max_age_s: float) -> NDArray[np.bool_]:
    """Where there is no row, or one that was older than the limit at its tick."""
    if not len(stream_ns):
        return np.ones(len(time_ns), np.bool_)
    return (index == NONE) | (time_ns - stream_ns[index] > max_age_s * 1e9)


def _nearest(stream_ns: Ints, time_ns: Ints) -> Ints:
    before = np.clip(latest(stream_ns, time_ns), 0, len(stream_ns) - 1)
    after = np.minimum(before + 1, len(stream_ns) - 1)
    closer = stream_ns[after] - time_ns < time_ns - stream_ns[before]
    return np.where(closer, after, before)
