"""The simulated world that robot and cameras of one process share; it goes on tick by tick."""

import secrets
from collections.abc import Callable
from dataclasses import replace

from ...datasets.steps import Action
from ...runtime.errors import TeachloopError
from ...simulation.language import HOLDING
from ...simulation.robot_spec import RobotSpec
from ...simulation.scenes import SceneSpec
from ...simulation.tasks import VERBS, Verb, sample_scene
from ...simulation.world import World
from ..devices.interfaces import ProcessContext
from ..devices.pose_bytes import pose_bytes
from ..devices.scene import SceneDescription, SceneTruth
from .followed_scene import FollowedScene


class WrongRate(TeachloopError):
    """A control rate at which simulated time would not be real time."""


class SimulatedScene:
    """The world behind robot and cameras; ``number`` counts its states, also across resets."""

    def __init__(self, seed: int, robot: RobotSpec) -> None:
        self.number, self._robot = 0, robot
        self.world = World(self._drawn_scene(seed, None, "base"))
        self._draw: list[Callable[[], None]] = []
        self._drawn: int | None = None

    def reset(self, seed: int | None, verb: str | None, split: str) -> None:
        seed = secrets.randbelow(2**31) if seed is None else seed
        self._show(self._drawn_scene(seed, verb, split))

    def restore(self, json_text: str) -> None:
        self._show(replace(SceneSpec.from_json(json_text), robot=self._robot))

    def _drawn_scene(self, seed: int, verb: str | None, split: str) -> SceneSpec:
        wanted = "novel" if split == "novel" else "base"
        if not self._robot.hand:
            verb, wanted = _without_hand(verb), "novel"
        return replace(sample_scene(seed, verb=_verb(verb), split=wanted), robot=self._robot)

    def _show(self, scene: SceneSpec) -> None:
        self.world.close()
        self.world = World(scene)
        self.number += 1

    def step(self, action: Action) -> None:
        """One control tick."""
        self.world.apply(action)
        self.number += 1

    def on_draw(self, draw: Callable[[], None]) -> None:
        """Call this, too, whenever the cameras' pictures are wanted."""
        self._draw.append(draw)
        self._drawn = None

    def draw(self) -> None:
        """Push a frame of each camera, unless nothing changed since the last one."""
        if self._drawn == self.number:
            return
        self._drawn = self.number
        for draw in self._draw:
            draw()

    @property
    def time_s(self) -> float:
        """Its own time."""
        return self.world.time_s

    def close(self) -> None:
        """Free what drawing allocated."""
        self.world.close()

    def description(self) -> SceneDescription:
        return SceneDescription.of(self.world.scene)

    def truth(self) -> SceneTruth:
        poses = self.world.object_poses()
        return SceneTruth(
            number=self.number,
            success=self.world.success(),
            missing=self.world.failure_reason,
            objects={name: pose_bytes(pose) for name, pose in poses.items()},
            qpos=self.world.qpos.tobytes(),
        )


def _without_hand(verb: str | None) -> str:
    """What can be done with a rod."""
    possible = [each for each in VERBS if each not in HOLDING]
    if verb not in (None, *possible):
        raise TeachloopError(f"Without a hand the simulator has {', '.join(possible)} alone.")
    return verb or possible[0]


def _verb(name: str | None) -> Verb | None:
    if name is None:
        return None
    for verb in VERBS:
        if verb == name:
            return verb
    raise TeachloopError(f"No verb {name!r} in the simulator. It has: {', '.join(VERBS)}.")


def shared_scene(context: ProcessContext) -> SimulatedScene:
    """The scene of this process; the first who asks sets it up. Raises WrongRate."""
    rate_hz = 1.0 / World.TICK_S
    if abs(context.control_rate_hz - rate_hz) > 1e-6:
        raise WrongRate(
            f"The simulator needs control_rate_hz: {rate_hz:g}; the station's settings say "
            f"{context.control_rate_hz:g}."
        )
    if not isinstance(context.scene, SimulatedScene):
        context.scene = SimulatedScene(context.seed, robot_of(context))
    return context.scene


def robot_of(context: ProcessContext) -> RobotSpec:
    """The robot that is set, as a simulated scene has it."""
    return RobotSpec.of(context.arm, context.tool, hand=context.hand)


def seen_scene(context: ProcessContext, address: str) -> SimulatedScene | FollowedScene:
    """What cameras of this process look at: its own scene, or the one before a simulated
    controller at an address. Raises WrongRate, DeviceSilent."""
    if not address:
        return shared_scene(context)
    if not isinstance(context.scene, FollowedScene):
        context.scene = FollowedScene(address, robot_of(context))
    return context.scene
