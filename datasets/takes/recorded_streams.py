"""What an open take gives of each stream: arrays, or what happened when."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RobotStream:
    """Readings of the arm and the hand, (n, …); None is what this robot does not measure."""

    time_ns: Ints  # (n,) host monotonic clock
    device_time_ns: Ints  # (n,)
    joint_positions_rad: Floats  # (n, 7)
    joint_velocities_rad_s: Floats  # (n, 7)
    ee_pose: Floats  # (n, 4, 4)
    gripper_width_m: Floats | None = None  # (n,)
    joint_torques_nm: Floats | None = None  # (n, 7); NaN where a reading lacks them
    external_torques_nm: Floats | None = None  # (n, 7)
    external_wrench: Floats | None = None  # (n, 6) N, N·m, base frame
    control_success_rate: Floats | None = None  # (n,) 0 … 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ActionStream:
    """What was asked for and applied, (n, …)."""

    time_ns: Ints
    requested_pose: Floats  # (n, 4, 4)
    applied_pose: Floats
    decided_by: NDArray[np.uint8]  # steps.Decider
    clipped: NDArray[np.uint32]  # bit i: the i-th of info.limits
    requested_gripper: Floats | None = None  # (n,) 1 open … 0 closed; None: there is no gripper
    applied_gripper: Floats | None = None

    def at(self, rows: slice | NDArray[np.bool_]) -> "ActionStream":
        """Some of its rows alone."""
        columns = {each.name: getattr(self, each.name) for each in fields(self)}
        chosen = {name: None if row is None else row[rows] for name, row in columns.items()}
        return replace(self, **chosen)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameStream:
    """When one camera's frames came, (n,). A gap in ``number`` is a drop."""

    number: Ints
    time_ns: Ints  # arrival
    device_time_ns: Ints
    offset: Ints  # where the JPEG lies, or the video's packet, or the depth
    length: Ints
    repeated: NDArray[np.uint8] | None = None  # (n,) an archived picture was the one before

    def __len__(self) -> int:
        return len(self.number)

    @property
    def dropped(self) -> int:
        """Frames that the device counted and nobody received, between first and last."""
        return int(self.number[-1] - self.number[0]) + 1 - len(self) if len(self) else 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulationStream:
    """The simulator's state behind each rendered frame number, (n,)."""

    number: Ints
    time_ns: Ints
    qpos: Floats  # (n, nq)


@dataclass(frozen=True, slots=True)
class RobotErrors:
    """The robot's own errors, as they are from a moment on."""

    time_ns: int
    names: tuple[str, ...]  # empty where they are over


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a moment."""

    time_ns: int
    kind: str
    text: str
