"""What the station publishes beside its status, and how each topic is read.

Everything is (topic, one msgpack map), with a picture's JPEG in a further part.
"""

import time
from collections.abc import Callable, Mapping
from typing import Annotated, TypeAlias

import numpy as np
from pydantic import Field, TypeAdapter

from ...datasets.calibration import Calibration
from ...datasets.steps import Image, Observation
from ...runtime.ipc.frames import SharedFrame
from ...runtime.ipc.serialization import NotPacked, unpack_plain
from ...runtime.validation import Invalid, StrictModel, validated
from ..devices.messages import PREVIEW
from .endpoint import StationError
from .status import Status

STATE, EVENT, OBSERVATION = "state", "event", "observation"
ALL_TOPICS = (STATE, PREVIEW, OBSERVATION, EVENT)


Number = Annotated[float, Field(allow_inf_nan=False)]
Joints = Annotated[list[Number], Field(min_length=7, max_length=7)]


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
    joint_positions_rad: Joints
    joint_velocities_rad_s: Joints
    ee_pose: Annotated[list[Number], Field(min_length=16, max_length=16)]  # row by row
    gripper_width_m: Number | None  # None: there is no gripper
    gripper_opening_m: Annotated[Number, Field(gt=0)]
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
            gripper_opening_m=self.gripper_opening_m,
            images=images,
            image_time_ns=self.image_time_ns,
            cameras={name: each.camera for name, each in self.cameras.items()},
        )


Published: TypeAlias = Status | Event | Preview | PolicyObservation

_PREVIEW = TypeAdapter(Preview)
_STATE, _EVENT, _OBSERVATION = (
    TypeAdapter(Status),
    TypeAdapter(Event),
    TypeAdapter(PolicyObservation),
)
_TOPICS: Mapping[str, Callable[[object], Published]] = {
    STATE: lambda content: validated(_STATE, content, STATE),
    EVENT: lambda content: validated(_EVENT, content, EVENT),
    OBSERVATION: lambda content: validated(_OBSERVATION, content, OBSERVATION),
}


def read_published(parts: list[bytes]) -> Published:
    """One published message. Raises StationError for another version's."""
    try:
        topic, content, *more = parts
        return _read(topic.decode(), unpack_plain(content), *more)
    except (ValueError, LookupError, TypeError, NotPacked, Invalid) as error:
        raise StationError(f"What the station published is not understood: {error}") from None


def _read(topic: str, content: object, *more: bytes) -> Published:
    if topic.startswith(PREVIEW):
        (jpeg,) = more
        header = validated(_PREVIEW, content, "preview")
        return header.model_copy(update={"camera": topic.removeprefix(PREVIEW), "jpeg": jpeg})
    if topic not in _TOPICS or more:
        raise ValueError(f"no topic {topic!r:.60} of {2 + len(more)} parts is known")
    return _TOPICS[topic](content)
