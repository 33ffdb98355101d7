"""Good takes of the scripted demonstrator, as streams: what the recorder would have written."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from teachloop.datasets.quality.measures import Streams
from teachloop.datasets.steps import Action, Observation
from teachloop.datasets.takes.recorded_streams import ActionStream, FrameStream, RobotStream
from teachloop.geometry.rotations import Array
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.rollout import rollout
from teachloop.simulation.tasks import sample_scene
from teachloop.simulation.world import World

CAMERAS = ("front", "wrist")
JITTER_S = 0.001  # of a tick
CAME_S = (0.008, 0.025)  # from a picture's tick to its arrival


@dataclass(frozen=True, slots=True)
class Ran:
    """What was seen and done at each tick."""

    seen: Sequence[Observation]
    done: Sequence[Action]
    qpos: Array


def good_take(verb: str, seed: int) -> Streams | None:
    """One of a task; None where the demonstrator did not solve it."""
    scene = sample_scene(seed, verb=verb)
    with World(scene) as world:
        seen, done, states = [], [], []

        def note(observation: Observation, action: Action) -> None:
            seen.append(observation)
            done.append(action)
            states.append(world.qpos)

        expert = ScriptedExpert(scene, world.object_poses, seed)
        outcome = rollout(world, expert, images=False, on_tick=note)
    return _streams(Ran(seen, done, np.array(states)), seed) if outcome.success else None


def _streams(ran: Ran, seed: int) -> Streams:
    random = np.random.default_rng([seed, 7])
    count = len(ran.seen)
    due_s = np.arange(count, dtype=np.float64) * World.TICK_S
    ticks_ns = (1e9 * (due_s + np.abs(random.normal(0, JITTER_S, count)))).astype(np.int64)
    poses = np.array([action.ee_pose for action in ran.done])
    gripper = np.array([action.gripper for action in ran.done], np.float64)
    return Streams(
        rate_hz=1 / World.TICK_S,
        actions=ActionStream(
            time_ns=ticks_ns,
            requested_pose=poses,
            applied_pose=poses,
            decided_by=np.full(count, 2, np.uint8),
            clipped=np.zeros(count, np.uint32),
            requested_gripper=gripper,
            applied_gripper=gripper,
        ),
        robot=RobotStream(
            time_ns=ticks_ns,
            device_time_ns=ticks_ns,
            joint_positions_rad=np.array([each.joint_positions_rad for each in ran.seen]),
            joint_velocities_rad_s=np.array([each.joint_velocities_rad_s for each in ran.seen]),
            ee_pose=np.array([each.ee_pose for each in ran.seen]),
            gripper_width_m=np.array([each.gripper_width_m for each in ran.seen], np.float64),
        ),
        frames={name: _frames(due_s, random) for name in CAMERAS},
        same={name: np.zeros(count, bool) for name in CAMERAS},
        qpos=ran.qpos,
    )


def _frames(due_s: Array, random: np.random.Generator) -> FrameStream:
    count = len(due_s)
    came_ns = (1e9 * (due_s + random.uniform(*CAME_S, count))).astype(np.int64)
    return FrameStream(
        number=np.arange(count, dtype=np.int64),
        time_ns=came_ns,
        device_time_ns=(1e9 * due_s).astype(np.int64),
        offset=np.zeros(count, np.int64),
        length=np.full(count, 20_000, np.int64),
    )
