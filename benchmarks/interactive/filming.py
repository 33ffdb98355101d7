"""Takes of 100 frames in which everything goes its own way, with the true masks of one object.

Nothing is simulated but the cameras: arm and objects are put where they are to be at each moment,
so that they can do what makes labels hard.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sittings.writing import take_info, write_tick

from teachloop.datasets.steps import Action, Decider, Image
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.panda import HAND_OPENING_M, HOME_JOINTS_RAD
from teachloop.geometry.rotations import to_quaternion
from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.world import World

from .paths import Way, resting

Masks = NDArray[np.bool_]  # (frames, height, width)
Size = tuple[int, int]  # width, height
FRAMES = 100
SMALL: Size = (256, 256)
LARGE: Size = (640, 480)
_TICK_S = World.TICK_S
_EXPOSURES = 7  # of which a blurred image is the mean
_CLOSING_S = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class TrueTake:
    """A recorded take, and what is true of one object in it."""

    folder: Path
    target: str
    truth: Mapping[str, Masks]  # by camera


@dataclass(frozen=True, slots=True, eq=False)
class Grip:
    """The hand is closed on something of that width, from one second to another."""

    start_s: float
    end_s: float
    width_m: float

    def opening_m(self, time_s: float) -> float:
        """Of the hand, which takes a while to close and to open."""
        closed = np.clip((time_s - self.start_s) / _CLOSING_S, 0, 1)
        closed -= np.clip((time_s - self.end_s) / _CLOSING_S, 0, 1)
        return float(HAND_OPENING_M + closed * (self.width_m - HAND_OPENING_M))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stage:
    """A scene, and how hand and objects move in it; what has no way of its own stays."""

    scene: SceneSpec
    hand: Way
    objects: Mapping[str, Way] = field(default_factory=dict)
    grip: Grip | None = None
    shutter_s: float = 0.0  # how long each image is exposed

    def states(self, time_s: float, joints_rad: NDArray[np.float64]) -> NDArray[np.float64]:
        """The world's qpos at a moment; the arm near ``joints_rad`` (7,)."""
        joints = self.scene.robot.kinematics.inverse(self.hand(time_s), joints_rad, iterations=20)
        finger = self._opening_m(time_s) / 2
        poses = [self.objects[i.name](time_s) if i.name in self.objects else resting(i)
                 for i in self.scene.objects]  # fmt: skip
        turns = [to_quaternion(pose[:3, :3])[[3, 0, 1, 2]] for pose in poses]
        places = [np.concatenate([p[:3, 3], q]) for p, q in zip(poses, turns, strict=True)]
        return np.concatenate([joints, [finger, finger], *places])

    def action(self, time_s: float) -> Action:
        """What the robot is told at a moment."""
        shut = self.grip is not None and self.grip.start_s <= time_s < self.grip.end_s
        return Action(
            ee_pose=self.hand(time_s), gripper=0.0 if shut else 1.0, decided_by=Decider.SCRIPT
        )

    def _opening_m(self, time_s: float) -> float:
        return HAND_OPENING_M if self.grip is None else self.grip.opening_m(time_s)


def film(stage: Stage, folder: Path, size: Size) -> TrueTake:
    """Record a stage as `take.h5`, each camera in that size."""
    target, truth = stage.scene.task.target, Truth()
    with World(stage.scene) as world:
        cameras = {name: world.camera(name, *size) for name in world.cameras()}
        with TakeWriter(folder, take_info(folder, stage.scene, cameras)) as writer:
            for number, states in enumerate(_exposures(stage)):
                shots = [_shot(world, state, size, target) for state in states]
                images, masks = _exposed(shots)
                world.set_qpos(states[len(states) // 2])
                seen = replace(world.observe(images=False), images=images, cameras=cameras)
                write_tick(writer, number, seen, stage.action(number * _TICK_S), world.qpos)
                truth.add(masks)
    return TrueTake(folder, target, truth.stacked())


class Truth:
    """Collects true masks, frame by frame."""

    def __init__(self) -> None:
        self._masks: dict[str, list[NDArray[np.bool_]]] = {}

    def add(self, masks: Mapping[str, NDArray[np.bool_]]) -> None:
        """What the cameras see of the object at the next tick."""
        for name, mask in masks.items():
            self._masks.setdefault(name, []).append(mask)

    def stacked(self) -> dict[str, Masks]:
        """By camera."""
        return {name: np.stack(masks) for name, masks in self._masks.items()}


_Shot = tuple[dict[str, Image], dict[str, NDArray[np.bool_]]]


def _exposures(stage: Stage) -> Iterator[list[NDArray[np.float64]]]:
    """The states during each tick's exposure, an odd number, the tick's own in the middle."""
    joints = HOME_JOINTS_RAD
    for number in range(FRAMES):
        reach = stage.shutter_s / 2
        offsets = np.linspace(-reach, reach, _EXPOSURES) if reach else [0.0]
        states = []
        for offset in offsets:
            states.append(stage.states(number * _TICK_S + offset, joints))
            joints = states[-1][:7]
        yield states


def _shot(world: World, state: NDArray[np.float64], size: Size, target: str) -> _Shot:
    world.set_qpos(state)
    images = {name: world.render(name, *size) for name in world.cameras()}
    return images, {name: world.instance_masks(name, *size)[target] for name in images}


def _exposed(shots: Sequence[_Shot]) -> _Shot:
    """The mean of images; an object is where it was for most of the exposure."""
    names = list(shots[0][0])
    images = {
        name: np.mean([image[name] for image, _ in shots], axis=0).astype(np.uint8)
        for name in names
    }
    shares = {name: np.mean([mask[name] for _, mask in shots], axis=0) for name in names}
    return images, {name: share > 0.5 for name, share in shares.items()}
