"""What the robot measured, each reading of it, and what was asked of it: in metres and radians."""

from collections.abc import Iterator, Sequence

import numpy as np
from foxglove_schemas_protobuf.FrameTransform_pb2 import FrameTransform
from foxglove_schemas_protobuf.FrameTransforms_pb2 import FrameTransforms
from foxglove_schemas_protobuf.JointState_pb2 import JointState
from foxglove_schemas_protobuf.JointStates_pb2 import JointStates
from foxglove_schemas_protobuf.Pose_pb2 import Pose
from foxglove_schemas_protobuf.Quaternion_pb2 import Quaternion
from foxglove_schemas_protobuf.Vector3_pb2 import Vector3
from numpy.typing import NDArray

from ....geometry.rotations import to_quaternion
from ...steps import Decider
from ...takes.recorded_streams import Floats
from .part import BASE, TARGET, TOOL, Part, Timed, camera_frame
from .schemas import Action, RobotReading

JOINTS, READINGS, ACTIONS = "/robot/joint_states", "/robot/readings", "/actions"
MOVING, STILL, ASKED = "/tf", "/tf_static", "/actions/tf"
DECIDERS = {each.value: each.name.lower() for each in Decider}


def joints(part: Part) -> Iterator[Timed]:
    """Angles, velocities, and torques where they were measured, under the names of Franka's own
    model of the arm."""
    robot, arm = part.take.robot, part.take.info.arm
    names = [f"{arm}_joint{number}" for number in range(1, 8)]
    for row, time_ns in part.rows(robot.time_ns):
        angles, speeds = robot.joint_positions_rad[row], robot.joint_velocities_rad_s[row]
        torques = _measured(robot.joint_torques_nm, row) or [None] * len(names)
        rows = zip(names, angles.tolist(), speeds.tolist(), torques, strict=True)
        states = [JointState(name=n, position=p, velocity=v, effort=e) for n, p, v, e in rows]
        message = JointStates(timestamp=part.clock.stamp(time_ns), joints=states)
        yield Timed(time_ns, JOINTS, message)


def readings(part: Part) -> Iterator[Timed]:
    """What was measured beside the joints."""
    robot = part.take.robot
    for row, time_ns in part.rows(robot.time_ns):
        message = RobotReading(
            timestamp=part.clock.stamp(time_ns),
            device_time_ns=int(robot.device_time_ns[row]),
            gripper_width_m=_number(robot.gripper_width_m, row),
            external_torques_nm=_measured(robot.external_torques_nm, row),
            external_wrench=_measured(robot.external_wrench, row),
            control_success_rate=_number(robot.control_success_rate, row),
        )
        yield Timed(time_ns, READINGS, message)


def actions(part: Part) -> Iterator[Timed]:
    """What was asked, what the limits let through, and who decided."""
    stream, limits = part.take.actions, list(part.take.info.limits)
    for row, time_ns in part.rows(stream.time_ns):
        message = Action(
            timestamp=part.clock.stamp(time_ns),
            decided_by=DECIDERS.get(int(stream.decided_by[row])),
            clipped=_named(limits, int(stream.clipped[row])),
            requested_pose=_pose(stream.requested_pose[row]),
            applied_pose=_pose(stream.applied_pose[row]),
            requested_gripper=_number(stream.requested_gripper, row),
            applied_gripper=_number(stream.applied_gripper, row),
        )
        yield Timed(time_ns, ACTIONS, message)


def tool(part: Part) -> Iterator[Timed]:
    """Where the tool's centre point was measured, in the base frame."""
    robot = part.take.robot
    for row, time_ns in part.rows(robot.time_ns):
        where = [_transform(part, time_ns, BASE, TOOL, robot.ee_pose[row])]
        yield Timed(time_ns, MOVING, FrameTransforms(transforms=where))


def target(part: Part) -> Iterator[Timed]:
    """Where the applied actions lead, in the base frame."""
    stream = part.take.actions
    for row, time_ns in part.rows(stream.time_ns):
        where = [_transform(part, time_ns, BASE, TARGET, stream.applied_pose[row])]
        yield Timed(time_ns, ASKED, FrameTransforms(transforms=where))


def camera_places(part: Part) -> Iterator[Timed]:
    """Where the cameras are that are calibrated, in the base frame or at the tool."""
    known = [part.take.info.cameras[name] for name in part.cameras]
    where = [
        _transform(
            part,
            part.start_ns,
            BASE if camera.mount == "base" else TOOL,
            camera_frame(camera.name),
            camera.pose,
        )
        for camera in known
        if camera.calibrated
    ]
    if where:
        yield Timed(part.start_ns, STILL, FrameTransforms(transforms=where))


def _transform(
    part: Part, time_ns: int, parent: str, child: str, pose: NDArray[np.float64]
) -> FrameTransform:
    """Of a pose (4, 4) of ``child`` in ``parent``."""
    known = _pose(pose)
    return FrameTransform(
        timestamp=part.clock.stamp(time_ns),
        parent_frame_id=parent,
        child_frame_id=child,
        translation=known.position,
        rotation=known.orientation,
    )


def _pose(pose: NDArray[np.float64]) -> Pose:
    x, y, z = pose[:3, 3].tolist()
    qx, qy, qz, qw = to_quaternion(pose[:3, :3]).tolist()
    return Pose(position=Vector3(x=x, y=y, z=z), orientation=Quaternion(x=qx, y=qy, z=qz, w=qw))


def _number(column: Floats | None, row: int) -> float | None:
    """None where it was not measured."""
    return None if column is None or np.isnan(column[row]) else float(column[row])


def _measured(column: Floats | None, row: int) -> list[float]:
    """None of them where they were not all measured."""
    return [] if column is None or np.isnan(column[row]).any() else column[row].tolist()


def _named(limits: Sequence[str], bits: int) -> list[str]:
    return [name for bit, name in enumerate(limits) if bits >> bit & 1]
