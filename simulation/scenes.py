"""A scene as plain data: everything that a World needs to be built again, bit for bit."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from ..runtime.errors import TeachloopError
from .language import Task
from .objects import SHAPES, Shape
from .robot_spec import PANDA_WITH_HAND, RobotSpec
from .unnamed import body

Split = Literal["base", "novel"]
Numbers = tuple[float, ...]


class BadScene(TeachloopError):
    """A scene that cannot be sampled or read."""


@dataclass(frozen=True, slots=True)
class ObjectSpec:
    """One object at rest on the table."""

    color: str
    shape: str
    x_m: float
    y_m: float
    yaw_rad: float

    @property
    def name(self) -> str:
        return f"{self.color} {self.shape}"

    @property
    def kind(self) -> Shape:
        return SHAPES.get(self.shape) or body(self.shape).shape


@dataclass(frozen=True, slots=True)
class Look:
    """Table, light and camera jitter of one scene."""

    table: str  # a name of tabletop.TABLES
    table_rgb: Numbers
    table_accent_rgb: Numbers
    light_direction: Numbers  # (3,) from the light towards the table
    light: float  # strength of the main light
    ambient: float
    front_position_jitter_m: Numbers  # (3,)
    front_target_jitter_m: Numbers  # (3,)
    wrist_position_jitter_m: Numbers  # (3,)
    wrist_target_jitter_m: Numbers  # (3,)


@dataclass(frozen=True, slots=True)
class SceneSpec:
    """One layout with one task. ``to_json`` and ``from_json`` are exact inverses."""

    seed: int
    split: Split
    objects: tuple[ObjectSpec, ...]
    task: Task
    instruction: str
    target_is_base: bool  # the base may have seen the target's colour and shape together
    start_position_m: Numbers  # (3,) the tool's centre point at the start, tool down
    start_yaw_rad: float
    look: Look
    robot: RobotSpec = PANDA_WITH_HAND

    def find(self, name: str) -> ObjectSpec:
        """The object of that name; raises BadScene when there is none."""
        for item in self.objects:
            if item.name == name:
                return item
        known = ", ".join(item.name for item in self.objects)
        raise BadScene(f"No object {name!r} in this scene. It has: {known}.")

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "SceneSpec":
        """The scene that ``to_json`` wrote; raises BadScene when it is none."""
        try:
            values = json.loads(text)
            return cls(**{**values, **_nested(values)})
        except (TypeError, KeyError, ValueError) as error:
            raise BadScene(f"This is no scene of the simulator: {error}") from error


def _nested(values: dict[str, Any]) -> dict[str, Any]:
    look: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in values["look"].items()
    }
    return {
        "objects": tuple(ObjectSpec(**item) for item in values["objects"]),
        "task": Task(**values["task"]),
        "look": Look(**look),
        "robot": RobotSpec.from_values(values.get("robot", {})),
        "start_position_m": tuple(values["start_position_m"]),
    }
