"""Does a loaded model look at the image, and read the instruction?

Other ports of OpenVLA have ignored the image without a word. So the logits of the action tokens
are compared at the first answer position: of a black and a white image, and of one instruction
and another.

The unit is the standard deviation of the logits. What is ignored changes them by noise at most:
the readings run in one pass, whose rows agreed exactly on one processor and to 8e-7 on another.
Another attention implementation makes more, on a tiny checkpoint 2.5e-6 in float32 and 0.044 in
bfloat16 (0.056 between bfloat16 and float32).
A trained model changes by about 1. One of random weights, which nothing has taught what matters,
must pass in float32, too: of standard deviation 0.02, seven architectures of one to five layers
changed by 0.1 to 3 for the image and by 5e-4 to 2e-3 for the text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ...runtime.errors import TeachloopError
from .decoding import acting
from .images import SIDE
from .model import OpenVLA

THRESHOLD = {torch.float32: 1e-4, torch.bfloat16: 0.1, torch.float16: 0.1}
INSTRUCTIONS = "push the red cube to the left", "open the top drawer of the cabinet"
WITHOUT_TOKENIZER = 16  # ids of a made-up instruction


class SelfTestFailed(TeachloopError):
    """A model that answers the same whatever it sees, or whatever it is told."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The model failed its self-test: {reason}. Its weights or this build of torch and "
            "transformers are broken; a rollout with it would be blind or deaf. Load the "
            "published weights again, with the versions in constraints.txt."
        )


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Greatest change of a logit, in standard deviations of the logits."""

    image: float  # black against white
    text: float  # one instruction against another of the same length


def self_test(model: OpenVLA) -> Sensitivity:
    """What the answer depends on. Raises SelfTestFailed where either is not above THRESHOLD
    for the model's dtype."""
    measured = sensitivity(model)
    _check("image", measured.image, model)
    _check("instruction", measured.text, model)
    return measured


def self_test_adapted(model: OpenVLA) -> Sensitivity:
    """The same of a model with an adapter, which may have been taught one instruction alone, and
    then need not read it."""
    measured = sensitivity(model)
    _check("image", measured.image, model)
    return measured


def _check(what: str, change: float, model: OpenVLA) -> None:
    threshold = THRESHOLD[model.dtype]
    if not change > threshold:  # so that NaN fails
        raise SelfTestFailed(
            f"another {what} changes the answer by {change:.2g} standard deviations of its "
            f"logits, and at least {threshold} is expected"
        )


def sensitivity(model: OpenVLA) -> Sensitivity:
    """One pass of three readings: (black, first), (white, first), (white, second)."""
    first, second = _instructions(model)
    black = np.zeros((SIDE, SIDE, 3), np.uint8)
    pixels = model.image_processor([black, black + 255, black + 255])
    ids = torch.tensor([first, first, second], device=model.device)
    with acting(model):
        logits = _answers(model, pixels.to(model.device, model.dtype), ids)
    return Sensitivity(_change(logits[0], logits[1]), _change(logits[1], logits[2]))


def _answers(model: OpenVLA, pixels: Tensor, ids: Tensor) -> Tensor:
    """The logits of the action tokens, which are the last of the vocabulary."""
    logits = model(pixels, ids, torch.ones_like(ids)).logits[:, -1].float()
    text_ids, bins = model.settings.text_ids, model.settings.action_bins
    return logits[:, text_ids - bins : text_ids]


def _change(one: Tensor, other: Tensor) -> float:
    return float((one - other).abs().max() / one.std())


def _instructions(model: OpenVLA) -> tuple[Sequence[int], Sequence[int]]:
    if model.tokenizer is None:
        return _made_up(model.settings.text_ids)
    first, second = (model.prompt_ids(text) for text in INSTRUCTIONS)
    length = min(len(first), len(second))  # so that positions alone change nothing
    return tuple([ids[0], *ids[1 - length :]] for ids in (first, second))  # type: ignore[return-value]


def _made_up(ids: int) -> tuple[Sequence[int], Sequence[int]]:
    middle = torch.linspace(3, ids - 1, WITHOUT_TOKENIZER).long().tolist()
    return [1, *middle, 3], [1, *reversed(middle), 3]
