"""What a take is made of, whoever's format it was read from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ....geometry.arms import ArmName
from ....geometry.camera import Camera
from ....runtime.errors import TeachloopError
from ...embodiment import FRANKA_GRIPPER, Gripper
from ...labels.edit import Edit
from ...takes.depth import Depth
from ...takes.metadata_validation import TakeKind
from ...tool import FRANKA_HAND, Tool

Floats = NDArray[np.float64]


class EpisodeRefused(TeachloopError):
    """An episode that no take can be made of; the others of its set are not affected."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Motion:
    """What a robot did at T steps, and what was asked of it at the first A of them."""

    joints_rad: Floats  # (T, 7)
    speeds_rad_s: Floats  # (T, 7)
    poses: Floats  # (T, 4, 4) of the tool's centre point in the base frame
    widths_m: Floats | None  # (T,) None: there is no gripper
    targets: Floats  # (A, 4, 4)
    grippers: Floats | None  # (A,) 1 open … 0 closed
    decided_by: NDArray[np.uint8]  # (A,) steps.Decider


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame of a camera, at a step."""

    camera: str
    step: int
    jpeg: bytes
    depth_mm: Depth | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Description:
    """All that is known of an episode but its numbers and its pictures."""

    rate_hz: float
    kind: TakeKind = "demonstration"
    task: str = ""
    wordings: tuple[str, ...] = ()  # the first is the instruction
    operator: str = ""
    robot: str = ""
    arm: ArmName = "panda"
    tool: Tool = FRANKA_HAND
    gripper: Gripper | None = FRANKA_GRIPPER
    cameras: Mapping[str, Camera] = field(default_factory=dict)
    success: bool | None = None  # None: nobody judged it
    assumed: Sequence[str] = ()  # see ``takes.source``


class Episode(Protocol):
    """One that was read and is sound, but for its pictures."""

    @property
    def description(self) -> Description: ...

    @property
    def steps(self) -> int: ...

    @property
    def motion(self) -> Motion | None:
        """None: these are pictures alone."""
        ...

    def pictures(self) -> Iterator[Picture]:
        """Those of each camera in the order of the steps. Raises EpisodeRefused."""
        ...

    def edits(self, times_ns: NDArray[np.int64]) -> list[Edit]:
        """What is said of it beyond its description; the times (T,) are those of its steps.
        Asked for after the pictures. Raises EpisodeRefused."""
        ...


class Stored(Protocol):
    """An episode that lies in a set."""

    @property
    def place(self) -> str:
        """Which one it is, to a person."""
        ...

    def sha256(self) -> str:
        """Of all of its content that is read. Raises OSError, EpisodeRefused."""
        ...

    def read(self) -> Episode:
        """Raises EpisodeRefused, OSError."""
        ...
