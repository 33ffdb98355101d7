"""Requests of our own clients from observations, and observations from anybody's requests."""

from collections.abc import Mapping

import numpy as np

from ...datasets.calibration import Calibration
from ...datasets.embodiment import FRANKA, FRANKA_GRIPPER, Embodiment
from ...datasets.steps import Image, Observation, Pose
from ...geometry.camera import Camera
from ...geometry.kinematics import Kinematics
from ...geometry.panda import HAND_OPENING_M
from ...geometry.rotations import Array
from .arrays import NotUnderstood
from .protocol import Picture, Request, Sight


def to_request(
    observation: Observation, pictures: Mapping[str, Picture], prompt: str, run: int
) -> Request:
    """Everything that an observation says, with its images in the form that is given."""
    width_m = observation.gripper_width_m
    state = [*observation.joint_positions_rad, *([] if width_m is None else [width_m])]
    sight = Sight(
        run=run,
        time_ns=observation.time_ns,
        ee_pose=observation.ee_pose,
        joint_velocities_rad_s=observation.joint_velocities_rad_s,
        gripper_opening_m=_opening(observation),
        image_time_ns=dict(observation.image_time_ns),
        cameras={name: Calibration.of(each) for name, each in observation.cameras.items()},
    )
    return Request(prompt=prompt, state=np.array(state), images=dict(pictures), teachloop=sight)


def to_observation(
    request: Request,
    images: Mapping[str, Image],
    cameras: Mapping[str, Camera],
    mounted: Embodiment = FRANKA,
) -> Observation:
    """What a request says. Left out, the tool that is ``mounted`` is where the joints put it, and a
    camera is as ``cameras`` knows it. Raises NotUnderstood where the robot's state is missing."""
    if request.state is None:
        raise NotUnderstood(
            "state: must be 7 joint angles in rad and, where there is a gripper, its width in m"
        )
    gripper = mounted.gripper or FRANKA_GRIPPER
    joints, sight = request.state[:7], request.teachloop or Sight()
    pose, speeds = sight.ee_pose, sight.joint_velocities_rad_s
    told = {name: each.camera for name, each in sight.cameras.items()}
    return Observation(
        time_ns=sight.time_ns,
        joint_positions_rad=joints,
        joint_velocities_rad_s=np.zeros(7) if speeds is None else speeds,
        ee_pose=_tool(mounted, joints) if pose is None else pose,
        gripper_width_m=float(request.state[7]) if len(request.state) > len(joints) else None,
        gripper_opening_m=sight.gripper_opening_m or gripper.opening_m,
        images=images,
        image_time_ns=sight.image_time_ns,
        cameras={name: camera for name, camera in {**cameras, **told}.items() if name in images},
    )


def _opening(observation: Observation) -> float | None:
    """Where it is not that of a Franka Hand, which a server takes it for."""
    opening_m = observation.gripper_opening_m
    usual = observation.gripper_width_m is None or opening_m == HAND_OPENING_M
    return None if usual else opening_m


def _tool(mounted: Embodiment, joints_rad: Array) -> Pose:
    return Kinematics(flange_to_tool=mounted.tool.pose).forward(joints_rad)
