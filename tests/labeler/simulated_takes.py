"""Records a scripted demonstration as a take, and keeps the truth of its target beside it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import simplejpeg

from teachloop.datasets.steps import Action, Observation
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.recorder.devices.interfaces import RobotState
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.rollout import rollout
from teachloop.simulation.tasks import SceneSpec, sample_scene
from teachloop.simulation.world import World

TICK_NS = 50_000_000
START_NS = 1_000_000_000


@dataclass(frozen=True)
class SimulatedTake:
    folder: Path
    scene: SceneSpec
    success: bool
    truth: dict[str, np.ndarray]  # camera -> (frames, height, width) bool, of the target

    @property
    def target(self) -> str:
        return self.scene.task.target


def scene_of(verb: str, seed: int) -> SceneSpec:
    return sample_scene(seed, verb=verb, split="novel" if verb == "push" else "base")


def record(folder: Path, scene: SceneSpec, seed: int = 0, max_ticks: int = 240) -> SimulatedTake:
    """Run the expert in the scene and write `take.h5`; the same seed writes the same take."""
    with World(scene) as world:
        expert = ScriptedExpert(scene, world.object_poses, seed)
        info = TakeInfo(
            take_id=folder.name,
            created="2026-01-01T00:00:00+00:00",
            created_time_ns=START_NS,
            task=scene.task.verb,
            instruction=scene.instruction,
            robot="simulated",
            cameras=world.cameras(),
            scene=scene.to_json(),
        )
        truth: dict[str, list[np.ndarray]] = {name: [] for name in info.cameras}
        with TakeWriter(folder, info) as writer:

            def write(observation: Observation, action: Action) -> None:
                _write_tick(writer, world, observation, action)
                for name, masks in truth.items():
                    masks.append(world.instance_masks(name, 256, 256)[scene.task.target])

            outcome = rollout(world, expert, max_ticks, on_tick=write)
    stacked = {name: np.stack(masks) for name, masks in truth.items()}
    return SimulatedTake(folder, scene, outcome.success, stacked)


def _write_tick(writer: TakeWriter, world: World, observation: Observation, action: Action) -> None:
    number = world.ticks
    time_ns = START_NS + number * TICK_NS
    writer.append_robot(
        RobotState(
            time_ns=time_ns,
            device_time_ns=time_ns,
            joint_positions_rad=observation.joint_positions_rad,
            joint_velocities_rad_s=observation.joint_velocities_rad_s,
            ee_pose=observation.ee_pose,
            gripper_width_m=observation.gripper_width_m,
        )
    )
    writer.append_action(time_ns, action, action)
    writer.append_simulation(number, time_ns, world.qpos)
    for name, image in observation.images.items():
        jpeg = simplejpeg.encode_jpeg(
            np.ascontiguousarray(image), quality=95, colorspace="RGB", colorsubsampling="444"
        )
        writer.append_frame(name, number, time_ns, time_ns, jpeg)
