"""Action statistics: what a normalised action of -1 and of 1 is in the robot's units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict, FiniteFloat, ValidationError

from ...runtime.errors import TeachloopError
from ...runtime.validation import explain
from .actions import ACTION_WIDTH, ARM_WIDTH

NARROWEST = 1e-6  # a range below this is a constant


class NoSuchStatistics(TeachloopError):
    """Statistics that a checkpoint does not carry."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"No action statistics {name!r}. Known: {', '.join(known) or 'none'}.")


class WhichRobot(TeachloopError):
    """A base alone that knows several robots, or none."""

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(
            "This OpenVLA carries the action statistics of: "
            f"{', '.join(known) or 'no robot'}. Say which to act by as BASE#NAME, as in "
            "openvla/openvla-7b#bridge_orig, or fine-tune it."
        )


class WrongStatistics(TeachloopError):
    """Statistics that cannot be used."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The action statistics are wrong: {reason}. They need q01, q99 and mask of one "
            "length, with q01 not above q99."
        )


class Published(BaseModel):
    """The published form, of which the rest is left out."""

    model_config = ConfigDict(frozen=True, strict=True)

    q01: list[FiniteFloat]
    q99: list[FiniteFloat]
    mask: list[bool] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """First and last percentile of each number of an action; where ``mask`` is False a number
    is never scaled (the gripper)."""

    q01: NDArray[np.float64]  # (7,), or (6,) without a gripper
    q99: NDArray[np.float64]
    mask: NDArray[np.bool_]

    def __post_init__(self) -> None:
        if not self.q01.shape == self.q99.shape == self.mask.shape:
            raise WrongStatistics(f"lengths {self.q01.shape}, {self.q99.shape}, {self.mask.shape}")
        if not (self.q01 <= self.q99).all():
            raise WrongStatistics(f"q01 is {self.q01.tolist()} and q99 {self.q99.tolist()}")

    @classmethod
    def read(cls, action: Mapping[str, Any]) -> "Statistics":
        """From the published form; without a mask everything is scaled. Raises WrongStatistics."""
        try:
            said = Published.model_validate(action)
        except ValidationError as error:
            raise WrongStatistics(explain(error.errors()).removesuffix(".")) from error
        mask = [True] * len(said.q01) if said.mask is None else said.mask
        return cls(np.array(said.q01, float), np.array(said.q99, float), np.array(mask, bool))

    @property
    def has_gripper(self) -> bool:
        """Whether an action's last number is a gripper's."""
        return len(self.q01) == ACTION_WIDTH

    @classmethod
    def measure(cls, actions: ArrayLike, mask: Sequence[bool]) -> "Statistics":
        """Of all actions (steps, 7) that a policy is trained on."""
        q01, q99 = np.quantile(np.asarray(actions, np.float64), [0.01, 0.99], axis=0)
        return cls(q01, q99, np.asarray(mask, bool))

    def as_json(self) -> dict[str, list[Any]]:
        """The published form."""
        return {name: getattr(self, name).tolist() for name in ("q01", "q99", "mask")}

    def normalise(self, actions: ArrayLike) -> NDArray[np.float64]:
        """Robot units (…, 7) → [-1, 1], clipped. A number that never changes becomes 0, which
        `restore` turns into its constant."""
        actions = np.asarray(actions, np.float64)
        width = self.q99 - self.q01
        constant = width < NARROWEST
        scaled = 2.0 * (actions - self.q01) / np.where(constant, 1.0, width) - 1.0
        scaled = np.where(constant, 0.0, np.clip(scaled, -1.0, 1.0))
        return np.where(self.mask, scaled, actions)

    def restore(self, normalised: ArrayLike) -> NDArray[np.float64]:
        """[-1, 1] (…, 7) → robot units."""
        normalised = np.asarray(normalised, np.float64)
        restored = 0.5 * (normalised + 1.0) * (self.q99 - self.q01) + self.q01
        return np.where(self.mask, restored, normalised)


def action_statistics(action: Mapping[str, Any]) -> Statistics:
    """Those of the seven numbers that move one arm and its gripper, or of the six of an arm without
    one. Raises WrongStatistics."""
    statistics = Statistics.read(action)
    if len(statistics.q01) not in (ARM_WIDTH, ACTION_WIDTH):
        raise WrongStatistics(
            f"they are of {len(statistics.q01)} numbers, and an action here has {ACTION_WIDTH}: "
            f"x, y, z, roll, pitch, yaw and gripper; or {ARM_WIDTH} without a gripper"
        )
    return statistics


def find_statistics(known: Mapping[str, Any], name: str = "") -> Statistics:
    """Those of the robot of that name, or of the only one. Raises WhichRobot, NoSuchStatistics,
    WrongStatistics."""
    if not name and len(known) != 1:
        raise WhichRobot(sorted(known))
    name = name or next(iter(known))
    if name not in known:
        raise NoSuchStatistics(name, sorted(known))
    entry = known[name]
    if not isinstance(entry, Mapping) or "action" not in entry:
        raise WrongStatistics(f"{name!r} has none of its actions")
    return action_statistics(entry["action"])
