"""Records a scripted demonstration as a take, and keeps the truth of its target beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import simplejpeg

import teachloop.simulation.gl  # noqa: F401  before anything imports mujoco
from teachloop.datasets.steps import Action, Observation
from teachloop.datasets.takes.depth import to_millimetres
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.recorder.devices.interfaces import RobotState
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.geom_owners import ROBOT
from teachloop.simulation.language import NOVEL_VERBS
from teachloop.simulation.rollout import rollout
from teachloop.simulation.tasks import SceneSpec, sample_scene
from teachloop.simulation.views import USUAL
from teachloop.simulation.world import World

Paint = Callable[[str, int, np.ndarray], np.ndarray]  # camera, number, image -> another one
TICK_NS = 50_000_000
START_NS = 1_000_000_000


@dataclass(frozen=True)
class SimulatedTake:
    folder: Path
    scene: SceneSpec
    success: bool
    truth: dict[str, np.ndarray]  # camera -> (frames, height, width) bool, of the target
    robot: dict[str, np.ndarray]  # the same of the robot

    @property
    def target(self) -> str:
        return self.scene.task.target


def scene_of(verb: str, seed: int) -> SceneSpec:
    return sample_scene(seed, verb=verb, split="novel" if verb in NOVEL_VERBS else "base")


def record(
    folder: Path,
    scene: SceneSpec,
    seed: int = 0,
    max_ticks: int = 240,
    *,
    cameras: Sequence[str] = USUAL,
    depth: bool = False,
    told: bool = True,
    paint: Paint = lambda camera, number, image: image,
) -> SimulatedTake:
    """Run the expert in the scene and write `take.h5`; the same seed writes the same take.

    ``depth``: recorded beside the images. ``told``: whether the take says which scene it is of, as
    no real one does. ``paint``: what is done to each image.
    """
    with World(scene, cameras) as world:
        expert = ScriptedExpert(scene, world.object_poses, seed)
        info = TakeInfo(
            take_id=folder.name,
            created="2026-01-01T00:00:00+00:00",
            created_time_ns=START_NS,
            task=scene.task.verb,
            instruction=scene.instruction,
            robot="simulated" if told else "panda",
            cameras=world.cameras(),
            scene=scene.to_json() if told else "",
        )
        truth: dict[str, list[np.ndarray]] = {name: [] for name in info.cameras}
        robot: dict[str, list[np.ndarray]] = {name: [] for name in info.cameras}
        with TakeWriter(folder, info) as writer:

            def write(observation: Observation, action: Action) -> None:
                _write_tick(writer, world, observation, action, paint)
                if told:
                    writer.append_simulation(world.ticks, _time_ns(world), world.qpos)
                for name in cameras if depth else ():
                    at = world.ticks, _time_ns(world), _time_ns(world)
                    writer.append_depth(name, *at, to_millimetres(world.capture(name).depth_m))
                for name, masks in truth.items():
                    seen = world.instance_masks(name, 256, 256)
                    masks.append(seen[scene.task.target])
                    robot[name].append(seen[ROBOT])

            outcome = rollout(world, expert, max_ticks, on_tick=write)
    stacked = [{name: np.stack(each) for name, each in all_.items()} for all_ in (truth, robot)]
    return SimulatedTake(folder, scene, outcome.success, *stacked)


def _time_ns(world: World) -> int:
    return START_NS + world.ticks * TICK_NS


def _write_tick(
    writer: TakeWriter, world: World, observation: Observation, action: Action, paint: Paint
) -> None:
    number, time_ns = world.ticks, _time_ns(world)
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
    for name, image in observation.images.items():
        painted = np.ascontiguousarray(paint(name, number, image))
        jpeg = simplejpeg.encode_jpeg(painted, quality=95, colorspace="RGB", colorsubsampling="444")
        writer.append_frame(name, number, time_ns, time_ns, jpeg)
