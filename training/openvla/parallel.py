"""A chunk of actions in one pass: the recipe of OpenVLA-OFT (Kim et al. 2025).

Placeholders for all numbers of a chunk follow the prompt, and everything sees everything: as in
the recipe, patches and prompt are read both ways, too. A regression head, trained with an L1
loss, reads the placeholders. Proprioception is one token and further cameras are further patches.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from ...runtime.atomic_file import replacing
from ...runtime.errors import TeachloopError
from ...runtime.json_file import read_json, write_json
from .actions import ACTION_WIDTH
from .model import OpenVLA

WEIGHTS, PLAN = "chunk_head.safetensors", "chunk_head.json"
BLOCKS = 2


class WrongChunkHead(TeachloopError):
    """A chunk head that cannot be used here."""


class Chunk(NamedTuple):
    """What one pass gives."""

    actions: Tensor  # (n, steps, 7), normalised
    hidden: tuple[Tensor, ...]  # (n, length, width) after each layer, if asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkPlan:
    """The shape of a chunk head."""

    width: int  # the language model's
    steps: int = 8  # actions in a chunk
    proprioception: int = 8  # numbers
    numbers: int = ACTION_WIDTH  # of an action


class ResidualBlock(nn.Module):
    """x + ReLU(Linear(LayerNorm(x)))."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.ffn = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.ReLU())

    def forward(self, hidden: Tensor) -> Tensor:
        return hidden + self.ffn(hidden)


class ChunkHead(nn.Module):
    """What is trained beside the adapter: placeholders, proprioception and the regression."""

    def __init__(self, plan: ChunkPlan) -> None:
        super().__init__()
        width, read = plan.width, plan.width * plan.numbers
        self.plan = plan
        # The recipe's placeholders are zero and stay so; these begin there and may learn.
        self.placeholders = nn.Parameter(torch.zeros(plan.steps * plan.numbers, width))
        self.proprioception = nn.Sequential(
            nn.Linear(plan.proprioception, width), nn.GELU(), nn.Linear(width, width)
        )
        self.regression = nn.Sequential(
            nn.LayerNorm(read),
            nn.Linear(read, width),
            nn.ReLU(),
            *(ResidualBlock(width) for _ in range(BLOCKS)),
            nn.LayerNorm(width),
            nn.Linear(width, plan.numbers),
        )

    def forward(self, hidden: Tensor) -> Tensor:
        """The placeholders' states (n, steps * 7, width) → normalised actions (n, steps, 7)."""
        steps = hidden.unflatten(1, (self.plan.steps, self.plan.numbers)).flatten(2)
        return self.regression(steps.to(self.placeholders.dtype))


def predict_chunk(
    model: OpenVLA,
    head: ChunkHead,
    pixel_values: Tensor,
    input_ids: Tensor,
    attention_mask: Tensor,
    proprioception: Tensor,
    hidden: bool = False,
) -> Chunk:
    """A chunk of normalised actions, and with ``hidden`` the states between the layers.

    pixel_values (n, 6 * cameras, 224, 224); input_ids and attention_mask (n, length), padded on
    the right; proprioception (n, numbers), normalised. Raises WrongChunkHead.
    """
    if model.attention == "flash_attention_2":
        raise WrongChunkHead(
            "Chunks are decoded both ways, which flash_attention_2 cannot: load with 'sdpa'."
        )
    patches = model.patches(pixel_values)
    body = head.proprioception(proprioception.to(head.placeholders.dtype))[:, None]
    reading = model.sequence(
        torch.cat([patches, body.to(patches.dtype)], 1), input_ids, attention_mask
    )
    asked = head.placeholders.to(patches.dtype).expand(len(patches), -1, -1)
    mask = torch.cat([reading.mask, reading.mask.new_ones(asked.shape[:2])], 1)
    output = model.language_model.model(
        inputs_embeds=torch.cat([reading.embeddings, asked], 1),
        attention_mask=both_ways(mask, patches.dtype),
        position_ids=(mask.cumsum(1) - 1).clamp(min=0),
        use_cache=False,
        output_hidden_states=hidden,
    )
    actions = head(output.last_hidden_state[:, -asked.shape[1] :])
    return Chunk(actions, output.hidden_states or ())


def both_ways(mask: Tensor, dtype: torch.dtype) -> Tensor:
    """Additive attention mask (n, 1, length, length) with which every position sees every other.
    ``mask`` (n, length) is 0 at padding, which nobody sees."""
    hidden = (mask == 0)[:, None, None].expand(-1, 1, mask.shape[1], -1)
    return torch.zeros_like(hidden, dtype=dtype).masked_fill(hidden, torch.finfo(dtype).min)


def save_chunk_head(head: ChunkHead, folder: Path) -> None:
    """Write the head into an adapter's folder; each file appears whole or not at all."""
    with replacing(folder / WEIGHTS) as partial:
        save_file({name: t.contiguous() for name, t in head.state_dict().items()}, partial)
    write_json(folder / PLAN, asdict(head.plan))


def load_chunk_head(folder: Path) -> ChunkHead:
    """Raises BrokenJson, WrongChunkHead."""
    plan = read_json(folder / PLAN)
    try:
        head = ChunkHead(ChunkPlan(**plan))
        head.load_state_dict(load_file(folder / WEIGHTS))
    except (OSError, SafetensorError, RuntimeError, TypeError) as error:
        raise WrongChunkHead(
            f"The chunk head in {folder} cannot be read: {error}. It needs {WEIGHTS} and {PLAN} "
            "as `save_chunk_head` writes them."
        ) from error
    return head
