"""Writes what a simulated world shows and does into a take, tick by tick."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera
from teachloop.recorder.devices.interfaces import RobotState
from teachloop.simulation.scenes import SceneSpec

TICK_NS = 50_000_000
START_NS = 1_000_000_000


def take_id(number: int) -> str:
    """Of takes that were recorded second after second."""
    return f"20260101-{number // 3600:02d}{number // 60 % 60:02d}{number % 60:02d}-0000"


def take_info(folder: Path, scene: SceneSpec, cameras: Mapping[str, Camera]) -> TakeInfo:
    """What is known of a take of a scene as it begins."""
    return TakeInfo(
        take_id=folder.name,
        created="2026-01-01T00:00:00+00:00",
        created_time_ns=START_NS,
        task=scene.task.verb,
        instruction=scene.instruction,
        robot="simulated",
        cameras=cameras,
        scene=scene.to_json(),
    )


def write_tick(
    writer: TakeWriter, number: int, seen: Observation, action: Action, qpos: NDArray[np.float64]
) -> None:
    """One tick: the robot's state, what it is told, the world's state and the images."""
    time_ns = START_NS + number * TICK_NS
    state = RobotState(
        time_ns=time_ns,
        device_time_ns=time_ns,
        joint_positions_rad=seen.joint_positions_rad,
        joint_velocities_rad_s=seen.joint_velocities_rad_s,
        ee_pose=seen.ee_pose,
        gripper_width_m=seen.gripper_width_m,
    )
    writer.append_robot(state)
    asked = _as_recorded(action, seen)
    writer.append_action(time_ns, asked, asked)
    writer.append_simulation(number, time_ns, qpos)
    for name, image in seen.images.items():
        writer.append_frame(name, number, time_ns, time_ns, encode_jpeg(image))


def _as_recorded(action: Action, seen: Observation) -> Action:
    """Of an arm that somebody leads by the hand, where it is: nobody asks it for anything."""
    led = action.decided_by == Decider.GUIDED
    return replace(action, ee_pose=seen.ee_pose) if led else action
