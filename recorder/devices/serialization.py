"""Readings and actions as bytes, between the processes of a station."""

from typing import Annotated

import msgpack
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ...datasets.steps import Action, Decider
from ...runtime.ipc.ring import Record
from ...runtime.ipc.serialization import pack
from ...runtime.validation import StrictModel
from .interfaces import RobotState
from .pose_bytes import PackedPose, pose_bytes, pose_of
from .scene import SceneTruth


class PackedAction(StrictModel):
    """An action as it travels to the robot and to the take."""

    pose: PackedPose
    gripper: float | None  # None: there is none
    decided_by: Annotated[Decider, Field(strict=False)]
    points: bytes | None = None  # joint angles until the next tick, float64 (points, 7)

    @classmethod
    def of(cls, action: Action) -> "PackedAction":
        return cls(
            pose=pose_bytes(action.ee_pose),
            gripper=None if action.gripper is None else float(action.gripper),
            decided_by=action.decided_by,
            points=None if action.points_rad is None else action.points_rad.tobytes(),
        )

    @property
    def action(self) -> Action:
        return Action(
            ee_pose=pose_of(self.pose),
            gripper=self.gripper,
            decided_by=self.decided_by,
            points_rad=None if self.points is None else np.frombuffer(self.points).reshape(-1, 7),
        )


class PackedState(StrictModel):
    """A reading in a ring, and the truth about the scene; times go in the record's stamp."""

    joints: bytes
    velocities: bytes
    pose: PackedPose
    width: float | None  # of the gripper, where there is one
    opening: float
    joint_torques_nm: bytes | None = None
    external_torques_nm: bytes | None = None
    external_wrench: bytes | None = None
    errors: list[str] | None = None
    control_success_rate: float | None = None
    truth: SceneTruth | None = None


def pack_state(state: RobotState, truth: SceneTruth | None) -> bytes:
    """A reading, and the truth about the scene where there is one."""
    return pack(
        PackedState(
            joints=state.joint_positions_rad.tobytes(),
            velocities=state.joint_velocities_rad_s.tobytes(),
            pose=pose_bytes(state.ee_pose),
            width=None if state.gripper_width_m is None else float(state.gripper_width_m),
            opening=float(state.gripper_opening_m),
            joint_torques_nm=_bytes(state.joint_torques_nm),
            external_torques_nm=_bytes(state.external_torques_nm),
            external_wrench=_bytes(state.external_wrench),
            errors=None if state.errors is None else list(state.errors),
            control_success_rate=state.control_success_rate,
            truth=truth,
        )
    )


def _bytes(vector: NDArray[np.float64] | None) -> bytes | None:
    return None if vector is None else np.ascontiguousarray(vector, np.float64).tobytes()


def _vector(data: bytes | None) -> NDArray[np.float64] | None:
    return None if data is None else np.frombuffer(data, np.float64)


def unpack_state(record: Record) -> tuple[RobotState, SceneTruth | None]:
    """The reading in a ring's record, and the truth about the scene."""
    packed = PackedState.model_validate(msgpack.unpackb(record.payload.tobytes()))
    state = RobotState(
        time_ns=record.stamp.time_ns,
        device_time_ns=record.stamp.device_time_ns,
        joint_positions_rad=np.frombuffer(packed.joints, np.float64),
        joint_velocities_rad_s=np.frombuffer(packed.velocities, np.float64),
        ee_pose=pose_of(packed.pose),
        gripper_width_m=packed.width,
        gripper_opening_m=packed.opening,
        joint_torques_nm=_vector(packed.joint_torques_nm),
        external_torques_nm=_vector(packed.external_torques_nm),
        external_wrench=_vector(packed.external_wrench),
        errors=None if packed.errors is None else tuple(packed.errors),
        control_success_rate=packed.control_success_rate,
    )
    return state, packed.truth
