"""Greedy decoding with a cache of keys and values."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from transformers import DynamicCache

from .actions import ACTION_WIDTH

if TYPE_CHECKING:
    from .model import OpenVLA


@contextmanager
def acting(model: nn.Module) -> Iterator[None]:
    """No gradients and no training mode inside; afterwards the model is as it was."""
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(was_training)


def greedy_tokens(
    model: "OpenVLA",
    pixel_values: Tensor,
    input_ids: Tensor,
    attention_mask: Tensor | None = None,
    steps: int = ACTION_WIDTH,
) -> Tensor:
    """The likeliest next ids (n, steps), each after those before.

    input_ids (n, length) may be padded on the right where ``attention_mask`` is 0.
    """
    with acting(model):
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        sequence = model.sequence(model.patches(pixel_values), input_ids, mask)
        return _decode(model, sequence.embeddings, sequence.mask, steps)


def _decode(model: "OpenVLA", embeddings: Tensor, mask: Tensor, steps: int) -> Tensor:
    llama, embed = model.language_model, model.language_model.get_input_embeddings()
    cache = DynamicCache(config=llama.config)
    hidden = _read(model, embeddings, mask, cache)
    last = hidden[torch.arange(len(hidden)), mask.sum(1) - 1]
    tokens = [llama.lm_head(last).argmax(-1)]
    while len(tokens) < steps:
        mask = torch.cat([mask, mask.new_ones(len(mask), 1)], 1)
        last = _read(model, embed(tokens[-1][:, None]), mask, cache)[:, -1]
        tokens.append(llama.lm_head(last).argmax(-1))
    return torch.stack(tokens, 1)


def _read(model: "OpenVLA", embeddings: Tensor, mask: Tensor, cache: DynamicCache) -> Tensor:
    positions = (mask.cumsum(1) - 1).clamp(min=0)[:, -embeddings.shape[1] :]
    output = model.language_model.model(
        inputs_embeds=embeddings,
        attention_mask=mask,
        position_ids=positions,
        past_key_values=cache,
        use_cache=True,
    )
    return output.last_hidden_state
