"""Ways to learn from takes that are compared with each other: what a fine-tuning is asked for."""

from collections.abc import Mapping
from typing import Any

from teachloop.training.grounded.stages import PRESETS, Stage

LOOK, ACT = PRESETS["quick"]


def _custom(*stages: Stage) -> dict[str, Any]:
    return {"preset": "custom", "stages": stages}


def _minimising(stage: Stage, *objectives: str) -> Stage:
    return stage.model_copy(update={"objectives": dict.fromkeys(objectives, 1.0)})


ARMS: Mapping[str, Mapping[str, Any]] = {
    "base": {},
    **{name: {"preset": name} for name in PRESETS},
    "frozen": _custom(ACT),
    "no-contrast": _custom(_minimising(LOOK, "grounding"), ACT),
    "triplet": _custom(_minimising(LOOK, "grounding", "triplet"), ACT),
    "l2": _custom(LOOK, _minimising(ACT, "cloning_l2")),
    "two-step": _custom(LOOK, _minimising(ACT, "cloning_two_step")),
    "flow": _custom(LOOK, _minimising(ACT, "cloning_flow")),
}
"""The base without an adapter; the presets; *quick* with the encoder frozen, without the
contrastive loss or with triplets in its place; and *quick* with other losses of its actions."""
