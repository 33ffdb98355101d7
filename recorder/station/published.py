"""What the station publishes beside its status, and how each topic is read.

Everything is (topic, one msgpack map), with a picture's JPEG in a further part.
"""

import time
from typing import TypeAlias

import msgpack
import numpy as np
from pydantic import TypeAdapter

from ...datasets.steps import Image, Observation
from ...runtime.validation import StrictModel
from ..devices.messages import Calibration
from .status import Status

STATE, EVENT, OBSERVATION, PREVIEW = "state", "event", "observation", "preview/"
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


class RawImage(StrictModel):
    """An image (height, width, 3) RGB."""

    shape: list[int]
    data: bytes

    @classmethod
    def of(cls, image: Image) -> "RawImage":
        return cls(shape=list(image.shape), data=image.tobytes())

    @property
    def image(self) -> Image:
        return np.frombuffer(self.data, np.uint8).reshape(self.shape)


class PolicyObservation(StrictModel):
    """What a policy in another process sees, while one is attached."""

    time_ns: int
    phase: str
    instruction: str
    joint_positions_rad: list[float]  # 7
    joint_velocities_rad_s: list[float]  # 7
    ee_pose: list[float]  # 16, row by row
    gripper_width_m: float
    cameras: dict[str, Calibration]
    image_time_ns: dict[str, int]
    images: dict[str, RawImage]

    @property
    def observation(self) -> Observation:
        return Observation(
            time_ns=self.time_ns,
            joint_positions_rad=np.array(self.joint_positions_rad),
            joint_velocities_rad_s=np.array(self.joint_velocities_rad_s),
            ee_pose=np.reshape(self.ee_pose, (4, 4)),
            gripper_width_m=self.gripper_width_m,
            images={name: each.image for name, each in self.images.items()},
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
