"""Applied targets in the space that was asked for, and what their numbers are called."""

import numpy as np
from numpy.typing import NDArray

from ....geometry.arms import ARMS
from ....geometry.kinematics import Kinematics
from ....geometry.poses import pose_delta, to_nine_numbers
from ...action_targets import target_deltas
from ...alignment import Ticks
from ...embodiment import Embodiment
from .errors import NoSuchJoints
from .options import ActionSpace

Floats = NDArray[np.float64]
POSITION = ("x_m", "y_m", "z_m")
ROTATION = tuple(f"rotation_{row}{column}" for column in (1, 2) for row in (1, 2, 3))
TURN = ("turn_x_rad", "turn_y_rad", "turn_z_rad")
JOINTS = tuple(f"joint_{number}_rad" for number in range(1, 8))
GRIPPER, WIDTH = "gripper", "gripper_width_m"
NAMES: dict[ActionSpace, tuple[str, ...]] = {
    "poses": (*POSITION, *ROTATION),
    "deltas": (*POSITION, *TURN),
    "joints": JOINTS,
}
ITERATIONS = 50
NEAR_M, NEAR_RAD = 1e-4, 2e-4  # from the applied pose to that of the joints


def action_names(space: ActionSpace, has_gripper: bool) -> list[str]:
    return [*NAMES[space], *([GRIPPER] if has_gripper else [])]


def actions_of(take_id: str, ticks: Ticks, space: ActionSpace, embodiment: Embodiment) -> Floats:
    """(T, …) as ``action_names`` has it. Raises NoSuchJoints."""
    if space == "joints":
        targets = joint_targets(take_id, ticks, embodiment)
    else:
        targets = target_deltas(ticks) if space == "deltas" else to_nine_numbers(ticks.applied_pose)
    return with_gripper(targets, ticks.applied_gripper)


def with_gripper(rows: Floats, gripper: Floats | None) -> Floats:
    """Rows (T, n) and a last column of the gripper's (T,), where there is one."""
    return rows if gripper is None else np.concatenate([rows, gripper[:, None]], 1)


def joint_targets(take_id: str, ticks: Ticks, embodiment: Embodiment) -> Floats:
    """Joint angles (T, 7) that bring the tool to each applied pose, those nearest to the measured
    ones: takes hold the pose alone. Raises NoSuchJoints."""
    kinematics = Kinematics(ARMS[embodiment.arm], embodiment.tool.pose)
    pairs = zip(ticks.applied_pose, ticks.joint_positions_rad, strict=True)
    joints = np.array([_nearest(kinematics, *pair) for pair in pairs])
    reached = np.array([kinematics.forward(each) for each in joints])
    delta = pose_delta(reached, ticks.applied_pose)
    metres, radians = (np.linalg.norm(part, axis=1) for part in (delta[:, :3], delta[:, 3:]))
    if len(apart := np.flatnonzero((metres > NEAR_M) | (radians > NEAR_RAD))):
        raise NoSuchJoints(take_id, float(ticks.time_ns[apart[0]] - ticks.time_ns[0]) / 1e9)
    return joints


def _nearest(kinematics: Kinematics, target: Floats, measured_rad: Floats) -> Floats:
    return kinematics.inverse(target, measured_rad, home_rad=measured_rad, iterations=ITERATIONS)
