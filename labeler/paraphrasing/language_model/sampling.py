"""Several answers of a language model to one question, the same for the same seed."""

import inspect
from collections.abc import Callable, Collection, Sequence
from typing import Any

import torch

SEED = 0
WARMTH = 0.8  # temperature: what is left of a logit's lead is divided by it
KEPT = 0.95  # of the probability, in the likeliest tokens (Holtzman et al. 2020)


@torch.no_grad()
def sample(
    model: Any,
    question: Sequence[int],
    *,
    answers: int,
    longest: int,
    ends: Collection[int],
    goes_on: Callable[[int], bool],
) -> list[list[int]]:
    """Tokens of each answer, without its end; at most ``longest``.

    Args:
        model: a causal language model of transformers.
        question: tokens.
        ends: tokens that end an answer.
        goes_on: told before each token how many there are; whether another one is wanted.
    """
    generator = torch.Generator(model.device).manual_seed(SEED)
    found: list[list[int]] = [[] for _ in range(answers)]
    ended = [False] * answers
    inputs: dict[str, Any] = {"use_cache": True, **_last_alone(model)}
    tokens = torch.tensor([list(question)] * answers, device=model.device)
    for number in range(longest):
        if all(ended) or not goes_on(number):
            break
        given = model(input_ids=tokens, **inputs)
        inputs["past_key_values"] = given.past_key_values
        tokens = _drawn(given.logits[:, -1].float(), generator)
        for row, token in enumerate(tokens[:, 0].tolist()):
            ended[row] |= token in ends
            if not ended[row]:
                found[row].append(token)
    return found


def _drawn(logits: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """One token (rows, 1) of each row of logits (rows, tokens), of the likeliest alone."""
    ranked, order = (logits / WARMTH).softmax(-1).sort(-1, descending=True)
    before = ranked.cumsum(-1) - ranked
    drawn = torch.multinomial(ranked.masked_fill(before > KEPT, 0.0), 1, generator=generator)
    return order.gather(-1, drawn)


def _last_alone(model: Any) -> dict[str, int]:
    """Logits of all of a question would take more memory than the model."""
    known = inspect.signature(model.forward).parameters
    return {"logits_to_keep": 1} if "logits_to_keep" in known else {}
