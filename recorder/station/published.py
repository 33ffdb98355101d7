"""What the station publishes beside its status, and how each topic is read.

Everything is (topic, one msgpack map), with a picture's JPEG in a further part.
"""

import time
from collections.abc import Mapping
from typing import TypeAlias

import msgpack
import numpy as np
from pydantic import TypeAdapter

from ...datasets.calibration import Calibration
from ...datasets.steps import Image, Observation
from ...runtime.ipc.frames import SharedFrame
from ...runtime.validation import StrictModel
from ..devices.messages import PREVIEW
from .status import Status

STATE, EVENT, OBSERVATION = "state", "event", "observation"
ALL_TOPICS = (STATE, PREVIEW, OBSERVATION, EVENT)


class Event(StrictModel):
    """Something that happened."""

    time_ns: int
    kind: str
    text: str


class Preview(StrictModel):
    """The newest picture of one camera, as it was encoded for pages; ``preview/<camera>``."""

    number: int
    time_ns: int  # host monotonic clock
    width: int
    height: int
    camera: str = ""  # from the topic
    jpeg: bytes = b""  # from the further part

    @property
    def wall_ms(self) -> float:
        """When it was taken, in ms since the epoch: the clock that a browser shares."""
        return time.time() * 1e3 - (time.monotonic_ns() - self.time_ns) / 1e6


class PolicyObservation(StrictModel):
    """What a policy in another process sees, while one is attached: no pixels, but where they
    lie. It reads the frames that it wants from the rings that the cameras' processes fill."""

    time_ns: int
    phase: str
    instruction: str
    joint_positions_rad: list[float]  # 7
    joint_velocities_rad_s: list[float]  # 7
    ee_pose: list[float]  # 16, row by row
    gripper_width_m: float
    cameras: dict[str, Calibration]
    image_time_ns: dict[str, int]
    frames: dict[str, SharedFrame]  # each camera's newest

    @property
    def age_ns(self) -> int:
        """How long ago it was."""
        return time.monotonic_ns() - self.time_ns

    def seen(self, images: Mapping[str, Image]) -> Observation:
        """The observation, with the images that were read for it."""
        return Observation(
            time_ns=self.time_ns,
            joint_positions_rad=np.array(self.joint_positions_rad),
            joint_velocities_rad_s=np.array(self.joint_velocities_rad_s),
            ee_pose=np.reshape(self.ee_pose, (4, 4)),
            gripper_width_m=self.gripper_width_m,
            images=images,
            image_time_ns=self.image_time_ns,
            cameras={name: each.camera for name, each in self.cameras.items()},
        )


Published: TypeAlias = Status | Event | Preview | PolicyObservation

_TOPICS: dict[str, TypeAdapter[Status] | TypeAdapter[Event] | TypeAdapter[PolicyObservation]] = {
    STATE: TypeAdapter(Status),
    EVENT: TypeAdapter(Event),
    OBSERVATION: TypeAdapter(PolicyObservation),
}


def read_published(parts: list[bytes]) -> Published:
    """One published message. Raises pydantic's ValidationError for another version's."""
    topic, content = parts[0].decode(), msgpack.unpackb(parts[1])
    if topic.startswith(PREVIEW):
        header = Preview.model_validate(content)
        camera = topic.removeprefix(PREVIEW)
        return header.model_copy(update={"camera": camera, "jpeg": parts[2]})
    return _TOPICS[topic].validate_python(content)
