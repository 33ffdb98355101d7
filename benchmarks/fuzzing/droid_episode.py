"""Episodes as DROID's stations write them: what its trajectory writer and its recorders leave."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import h5py
import numpy as np

from teachloop.geometry.arms import PANDA
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.panda import HOME_JOINTS_RAD
from teachloop.geometry.poses import make_pose
from teachloop.geometry.rotations import from_rotation_vector

UUID = "AUTOLab+0d4edc83+2023-10-27-20h-25m-34s"
SERIALS = {"wrist": "18026681", "exterior_1": "22008760", "exterior_2": "24400334"}
POINT = make_pose(from_rotation_vector([0.0, 0.0, -0.7]), [0.0, 0.0, 0.12])  # seen from the flange
TASK = "Move object into or out of container (ex: drawer, clothes hamper, plate, trashcan, washer)"
LENS = np.array([[700.0, 0, 48], [0, 700, 36], [0, 0, 1]])
STANDS = [0.6, -0.4, 0.5, 2.1, 0.1, 0.4]  # position and turns of the first camera at the table
AT_HAND = [0.05, 0.0, 0.06, 0.1, 0.0, 1.5]


Draw = Callable[[int, str], np.ndarray]
"""The picture of a step and a camera, RGB (height, width, 3)."""


def plain(number: int, camera: str) -> np.ndarray:
    """Brighter from step to step."""
    return np.full((72, 96, 3), 10 * number % 256, np.uint8)


@dataclass(frozen=True, kw_only=True)
class DroidFile:
    """How one is made."""

    steps: int = 20
    period_ms: float = 80.0
    success: bool = True
    robot_serial: str = "panda-295341-1325480"
    skipped: Sequence[int] = ()
    frames: dict[str, int] = field(default_factory=dict)  # where they are not as many as steps
    calibrated: bool = True
    poses_off_m: float = 0.0  # of the last step, from where its joints are


def joints_at(step: float) -> np.ndarray:
    """(7,)"""
    return HOME_JOINTS_RAD + 0.2 * np.sin(0.15 * step + np.arange(7))


def told(pose: np.ndarray) -> list[float]:
    """Position, and turns about the fixed x, y and z, as scipy's ``as_euler("xyz")`` has them."""
    rotation = pose[:3, :3]
    about_y = -np.arcsin(rotation[2, 0])
    about_x = np.arctan2(rotation[2, 1], rotation[2, 2])
    about_z = np.arctan2(rotation[1, 0], rotation[0, 0])
    return [*pose[:3, 3], about_x, about_y, about_z]


def point_at(step: float) -> np.ndarray:
    """Where the point of its tool is (4, 4)."""
    return Kinematics(PANDA, POINT).forward(joints_at(step))


def closed_at(step: int) -> float:
    return min(1.0, step / 10)


def save_episode(folder: Path, how: DroidFile, draw: Draw = plain) -> Path:
    """Its folder."""
    (folder / "recordings" / "MP4").mkdir(parents=True)
    with h5py.File(folder / "trajectory.h5", "w") as file:
        file.attrs["success"], file.attrs["failure"] = how.success, not how.success
        file.attrs["current_task"] = TASK
        for name, rows in columns(how).items():
            file.create_dataset(name, data=rows, maxshape=(None, *rows.shape[1:]), chunks=True)
    for name, serial in SERIALS.items():
        for ending in ("", "-stereo"):
            path = folder / "recordings" / "MP4" / f"{serial}{ending}.mp4"
            write_video(path, name, how.frames.get(name, how.steps), draw)
    serials = {"wrist": "wrist_cam_serial", "exterior_1": "ext1_cam_serial"}
    about = {
        "uuid": UUID, "lab": "AUTOLab", "user": "Ada Lovelace", "success": how.success,
        "robot_serial": how.robot_serial, "current_task": TASK, "trajectory_length": how.steps,
        "ext2_cam_serial": SERIALS["exterior_2"],
        **{field: SERIALS[name] for name, field in serials.items()},
    }  # fmt: skip
    (folder / f"metadata_{UUID}.json").write_text(json.dumps(about))
    return folder


def columns(how: DroidFile) -> dict[str, np.ndarray]:
    steps, state, seen = range(how.steps), "observation/robot_state", "observation"
    poses = np.array([told(point_at(step)) for step in steps])
    poses[-1, 0] += how.poses_off_m
    found = {
        f"{state}/joint_positions": np.array([joints_at(step) for step in steps]),
        f"{state}/joint_velocities": np.full((how.steps, 7), 0.25),
        f"{state}/cartesian_position": poses,
        f"{state}/gripper_position": np.array([closed_at(step) for step in steps]),
        f"{state}/joint_torques_computed": np.zeros((how.steps, 7)),
        "action/cartesian_position": np.array([told(point_at(step + 1)) for step in steps]),
        "action/joint_position": np.array([joints_at(step + 1) for step in steps]),
        "action/gripper_position": np.array([closed_at(step + 1) for step in steps]),
        f"{seen}/timestamp/skip_action": np.isin(steps, how.skipped),
        f"{seen}/timestamp/control/step_start": 1_698_438_334_000
        + np.round(np.arange(how.steps) * how.period_ms).astype(np.int64),
    }
    for number, (name, serial) in enumerate(SERIALS.items()):
        found[f"{seen}/camera_type/{serial}"] = np.full(how.steps, min(number, 1))
        if how.calibrated:
            found[f"{seen}/camera_intrinsics/{serial}_left"] = np.tile(LENS, (how.steps, 1, 1))
            place = np.tile(STANDS, (how.steps, 1))
            if name == "wrist":
                found[f"{seen}/camera_extrinsics/{serial}_left_gripper_offset"] = np.tile(
                    AT_HAND, (how.steps, 1)
                )
                place[:, 0] += np.arange(how.steps)
            found[f"{seen}/camera_extrinsics/{serial}_left"] = place
    return found


def write_video(path: Path, camera: str, frames: int, draw: Draw) -> None:
    """A frame for each step."""
    with av.open(path, "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=60)
        stream.height, stream.width, stream.pix_fmt = *draw(0, camera).shape[:2], "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame.from_ndarray(draw(number, camera), format="rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
