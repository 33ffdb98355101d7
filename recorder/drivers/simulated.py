"""The simulated Franka as a robot, two cameras and a scene; time goes on tick by tick."""

import secrets
import time

from ...datasets.steps import Action
from ...datasets.takes.depth import to_millimetres
from ...geometry.camera import Camera
from ...runtime.errors import TeachloopError
from ...simulation.tasks import VERBS, Verb, sample_scene
from ...simulation.world import World
from ..devices.interfaces import Devices, Frame, RobotState
from ..devices.pose_bytes import pose_bytes
from ..devices.scene import SceneDescription, SceneTruth


class SimulatedScene:
    """The world behind robot and cameras; ``number`` counts its states, also across resets."""

    def __init__(self, seed: int) -> None:
        self.number = 0
        self.started_ns = time.monotonic_ns()
        self.world = World(sample_scene(seed))

    def reset(self, seed: int | None, verb: str | None, split: str) -> None:
        seed = secrets.randbelow(2**31) if seed is None else seed
        scene = sample_scene(seed, verb=_verb(verb), split="novel" if split == "novel" else "base")
        self.world.close()
        self.world = World(scene)
        self.number += 1

    def step(self, action: Action) -> None:
        """One control tick."""
        self.world.apply(action)
        self.number += 1

    def description(self) -> SceneDescription:
        scene = self.world.scene
        return SceneDescription(
            seed=scene.seed,
            verb=scene.task.verb,
            split=scene.split,
            instruction=scene.instruction,
            objects=[item.name for item in scene.objects],
            json_text=scene.to_json(),
        )

    def truth(self) -> SceneTruth:
        poses = self.world.object_poses()
        return SceneTruth(
            number=self.number,
            success=self.world.success(),
            missing=self.world.failure_reason,
            objects={name: pose_bytes(pose) for name, pose in poses.items()},
            qpos=self.world.qpos.tobytes(),
        )


def _verb(name: str | None) -> Verb | None:
    if name is None:
        return None
    for verb in VERBS:
        if verb == name:
            return verb
    raise TeachloopError(f"No verb {name!r} in the simulator. It has: {', '.join(VERBS)}.")


class SimulatedRobot:
    """The arm of a simulated scene."""

    def __init__(self, scene: SimulatedScene) -> None:
        self._scene = scene

    def __enter__(self) -> "SimulatedRobot":
        return self

    def __exit__(self, *error: object) -> None:
        self._scene.world.close()

    def read(self) -> RobotState:
        seen = self._scene.world.observe(images=False)
        return RobotState(
            time_ns=seen.time_ns,
            device_time_ns=round(self._scene.world.time_s * 1e9),
            joint_positions_rad=seen.joint_positions_rad,
            joint_velocities_rad_s=seen.joint_velocities_rad_s,
            ee_pose=seen.ee_pose,
            gripper_width_m=seen.gripper_width_m,
        )

    def apply(self, action: Action) -> Action:
        self._scene.step(action)
        return action

    def stop(self) -> None:
        """Time only goes on with the next action, which is to stay."""

    def acknowledge(self) -> None:
        """It never stops by itself."""


class SimulatedCamera:
    """One camera of a simulated scene: a new frame for each of its states."""

    def __init__(self, scene: SimulatedScene, name: str) -> None:
        self._scene, self.name = scene, name
        self._frame: Frame | None = None

    def __enter__(self) -> "SimulatedCamera":
        return self

    def __exit__(self, *error: object) -> None:
        """The scene is closed with its robot."""

    @property
    def calibration(self) -> Camera:
        """Of this scene: every scene jitters its cameras."""
        return self._scene.world.cameras()[self.name]

    def newest(self) -> Frame:
        if self._frame is None or self._frame.number != self._scene.number:
            self._frame = self._draw()
        return self._frame

    def _draw(self) -> Frame:
        world = self._scene.world
        seen = world.capture(self.name)
        return Frame(
            camera=self.name,
            number=self._scene.number,
            time_ns=time.monotonic_ns(),
            device_time_ns=round(world.time_s * 1e9),
            image=seen.image,
            preview=seen.preview,
            depth_mm=to_millimetres(seen.depth_m),
        )


def simulated_devices(seed: int) -> Devices:
    """A simulated Franka before a sampled scene."""
    scene = SimulatedScene(seed)
    cameras = {name: SimulatedCamera(scene, name) for name in ("front", "wrist")}
    return Devices(SimulatedRobot(scene), cameras, scene)
