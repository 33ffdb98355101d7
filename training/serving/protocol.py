"""Observations and chunks of actions as bytes, between a station and a policy server.

Images travel as JPEGs of the quality that takes have, so that a policy sees what it learned from.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgpack
import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Action, Decider, Observation
from ...datasets.takes.jpeg import decode_jpeg, encode_jpeg
from ...geometry.camera import Camera
from ...runtime.errors import TeachloopError


class NotUnderstood(TeachloopError):
    """A message that is no message of ours."""

    def __init__(self, reason: object) -> None:
        super().__init__(f"The message was not understood: {reason!r}. Are both ends teachloop?")


def pack(message: Mapping[str, Any]) -> bytes:
    """msgpack, in the few plain types that it knows."""
    packed = msgpack.packb(dict(message))
    assert packed is not None  # its type says so, its code never does it
    return packed


def unpack(data: bytes) -> dict[str, Any]:
    """Raises NotUnderstood on anything but a packed mapping."""
    try:
        message = msgpack.unpackb(data)
    except (ValueError, msgpack.UnpackException) as error:
        raise NotUnderstood(error) from error
    if not isinstance(message, dict):
        raise NotUnderstood(type(message).__name__)
    return message


def from_observation(observation: Observation) -> dict[str, Any]:
    """Plain values and bytes."""
    return {
        "time_ns": observation.time_ns,
        "joint_positions_rad": observation.joint_positions_rad.tolist(),
        "joint_velocities_rad_s": observation.joint_velocities_rad_s.tolist(),
        "ee_pose": observation.ee_pose.ravel().tolist(),
        "gripper_width_m": float(observation.gripper_width_m),
        "images": {name: encode_jpeg(image) for name, image in observation.images.items()},
        "image_time_ns": dict(observation.image_time_ns),
        "cameras": {name: camera.to_dict() for name, camera in observation.cameras.items()},
    }


def to_observation(message: Mapping[str, Any]) -> Observation:
    """Raises NotUnderstood, also on pictures that are none."""
    try:
        return Observation(
            time_ns=int(message["time_ns"]),
            joint_positions_rad=_numbers(message["joint_positions_rad"]),
            joint_velocities_rad_s=_numbers(message["joint_velocities_rad_s"]),
            ee_pose=_numbers(message["ee_pose"]).reshape(4, 4),
            gripper_width_m=float(_numbers(message["gripper_width_m"])),
            images={name: decode_jpeg(jpeg) for name, jpeg in message["images"].items()},
            image_time_ns=message["image_time_ns"],
            cameras={name: Camera.from_dict(each) for name, each in message["cameras"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise NotUnderstood(error) from error


def _numbers(given: Any) -> NDArray[np.float64]:
    numbers = np.array(given, np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError("numbers that are not finite")
    return numbers


def from_chunk(
    actions: Sequence[Action], attention: Mapping[str, NDArray[np.float32]]
) -> dict[str, Any]:
    """Plain values and bytes."""
    return {
        "poses": np.stack([action.ee_pose for action in actions]).tobytes(),
        "grippers": [float(action.gripper) for action in actions],
        "attention": {
            name: [*grid.shape, grid.astype(np.float32).tobytes()]
            for name, grid in attention.items()
        },
    }


def to_chunk(message: Mapping[str, Any]) -> tuple[list[Action], dict[str, NDArray[np.float32]]]:
    """The actions, and where the policy looked. Raises NotUnderstood."""
    try:
        poses = np.frombuffer(message["poses"], np.float64).reshape(-1, 4, 4)
        actions = [
            Action(ee_pose=pose, gripper=gripper, decided_by=Decider.POLICY)
            for pose, gripper in zip(poses, message["grippers"], strict=True)
        ]
        grids = {
            name: np.frombuffer(data, np.float32).reshape(rows, columns)
            for name, (rows, columns, data) in message["attention"].items()
        }
    except (KeyError, TypeError, ValueError) as error:
        raise NotUnderstood(error) from error
    return actions, grids
