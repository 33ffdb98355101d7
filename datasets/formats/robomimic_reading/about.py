"""What a file says of all its demos: the robot, its controller and its rate."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import h5py
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from ....runtime.validation import explain
from ...embodiment import Embodiment
from ..imported.episode import EpisodeRefused
from ..imported.stored import json_of, number, texts_of, whole
from .controller import Controller

USUAL_HZ = 20.0  # robosuite's
PANDA = "Panda"
OWN = "teachloop_franka_"  # so begins the name of the environment of what teachloop wrote


class Arguments(BaseModel):
    """What the environment was made with; what is not relied on is not looked at."""

    model_config = ConfigDict(frozen=True)

    control_freq: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = None
    robots: str | list[str] | None = None
    controller_configs: JsonValue = None
    reward_shaping: bool = False
    embodiment: JsonValue = None


class Environment(BaseModel):
    """``env_args``."""

    model_config = ConfigDict(frozen=True)

    env_name: str = ""
    lang: str | None = None
    env_kwargs: Arguments = Arguments()


@dataclass(frozen=True)
class About:
    """Of one file."""

    environment: Environment
    told_hz: float | None  # what teachloop says of its own
    cameras: tuple[str, ...]  # the same, in the order in which it says which pictures are stale

    @property
    def is_own(self) -> bool:
        return self.environment.env_name.startswith(OWN) and self.told_hz is not None

    @property
    def rate_hz(self) -> float:
        return self.told_hz or self.environment.env_kwargs.control_freq or USUAL_HZ

    @property
    def tells_rate(self) -> bool:
        return bool(self.told_hz or self.environment.env_kwargs.control_freq)

    @property
    def task(self) -> str:
        return "" if self.is_own else whole(self.environment.env_name)[:200]

    @property
    def robots(self) -> list[str]:
        """Their names; empty where the file tells none."""
        told = self.environment.env_kwargs.robots
        return [told] if isinstance(told, str) else told or []

    @property
    def robot(self) -> str:
        """What it is called; "" of teachloop's own, which do not tell it."""
        names = whole(", ".join(self.robots))[:100] or PANDA
        return "" if self.is_own else f"{names} of robosuite"

    @cached_property
    def controller(self) -> Controller:
        """Raises EpisodeRefused."""
        return Controller.of(self.environment.env_kwargs.controller_configs)

    @cached_property
    def embodiment(self) -> Embodiment:
        """Of teachloop's own. Raises EpisodeRefused."""
        try:
            return Embodiment.model_validate(self.environment.env_kwargs.embodiment)
        except ValidationError:
            raise EpisodeRefused("The file tells of no robot that can be known.") from None


def about(data: h5py.Group) -> About:
    """Raises ValueError."""
    try:
        environment = Environment.model_validate(json_of(data, "env_args") or {})
    except ValidationError as error:
        words = explain(error.errors()).removesuffix(".")
        raise ValueError(f"its env_args are none of robomimic's: {words}") from None
    rate_hz = number(data, "rate_hz")
    if rate_hz is not None and not 0 < rate_hz <= 1000:
        raise ValueError("its rate_hz is none")
    return About(environment, rate_hz, tuple(texts_of(data, "cameras")))
