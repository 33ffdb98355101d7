"""A small demo as RLBench saves it: a Panda that reaches down and closes, seen by two cameras."""

import pickle
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from teachloop.datasets.formats.rlbench.robot import BASE, FRANKA_COUNTS_RAD, TIP_TO_HAND
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.panda import HOME_JOINTS_RAD, tool_down
from teachloop.geometry.poses import inverse, make_pose
from teachloop.geometry.rotations import to_quaternion

STEPS = 12
SIZE = 64
NEAR_M, FAR_M = 0.01, 3.5
CUP, TABLE = 300, 17  # handles; that of the cup needs two of a picture's bytes
PLACE = Path("pick_up_cup", "variation0", "episodes", "episode0")
SENTENCES = ["pick up the red cup", "grasp the cup"]
FRONT = make_pose([[0, 0.5, -(0.75**0.5)], [1, 0, 0], [0, -(0.75**0.5), -0.5]], [1.4, 0.0, 0.8])
WRIST = make_pose(np.eye(3), [0.05, 0.0, -0.08])
LENGTH = 80.0  # focal, in pixels
HALF_A_TURN = np.diag([-1.0, -1.0, 1.0, 1.0])


def paths() -> tuple[np.ndarray, np.ndarray]:
    """Joint angles (STEPS, 7) as Franka counts them, and the hand's poses (STEPS, 4, 4)."""
    kinematics, joints, found = Kinematics(), HOME_JOINTS_RAD, []
    for step in range(STEPS):
        target = tool_down(0.0, [0.45 + 0.005 * step, 0.01 * step, 0.35 - 0.02 * step])
        joints = kinematics.inverse(target, joints, iterations=50)
        found.append(joints)
    return np.array(found), np.array([kinematics.forward(each) for each in found])


def widths() -> np.ndarray:
    """Of the gripper (STEPS,), which closes at the end."""
    return np.where(np.arange(STEPS) < STEPS - 3, 0.08, 0.04)


def colours(step: int) -> np.ndarray:
    """A red cup on a grey table, which comes nearer to the middle."""
    pixels = np.full((SIZE, SIZE, 3), 120, np.uint8)
    pixels[20:36, 10 + step : 26 + step] = [200, 30, 30]
    return pixels


def metres(step: int) -> np.ndarray:
    """Of the same: the cup is nearer than the table, and behind the table is nothing."""
    depth = np.full((SIZE, SIZE), 1.2)
    depth[:4] = FAR_M
    depth[20:36, 10 + step : 26 + step] = 1.0
    return depth


def observations() -> Iterator[dict[str, Any]]:
    """The attributes of each step."""
    joints, poses = paths()
    tips = BASE @ poses @ inverse(TIP_TO_HAND)
    for step in range(STEPS):
        tip = tips[step]
        yield {
            "joint_positions": joints[step] - FRANKA_COUNTS_RAD,
            "joint_velocities": np.full(7, 0.01 * step),
            "joint_forces": np.zeros(7),
            "gripper_pose": np.concatenate([tip[:3, 3], to_quaternion(tip[:3, :3])]),
            "gripper_matrix": tip,
            "gripper_open": float(widths()[step] > 0.07),
            "gripper_joint_positions": np.full(2, widths()[step] / 2),
            "task_low_dim_state": np.zeros(3),
            "front_rgb": None,
            "misc": _cameras(poses[step]),
        }


def _cameras(hand: np.ndarray) -> dict[str, Any]:
    intrinsics = np.array([[-LENGTH, 0, SIZE / 2], [0, -LENGTH, SIZE / 2], [0, 0, 1.0]])
    told: dict[str, Any] = {}
    for name, pose in (("front", FRONT), ("wrist", hand @ WRIST)):
        told |= {
            f"{name}_camera_extrinsics": BASE @ pose @ HALF_A_TURN,
            f"{name}_camera_intrinsics": intrinsics,
            f"{name}_camera_near": NEAR_M,
            f"{name}_camera_far": FAR_M,
        }
    return told


@contextmanager
def rlbench_classes() -> Iterator[tuple[type, type]]:
    """Classes that pickle calls by RLBench's names."""
    demo = type("Demo", (), {"__module__": "rlbench.demo"})
    observation = type("Observation", (), {"__module__": "rlbench.backend.observation"})
    modules = {name: types.ModuleType(name) for name in ("rlbench", "rlbench.backend")}
    for kind in (demo, observation):
        modules[kind.__module__] = types.ModuleType(kind.__module__)
        setattr(modules[kind.__module__], kind.__name__, kind)
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield demo, observation
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def pickled(steps: Sequence[Mapping[str, Any]], protocol: int = 3) -> bytes:
    """A demo of steps with these attributes."""
    with rlbench_classes() as (demo_class, observation_class):
        demo, rows = demo_class(), [observation_class() for _ in steps]
        for row, attributes in zip(rows, steps, strict=True):
            row.__dict__.update(attributes)
        demo.__dict__.update(_observations=rows, random_seed=np.random.RandomState(1).get_state())
        return pickle.dumps(demo, protocol)


def save_demo(root: Path, place: Path = PLACE, protocol: int = 3) -> Path:
    """The folder of the demo, below ``root``."""
    folder = root / place
    for name in ("front", "wrist"):
        for step in range(STEPS):
            _save(folder / f"{name}_rgb" / f"{step}.png", colours(step))
            share = (metres(step) - NEAR_M) / (FAR_M - NEAR_M)
            _save(folder / f"{name}_depth" / f"{step}.png", _in_bytes(share * (2**24 - 1)))
            handles = np.where(metres(step) == 1.0, CUP, TABLE)
            _save(folder / f"{name}_mask" / f"{step}.png", _in_bytes(handles)[..., ::-1])
    (folder / "low_dim_obs.pkl").write_bytes(pickled(list(observations()), protocol))
    (folder.parent.parent / "variation_descriptions.pkl").write_bytes(pickle.dumps(SENTENCES))
    return folder


def _in_bytes(numbers: np.ndarray) -> np.ndarray:
    """The highest byte first."""
    whole = np.rint(numbers).astype(np.int64)
    return np.stack([whole >> 16 & 255, whole >> 8 & 255, whole & 255], -1).astype(np.uint8)


def _save(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.ascontiguousarray(pixels)).save(path)
