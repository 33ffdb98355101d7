"""The stages of a fine-tuning, as data: what each trains, on what, by which objectives, and when
it ends. Imports nothing heavy."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from ...runtime.validation import StrictModel
from ..objectives.interface import Decoding
from ..objectives.registry import OBJECTIVES

Part = Literal["encoder", "grounding", "contrast", "head"]
PARTS: dict[str, tuple[Part, ...]] = {
    "frames": ("encoder", "grounding", "contrast"),
    "features": ("head",),
}
"""What can be trained on each kind of data: LoRA on what makes features, or the head behind it."""
Weight = Annotated[float, Field(gt=0)]


class Ends(StrictModel):
    """When a stage ends."""

    steps: Annotated[int, Field(ge=1, le=1_000_000)]
    """After so many batches."""


class Stage(StrictModel):
    """One stage."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    trains: Annotated[tuple[Part, ...], Field(min_length=1)]
    """The parts of the policy that change."""
    data: Literal["frames", "features"]
    """Augmented frames of the takes, or cached features of them."""
    objectives: Annotated[dict[str, Weight], Field(min_length=1)]
    """Each with its weight."""
    ends: Ends
    batch: Annotated[int, Field(ge=1, le=4096)]
    """Frames or ticks in a step."""
    rate: Annotated[float, Field(ge=1e-9, le=1)]
    """Highest learning rate."""

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        fitting = [name for name, each in OBJECTIVES.items() if each.reads == self.data]
        if strange := sorted(set(self.objectives) - set(fitting)):
            raise ValueError(
                f"there is no objective {', '.join(strange)} on {self.data}; "
                f"there are {', '.join(fitting)}"
            )
        if strange := sorted(set(self.trains) - set(PARTS[self.data])):
            raise ValueError(
                f"{', '.join(strange)} cannot be trained on {self.data}; "
                f"{', '.join(PARTS[self.data])} can"
            )
        return self

    @property
    def steps(self) -> int:
        return self.ends.steps


def _look(steps: int) -> Stage:
    return Stage(
        name="look",
        trains=PARTS["frames"],
        data="frames",
        objectives={"grounding": 1.0, "contrast": 1.0},
        ends=Ends(steps=steps),
        batch=24,
        rate=5e-4,
    )


def _act(steps: int) -> Stage:
    return Stage(
        name="act",
        trains=PARTS["features"],
        data="features",
        objectives={"cloning": 1.0},
        ends=Ends(steps=steps),
        batch=128,
        rate=1e-3,
    )


REPLAY = "replay"  # the preset that trains nothing: the nearest take is replayed
PRESETS: dict[str, tuple[Stage, ...]] = {
    "tiny": (_look(4), _act(20)),
    "quick": (_look(120), _act(2500)),
    "better": (_look(400), _act(8000)),
    REPLAY: (),
}
CUSTOM = "custom"  # the preset whose stages are given with it


def known_preset(preset: str) -> str:
    """The preset itself. Raises ValueError when there is none of that name."""
    if preset not in PRESETS and preset != CUSTOM:
        raise ValueError(f"no preset {preset!r}; there are {', '.join(PRESETS)} and {CUSTOM}")
    return preset


def decoding_of(stages: Sequence[Stage]) -> Decoding:
    """How a head acts that learned in these stages. Raises ValueError where they disagree."""
    named = [name for stage in stages if "head" in stage.trains for name in stage.objectives]
    ways: list[Decoding] = [OBJECTIVES[name].decoding for name in named]
    if len(set(ways)) > 1:
        raise ValueError(f"{', '.join(named)} make the head act in different ways: choose one")
    return ways[0] if ways else "regression"
