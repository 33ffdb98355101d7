"""Exported actions, applied to the same scene, lead the arm along the way that was measured. There
is no lag: in the simulator each target is applied at its own tick."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lerobot_files import LeRobotFiles
from numbered_pictures import picture
from pydantic import TypeAdapter
from rlds_files import RldsFiles
from robomimic_files import RobomimicFiles
from sittings.writing import take_info, write_tick

from teachloop.datasets.action_targets import integrate
from teachloop.datasets.embodiment import FRANKA
from teachloop.datasets.formats.format_names import TakeFormat
from teachloop.datasets.formats.take_export import OPTIONS, export_takes
from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.arms import ARMS
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import make_pose, pose_delta
from teachloop.geometry.roll_pitch_yaw import from_roll_pitch_yaw
from teachloop.geometry.rotations import from_rotation_vector, to_rotation_vector
from teachloop.runtime.validation import validated
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.rollout import rollout
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.world import World

SEED = 20_001
NEAR_M, NEAR_RAD = 2e-3, np.radians(0.5)  # what float32 and the joints' nearest pose leave
Targets = tuple[np.ndarray, np.ndarray]  # (T, 4, 4), (T,)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one take, in which the scripted expert puts something away."""
    data = tmp_path_factory.mktemp("data")
    scene = sample_scene(SEED, verb="put")
    with World(scene, ("front",)) as world:
        info = take_info(data / "takes" / "one", scene, world.cameras())
        with TakeWriter(data / "takes" / "one", info) as writer:

            def write(seen: Observation, did: Action) -> None:
                shown = {"front": picture(world.ticks, "front", (256, 256))}
                write_tick(writer, world.ticks, replace(seen, images=shown), did, world.qpos)

            agent = ScriptedExpert(scene, world.object_poses, SEED)
            assert rollout(world, agent, images=False, on_tick=write).success
    return data


def poses_of(flat: np.ndarray) -> np.ndarray:
    """(T, 4, 4) of positions and the first two columns of rotations (T, 9)."""
    first, second = flat[:, 3:6], flat[:, 6:9]
    return make_pose(np.stack([first, second, np.cross(first, second)], -1), flat[:, :3])


def lerobot(folder: Path) -> Targets:
    files = LeRobotFiles(folder)
    actions, names = files.column("action").astype(float), files.info["features"]["action"]["names"]
    if names[0] == "joint_1_rad":
        kinematics = Kinematics(ARMS[FRANKA.arm], FRANKA.tool.pose)
        return np.array([kinematics.forward(each) for each in actions[:, :7]]), actions[:, 7]
    if "turn_x_rad" in names:
        start = poses_of(files.column("observation.ee_pose")[:1].astype(float))[0]
        return integrate(start, actions[:, :6]), actions[:, 6]
    return poses_of(actions), actions[:, 9]


def robomimic(folder: Path) -> Targets:
    files = RobomimicFiles(folder)
    actions = files.column(0, "actions").astype(float) * files.about["action_scale"]
    x, y, z, w = files.column(0, "obs/robot0_eef_quat")[0].astype(float)
    turn = 2 * np.arccos(np.clip(w, -1, 1)) * np.array([x, y, z]) / np.linalg.norm([x, y, z])
    start = make_pose(from_rotation_vector(turn), files.column(0, "obs/robot0_eef_pos")[0])
    return integrate(start, actions[:, :6]), (actions[:, 6] < 0).astype(float)


def rlds(folder: Path) -> Targets:
    files = RldsFiles(folder)
    actions = files.column("steps/action").astype(float)
    state = files.column("steps/observation/state").astype(float)[0]
    start = make_pose(from_roll_pitch_yaw(state[3:6]), state[:3])
    turns = to_rotation_vector(from_roll_pitch_yaw(actions[:, 3:6]))
    return integrate(start, np.concatenate([actions[:, :3], turns], 1)), actions[:, 6]


def led(scene: SceneSpec, targets: Targets) -> tuple[np.ndarray, bool]:
    """The measured way (T, 4, 4) of an arm to which these are applied, and whether it succeeds."""
    with World(scene, ()) as world:
        way = []
        for pose, gripper in zip(*targets, strict=True):
            way.append(world.ee_pose())
            world.apply(Action(ee_pose=pose, gripper=gripper, decided_by=Decider.SCRIPT))
        return np.array(way), world.success()


CASES: dict[str, tuple[TakeFormat, dict[str, object], Callable[[Path], Targets]]] = {
    "LeRobot, poses": ("lerobot", {"actions": "poses"}, lerobot),
    "LeRobot, deltas": ("lerobot", {"actions": "deltas"}, lerobot),
    "LeRobot, joints": ("lerobot", {"actions": "joints"}, lerobot),
    "robomimic": ("robomimic", {}, robomimic),
    "RLDS": ("rlds", {}, rlds),
}


@pytest.mark.parametrize("case", list(CASES))
def test_the_arm_goes_the_way_that_was_measured(data: Path, tmp_path: Path, case: str) -> None:
    form, asked, targets_in = CASES[case]
    options = validated(TypeAdapter(OPTIONS[form]), asked)
    export_takes(data, ["one"], options, tmp_path / "out", lambda message, share: None)
    with Take.open(data / "takes" / "one") as take:
        scene, measured = SceneSpec.from_json(take.info.scene), take.robot.ee_pose
    way, succeeds = led(scene, targets_in(tmp_path / "out"))
    off = pose_delta(way, measured)
    assert np.linalg.norm(off[:, :3], axis=1).max() < NEAR_M
    assert np.linalg.norm(off[:, 3:], axis=1).max() < NEAR_RAD
    assert succeeds
