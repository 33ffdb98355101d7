"""Greedy decoding with a cache of keys and values."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import DynamicCache

from ...datasets.steps import Image
from .actions import ACTION_WIDTH
from .model import OpenVLA, Reading
from .statistics import Statistics


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


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """What a model answers, and what it thought of the prompt."""

    tokens: Tensor  # (n, steps)
    hidden: Sequence[Tensor]  # of the prompt (n, length, width), between the layers; if asked for


def greedy(
    model: OpenVLA,
    pixel_values: Tensor,
    input_ids: Tensor,
    attention_mask: Tensor | None = None,
    steps: int = ACTION_WIDTH,
    hidden: bool = False,
) -> Decoded:
    """The likeliest next ids, each after those before.

    input_ids (n, length) may be padded on the right where ``attention_mask`` is 0.
    """
    with acting(model):
        mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
        sequence = model.sequence(model.patches(pixel_values), input_ids, mask)
        return _decode(model, sequence, steps, hidden)


def _decode(model: OpenVLA, prompt: Reading, steps: int, hidden: bool) -> Decoded:
    llama, embed = model.language_model, model.language_model.get_input_embeddings()
    cache, mask = DynamicCache(config=llama.config), prompt.mask
    read, between = _read(model, prompt.embeddings, mask, cache, hidden)
    last = read[torch.arange(len(mask)), mask.sum(1) - 1]
    tokens = [llama.lm_head(last).argmax(-1)]
    while len(tokens) < steps:
        mask = torch.cat([mask, mask.new_ones(len(mask), 1)], 1)
        last = _read(model, embed(tokens[-1][:, None]), mask, cache)[0][:, -1]
        tokens.append(llama.lm_head(last).argmax(-1))
    return Decoded(torch.stack(tokens, 1), between)


def _read(
    model: OpenVLA, embeddings: Tensor, mask: Tensor, cache: DynamicCache, hidden: bool = False
) -> tuple[Tensor, Sequence[Tensor]]:
    """What the last layer says, and what those between say, if asked for."""
    positions = (mask.cumsum(1) - 1).clamp(min=0)[:, -embeddings.shape[1] :]
    output = model.language_model.model(
        inputs_embeds=embeddings,
        attention_mask=mask,
        position_ids=positions,
        past_key_values=cache,
        use_cache=True,
        output_hidden_states=hidden,
    )
    return output.last_hidden_state, output.hidden_states or ()


def predict_action(
    model: OpenVLA,
    image: Image,
    instruction: str,
    statistics: Statistics,
    centre_crop: bool = False,
) -> NDArray[np.float64]:
    """The action (7,), or (6,) without a gripper, for one RGB image and an instruction, in the
    units of ``statistics``.

    ``centre_crop``: for a policy trained with random crops. Raises NoTokenizer.
    """
    pixels = model.image_processor([image], centre_crop).to(model.device, model.dtype)
    ids = torch.tensor([model.prompt_ids(instruction)], device=model.device)
    steps = len(statistics.q01)
    tokens = greedy(model, pixels, ids, steps=steps).tokens[0].cpu().numpy()
    return statistics.restore(model.action_tokenizer.decode(tokens))
