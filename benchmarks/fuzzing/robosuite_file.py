"""A small file as robomimic makes it of robosuite's demos: a Panda that moves, turns and closes,
seen by two cameras, with what robosuite's controller was asked for."""

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from teachloop.geometry.arms import PANDA
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.panda import HOME_JOINTS_RAD
from teachloop.geometry.poses import make_pose
from teachloop.geometry.rotations import from_rotation_vector, to_quaternion

STEPS, SIZE, RATE_HZ = 12, 24, 10.0
CAMERAS = ("agentview", "robot0_eye_in_hand")
BASE = make_pose(from_rotation_vector([0.0, 0.0, 0.7]), [-0.56, 0.1, 0.912])
SITE_M = 0.097  # from the flange to between the fingers, in robosuite's gripper
LARGEST = np.array([0.05, 0.05, 0.05, 0.5, 0.5, 0.5])
WORDS = "lift the red cube"
LOOK = make_pose(from_rotation_vector([np.pi, 0.0, 0.3]), [0.1, 0.2, 1.6])  # of a camera above
LENGTH = 40.0  # focal, in pixels
CONTROLLER: dict[str, Any] = {
    "type": "OSC_POSE",
    "input_max": 1,
    "input_min": -1,
    "output_max": LARGEST.tolist(),
    "output_min": (-LARGEST).tolist(),
    "impedance_mode": "fixed",
    "control_delta": True,
}
ARGUMENTS: dict[str, Any] = {
    "robots": ["Panda"],
    "control_freq": RATE_HZ,
    "controller_configs": CONTROLLER,
    "reward_shaping": False,
}


def joints(seed: int = 0) -> np.ndarray:
    """(STEPS, 7)."""
    phase = np.random.default_rng(seed).uniform(0, 2 * np.pi, 7)
    swing = 0.3 * np.sin(phase + np.linspace(0, 1.5, STEPS)[:, None])
    return HOME_JOINTS_RAD + swing


def flanges(angles: np.ndarray) -> np.ndarray:
    """(STEPS, 4, 4) in the base frame."""
    kinematics = Kinematics(PANDA, np.eye(4))
    return np.array([kinematics.forward(each) for each in angles])


def told_poses(angles: np.ndarray, base: np.ndarray = BASE) -> tuple[np.ndarray, np.ndarray]:
    """Positions (STEPS, 3) of the grip site and quaternions (STEPS, 4) of the hand's body, in the
    world."""
    hand = make_pose(from_rotation_vector([0.0, 0.0, np.pi / 4]), [0.0, 0.0, SITE_M])
    poses = base @ flanges(angles) @ hand
    return poses[:, :3, 3], to_quaternion(poses[:, :3, :3])


def actions() -> np.ndarray:
    """(STEPS, 7): it turns in all steps but three, and closes at last."""
    rows = np.random.default_rng(3).uniform(-0.9, 0.9, (STEPS, 7))
    rows[[0, 4, 5], 3:6] = 0.0
    rows[:, 6] = np.where(np.arange(STEPS) < STEPS - 4, -1.0, 1.0)
    rows[2, 6] = rows[STEPS - 1, 6] = 0.0  # which leaves it as it is
    return rows


def widths() -> np.ndarray:
    """Of the gripper (STEPS,)."""
    return np.linspace(0.08, 0.03, STEPS)


def pictures(camera: str) -> np.ndarray:
    """(STEPS, SIZE, SIZE, 3): bright at the top, and a bar that moves."""
    rows = np.zeros((STEPS, SIZE, SIZE, 3), np.uint8)
    rows[:, : SIZE // 2] = 200 if camera == CAMERAS[0] else 120
    for step in range(STEPS):
        rows[step, :, 2 * step : 2 * step + 2] = [250, 10, 10]
    return rows


def observed(seed: int = 0) -> dict[str, np.ndarray]:
    places, turns = told_poses(joints(seed))
    return {
        "robot0_joint_pos": joints(seed),
        "robot0_joint_vel": np.gradient(joints(seed), axis=0) * RATE_HZ,
        "robot0_eef_pos": places,
        "robot0_eef_quat": turns,
        "robot0_gripper_qpos": np.stack([widths() / 2, -widths() / 2], 1),
        "object": np.zeros((STEPS, 10)),
        **{f"{camera}_image": pictures(camera) for camera in CAMERAS},
    }


def camera_info() -> dict[str, Any]:
    lengths = [[LENGTH, 0, SIZE / 2], [0, LENGTH, SIZE / 2], [0, 0, 1.0]]
    return {name: {"intrinsics": lengths, "extrinsics": LOOK.tolist()} for name in CAMERAS}


def write_file(path: Path, demos: int = 1, packed: bool = False, **arguments: Any) -> Path:
    """``arguments``: of the environment, others than usual."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        data = file.create_group("data")
        told = {"env_name": "Lift", "type": 1, "env_kwargs": {**ARGUMENTS, **arguments}}
        data.attrs.update({"env_args": json.dumps(told), "total": demos * STEPS})
        for number in range(demos):
            _write_demo(data.create_group(f"demo_{number}"), number, packed)
        for name, chosen in (("train", range(1, demos)), ("valid", range(1))):
            file[f"mask/{name}"] = np.array([f"demo_{number}" for number in chosen], "S")
    return path


def _write_demo(demo: h5py.Group, number: int, packed: bool) -> None:
    for name, rows in observed(number).items():
        for where in ("obs", "next_obs"):
            how = {"compression": "gzip"} if packed else {}
            demo.create_dataset(f"{where}/{name}", data=rows, **how)
    demo["actions"] = actions()
    demo["states"] = np.zeros((STEPS, 30))
    demo["rewards"] = (np.arange(STEPS) == STEPS - 1).astype(np.float64)
    demo["dones"] = (np.arange(STEPS) == STEPS - 1).astype(np.int64)
    demo.attrs["num_samples"] = STEPS
    demo.attrs["model_file"] = "<mujoco/>"
    demo.attrs["ep_meta"] = json.dumps({"lang": WORDS})
    demo.attrs["camera_info"] = json.dumps(camera_info())
