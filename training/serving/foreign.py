"""openpi's own servers, whose numbers mean what their training data meant.

Such a server does not say what it understands, so an address names it: ``ws://gpu:8000#droid``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from ...datasets.steps import Action, Decider, Image, Observation, Pose
from ...geometry.panda import link_poses
from ...geometry.poses import apply_delta, inverse
from ...geometry.rotations import to_rotation_vector
from ...runtime.errors import TeachloopError
from ..data.preprocessing import opening_of, require_gripper
from .actions import Rows, at_rate, from_rows, tick_at, tick_ends, to_rows
from .arrays import Message

IMAGE_SIDE = 224


class NotThatKind(TeachloopError):
    def __init__(self, name: str, shape: tuple[int, ...], wanted: int) -> None:
        super().__init__(
            f"Actions {shape} are none of a {name} policy, which have {wanted} numbers a step. "
            f"Name another kind of server behind the # of its address: {', '.join(KINDS)}."
        )


class NoSuchView(TeachloopError):
    def __init__(self, wanted: str, known: Mapping[str, Image]) -> None:
        super().__init__(
            f"The policy needs a {wanted} camera; there are: {', '.join(known) or 'none'}."
        )


class ForeignKind(Protocol):
    """How a kind of openpi server is asked, and what its answers mean."""

    @property
    def execute(self) -> int:
        """Steps of a chunk before the next look."""
        ...

    @property
    def rate_hz(self) -> float:
        """Of its steps."""
        ...

    def request(self, observation: Observation, instruction: str) -> Message:
        """Raises NoSuchView, GripperMismatch."""
        ...

    def actions(self, rows: Rows, observation: Observation, rate_hz: float) -> list[Action]:
        """Targets for the station's ticks, of ``rate_hz``, from a chunk (steps, n).

        Raises NotThatKind.
        """
        ...


@dataclass(frozen=True, slots=True)
class Droid:
    """Joint velocities of a Franka at 15 Hz, as shares of 0.2 rad a step, and a gripper from
    0 (open) to 1 (closed). Khazatsky et al. 2024, DROID."""

    execute: int = 8
    rate_hz: float = 15.0
    step_rad: float = 0.2

    def request(self, observation: Observation, instruction: str) -> Message:
        require_gripper(True, observation)
        closed = 1.0 - (opening_of(observation) or 0.0)
        return {
            "observation/exterior_image_1_left": padded(exterior(observation)),
            "observation/wrist_image_left": padded(wrist(observation)),
            "observation/joint_position": observation.joint_positions_rad,
            "observation/gripper_position": np.clip([closed], 0.0, 1.0),
            "prompt": instruction,
        }

    def actions(self, rows: Rows, observation: Observation, rate_hz: float) -> list[Action]:
        _require("droid", rows, 8)
        speeds = rows[:, :7] / np.maximum(1.0, np.abs(rows[:, :7]).max(1, keepdims=True))
        start = observation.joint_positions_rad
        joints = start + self.step_rad * np.cumsum(np.concatenate([np.zeros((1, 7)), speeds]), 0)
        steps = tick_ends(len(rows) / self.rate_hz, rate_hz) * self.rate_hz
        at_ticks = np.stack([np.interp(steps, np.arange(len(joints)), j) for j in joints.T], 1)
        tool = inverse(link_poses(start)[6]) @ observation.ee_pose  # in the last joint's frame
        return [
            _action(link_poses(each)[6] @ tool, opens=bool(closed <= 0.5))
            for each, closed in zip(at_ticks, rows[tick_at(steps), 7], strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Libero:
    """Moves of the end effector at 20 Hz, as shares of 5 cm and 0.5 rad a step, and a gripper
    from -1 (open) to 1 (closed). Liu et al. 2023, LIBERO; robosuite's OSC_POSE."""

    execute: int = 5
    rate_hz: float = 20.0
    step: tuple[float, ...] = (0.05, 0.05, 0.05, 0.5, 0.5, 0.5)

    def request(self, observation: Observation, instruction: str) -> Message:
        require_gripper(True, observation)
        pose, finger_m = observation.ee_pose, (observation.gripper_width_m or 0.0) / 2
        state = [*pose[:3, 3], *to_rotation_vector(pose[:3, :3]), finger_m, -finger_m]
        return {
            "observation/image": padded(exterior(observation)),
            "observation/wrist_image": padded(wrist(observation)),
            "observation/state": np.array(state),
            "prompt": instruction,
        }

    def actions(self, rows: Rows, observation: Observation, rate_hz: float) -> list[Action]:
        _require("libero", rows, 7)
        moves = np.clip(rows[:, :6], -1.0, 1.0) * self.step
        pose, planned = observation.ee_pose, []
        for move, gripper in zip(moves, rows[:, 6], strict=True):
            pose = apply_delta(pose, move)
            planned.append(_action(pose, opens=bool(gripper <= 0.0)))
        targets = at_rate(to_rows(planned), self.rate_hz, rate_hz, observation.ee_pose)
        return from_rows(targets)


KINDS: Mapping[str, ForeignKind] = {"droid": Droid(), "libero": Libero()}


def exterior(observation: Observation) -> Image:
    """The first camera that does not ride on the hand. Raises NoSuchView."""
    for name, image in observation.images.items():
        if not _on_hand(observation, name):
            return image
    raise NoSuchView("fixed", observation.images)


def wrist(observation: Observation) -> Image:
    """The first camera that rides on the hand. Raises NoSuchView."""
    for name, image in observation.images.items():
        if _on_hand(observation, name):
            return image
    raise NoSuchView("wrist", observation.images)


def padded(image: Image, side: int = IMAGE_SIDE) -> Image:
    """The whole image (h, w, 3) in the middle of a square (side, side, 3), black around it."""
    height, width = image.shape[:2]
    scale = side / max(height, width)
    size = max(1, int(width * scale)), max(1, int(height * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    square = np.zeros((side, side, 3), np.uint8)
    top, left = (side - size[1]) // 2, (side - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = small
    return square


def _on_hand(observation: Observation, name: str) -> bool:
    camera = observation.cameras.get(name)
    return camera.mount == "end_effector" if camera else "wrist" in name


def _require(kind: str, rows: Rows, numbers: int) -> None:
    if rows.ndim != 2 or rows.shape[1] != numbers or not len(rows):
        raise NotThatKind(kind, rows.shape, numbers)


def _action(pose: Pose, *, opens: bool) -> Action:
    return Action(ee_pose=pose, gripper=float(opens), decided_by=Decider.POLICY)
