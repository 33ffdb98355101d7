"""Readings, frames and actions as bytes, between the processes of a station."""

from typing import Any

import msgpack
import numpy as np

from ...datasets.steps import Action, Decider, Pose
from ...runtime.ipc.ring import Record
from ...runtime.ipc.serialization import pack
from .interfaces import RobotState


def pose_bytes(pose: Pose) -> bytes:
    """A pose (4, 4) as 128 bytes, row by row."""
    return np.ascontiguousarray(pose, np.float64).tobytes()


def pose_of(data: bytes) -> Pose:
    """The pose that ``pose_bytes`` packed."""
    return np.frombuffer(data, np.float64).reshape(4, 4)


def pack_action(action: Action) -> dict[str, Any]:
    return {
        "pose": pose_bytes(action.ee_pose),
        "gripper": float(action.gripper),
        "decided_by": int(action.decided_by),
    }


def unpack_action(message: dict[str, Any]) -> Action:
    return Action(
        ee_pose=pose_of(message["pose"]),
        gripper=message["gripper"],
        decided_by=Decider(message["decided_by"]),
    )


def pack_state(state: RobotState, truth: dict[str, Any] | None) -> bytes:
    """A reading, and the truth about the scene where there is one; times go in the stamp."""
    return pack(
        {
            "joints": state.joint_positions_rad.tobytes(),
            "velocities": state.joint_velocities_rad_s.tobytes(),
            "pose": pose_bytes(state.ee_pose),
            "width": float(state.gripper_width_m),
            "truth": truth,
        }
    )


def unpack_state(record: Record) -> tuple[RobotState, dict[str, Any] | None]:
    """The reading in a ring's record, and the truth about the scene."""
    values = msgpack.unpackb(record.payload.tobytes())
    state = RobotState(
        time_ns=record.stamp.time_ns,
        device_time_ns=record.stamp.device_time_ns,
        joint_positions_rad=np.frombuffer(values["joints"], np.float64),
        joint_velocities_rad_s=np.frombuffer(values["velocities"], np.float64),
        ee_pose=pose_of(values["pose"]),
        gripper_width_m=values["width"],
    )
    return state, values["truth"]
