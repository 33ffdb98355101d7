"""What robosuite's operational space controller makes of an action."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationError
from typing_extensions import Self

from ....geometry.poses import apply_delta, inverse, make_pose, pose_delta
from ....geometry.rotations import from_rotation_vector
from ....runtime.validation import explain
from ..imported.episode import EpisodeRefused, Floats
from .robosuite import SITE_TO_HAND, Standing

OSC = "OSC_POSE"
WIDTH = 7  # of an action: six numbers for the hand, and the gripper's
FAR_M, FAR_RAD = 0.3, 1.0  # from where the hand is; what asks for more on average is no target


def _six(value: object) -> object:
    """One number stands for all six."""
    return (value,) * 6 if isinstance(value, int | float) else value


Number = Annotated[float, Field(ge=-100, le=100, allow_inf_nan=False)]
Six = Annotated[
    tuple[Number, Number, Number, Number, Number, Number],
    BeforeValidator(_six),
]
# Of a step, where a file tells none: robosuite's own
MOST = (0.05, 0.05, 0.05, 0.5, 0.5, 0.5)
LEAST = (-0.05, -0.05, -0.05, -0.5, -0.5, -0.5)
ONES = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0)


class Controller(BaseModel):
    """The part of its settings that is relied on."""

    model_config = ConfigDict(frozen=True)

    type: str = ""
    input_max: Six = ONES
    input_min: Six = (-1.0, -1.0, -1.0, -1.0, -1.0, -1.0)
    output_max: Six = MOST
    output_min: Six = LEAST
    impedance_mode: str = "fixed"
    control_delta: bool = True
    input_type: Literal["delta", "absolute"] = "delta"
    input_ref_frame: Literal["base", "world"] = "world"
    holds_turn: bool = True
    """Whether an action that turns nothing asks for the orientation that was asked for before."""

    @classmethod
    def of(cls, told: JsonValue) -> Self:
        """From ``controller_configs``: those of one arm, or, since robosuite 1.5, of a robot's
        parts. Raises EpisodeRefused."""
        one = told[0] if isinstance(told, list) and len(told) == 1 else told
        parts = one.get("body_parts") if isinstance(one, dict) else None
        if isinstance(parts, dict):
            arms = parts.get("arms", parts)
            arm = arms.get("right") if isinstance(arms, dict) else None
            one = {"input_ref_frame": "base", "holds_turn": False, **_map(arm)}
        try:
            return cls.model_validate(_map(one))
        except ValidationError as error:
            words = explain(error.errors())
            raise EpisodeRefused(f"Its controller is none of robosuite's: {words}") from None

    @property
    def is_absolute(self) -> bool:
        return self.input_type == "absolute" or not self.control_delta

    def unknown(self, width: int) -> str:
        """Why it is not known what actions of so many numbers ask for; "" where it is."""
        if not self.type:
            return "its controller is not told"
        if self.type != OSC:
            return f"its controller is {self.type!a:.60} and not {OSC}"
        if self.impedance_mode != "fixed":
            return "its actions also change how stiff the arm is"
        return "" if width == WIDTH else f"an action has {width} numbers and not {WIDTH}"

    def targets(self, actions: Floats, stands: Standing) -> Floats | None:
        """Poses (T, 4, 4) of the hand that actions (T, 7) ask for; None where they cannot be."""
        asked = (
            self._absolute(actions, stands) if self.is_absolute else self._moved(actions, stands)
        )
        delta = pose_delta(stands.sites, asked)
        far = [np.median(np.linalg.norm(part, axis=1)) for part in (delta[:, :3], delta[:, 3:])]
        return asked @ SITE_TO_HAND if far[0] <= FAR_M and far[1] <= FAR_RAD else None

    def _absolute(self, actions: Floats, stands: Standing) -> Floats:
        asked = make_pose(from_rotation_vector(actions[:, 3:6]), actions[:, :3])
        return inverse(stands.base) @ asked if self.input_ref_frame == "world" else asked

    def _moved(self, actions: Floats, stands: Standing) -> Floats:
        """From where the hand is at each step."""
        deltas = self._scaled(actions[:, :6])
        if self.input_ref_frame == "world":
            deltas = (deltas.reshape(-1, 2, 3) @ stands.base[:3, :3]).reshape(-1, 6)
        asked = apply_delta(stands.sites, deltas)
        if self.holds_turn:
            turns = np.any(np.abs(deltas[:, 3:]) > 1e-9, axis=1)
            asked[:, :3, :3] = _held(turns, asked, stands.sites[0])[:, :3, :3]
        return asked

    def _scaled(self, actions: Floats) -> Floats:
        """(T, 6) in metres and radians."""
        low, high = np.array(self.input_min), np.array(self.input_max)
        least, most = np.array(self.output_min), np.array(self.output_max)
        share = (np.clip(actions, low, high) - low) / np.where(high > low, high - low, 1.0)
        return least + share * (most - least)


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _held(mask: Any, rows: Floats, first: Floats) -> Floats:
    """Each row, or where the mask (T,) is not set the last before it that is; ``first`` before
    any."""
    newest = np.maximum.accumulate(np.where(mask, np.arange(len(rows)), -1))
    return np.where((newest >= 0).reshape(-1, *[1] * first.ndim), rows[newest], first)


def grippers(column: Floats, width_m: float, opening_m: float) -> Floats:
    """What a column (T,) of actions asks of the gripper, 1 open … 0 closed: above 0 it closes,
    below it opens, and 0 leaves it as it was, at first as the fingers are."""
    first = np.float64(width_m > opening_m / 2)
    return _held(column != 0, (column < 0).astype(np.float64), np.asarray(first))
