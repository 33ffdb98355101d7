"""The stages of a fine-tuning: what each trains, by which objective, and when it ends."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage."""

    name: str
    objective: Literal["perceive", "clone"]
    trains: str  # for people
    steps: int
    batch: int
    rate: float


def _perceive(steps: int) -> Stage:
    return Stage(
        name="look",
        objective="perceive",
        trains="LoRA on encoder and grounding: masks and words",
        steps=steps,
        batch=24,
        rate=5e-4,
    )


def _clone(steps: int) -> Stage:
    return Stage(
        name="act",
        objective="clone",
        trains="the action head, on cached features",
        steps=steps,
        batch=128,
        rate=1e-3,
    )


PRESETS: dict[str, tuple[Stage, ...]] = {
    "tiny": (_perceive(4), _clone(20)),
    "quick": (_perceive(120), _clone(2500)),
    "better": (_perceive(400), _clone(8000)),
}


def known_preset(preset: str) -> str:
    """The preset itself. Raises ValueError when there is none of that name."""
    if preset not in PRESETS:
        raise ValueError(f"no preset {preset!r}; there are {', '.join(PRESETS)}")
    return preset
