"""What the values of a take's description may be, whoever wrote the file."""

import json
from collections.abc import Mapping
from math import isfinite
from numbers import Integral, Real
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ...geometry.arms import ArmName
from ...runtime.validation import explain
from ..calibration import Calibration
from ..embodiment import FRANKA_GRIPPER, Gripper
from ..tool import FRANKA_HAND, Payload, Tool
from .source import Source
from .video_coding import VideoCoding

FASTEST_HZ = 1e4


def _scene(text: str) -> str:
    """Nothing on a real robot, or one JSON object."""
    try:
        scene = json.loads(text or "{}")
    except (ValueError, RecursionError):
        scene = None
    if not isinstance(scene, dict):
        raise ValueError("must be the JSON of a scene")
    return text


def _no_path(name: str) -> str:
    if "/" in name:
        raise ValueError("must be a camera's name, which is no path")
    return name


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be whole characters, not half of one") from None
    return text


Text = Annotated[str, AfterValidator(_whole)]
Table = dict[str, object]
MEASURES = 100  # more than any robot has
CameraName = Annotated[Text, AfterValidator(_no_path)]


TakeKind: TypeAlias = Literal["demonstration", "pictures"]
"""What a robot did, or pictures that nobody moved a robot for: they have no states, no actions."""


class Description(BaseModel):
    """The values of a take that a reader relies on; others are left to whoever wants them."""

    model_config = ConfigDict(strict=True)

    take_id: Text
    kind: TakeKind = "demonstration"
    created: Text
    created_time_ns: Annotated[int, Field(ge=0, lt=1 << 63)]
    task: Text = ""
    instruction: Text = ""
    operator: Text = ""
    taught_by: Text = ""
    replay_of: Text = ""
    source: Source | None = None
    robot: Text = ""
    arm: ArmName = "panda"
    tool: Tool = FRANKA_HAND
    gripper: Gripper | None = FRANKA_GRIPPER
    payload: Payload | None = None
    video: VideoCoding | None = None
    rate_hz: Annotated[float, Field(gt=0, le=FASTEST_HZ, allow_inf_nan=False)] = 20.0
    cameras: dict[CameraName, Calibration] = Field(default_factory=dict)
    robot_measures: Annotated[list[Text], Field(max_length=MEASURES)] = Field(default_factory=list)
    limits: Table = Field(default_factory=dict)
    versions: Table = Field(default_factory=dict)
    scene: Annotated[Text, AfterValidator(_scene)] = ""
    duration_s: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    health: Table = Field(default_factory=dict)
    interrupted: Text = ""
    damaged: Text = ""


def require_description(values: Mapping[str, Any]) -> None:
    """Raise ValueError on values that no take has, in words."""
    try:
        Description.model_validate(dict(values))
    except ValidationError as error:
        raise ValueError(explain(error.errors()).removesuffix(".")) from error


def require_text(name: str, value: object) -> None:
    """Raise TypeError or ValueError unless it is a text that can be stored as UTF-8."""
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r:.60}, not a text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name} is {value!a:.60}, half a character") from None


def is_number(value: object) -> bool:
    """Whether it is a finite number; to Python, a bool is an int."""
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def is_count(value: object) -> bool:
    """Whether it is an int that is not negative."""
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 0
