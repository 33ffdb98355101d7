"""Which tensors of the published checkpoint are which parameters of the native model.

The published keys are timm's: queries, keys and values in one matrix, and the position of
DINO's class token folded into the token itself. Each `Slot` goes both ways.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .sizes import PREFIXES, Towers

DINO, SIGLIP = PREFIXES
POOL = "vision_backbone.attn_pool."
CLASS, POSITIONS = f"{DINO}embeddings.cls_token", f"{DINO}embeddings.position_embeddings"
ENDS = (".weight", ".bias")


@dataclass(frozen=True, slots=True)
class Form:
    """How one published tensor becomes native ones, and back."""

    split: Callable[[Tensor], Sequence[Tensor]]
    join: Callable[[Sequence[Tensor]], Tensor]


def _below_zero_row(positions: Tensor) -> Sequence[Tensor]:
    return (torch.cat([torch.zeros_like(positions[:, :1]), positions], 1),)


PLAIN = Form(lambda tensor: (tensor,), lambda parts: parts[0])
FUSED = Form(
    lambda tensor: [part.clone() for part in tensor.chunk(3)], lambda parts: torch.cat(list(parts))
)
ZERO_ROW = Form(_below_zero_row, lambda parts: parts[0][:, 1:])
UNBATCHED = Form(lambda tensor: (tensor[0],), lambda parts: parts[0][None])


@dataclass(frozen=True, slots=True)
class Slot:
    """A published tensor and the native parameters that hold it."""

    reference: str
    native: tuple[str, ...]
    form: Form = PLAIN


def slots(towers: Towers, native: Iterable[str]) -> list[Slot]:
    """All slots; ``native`` are the model's names, of which those outside vision are Llama's and
    the projector's own already."""
    vision = [*_dino(towers.dino.depth), *_siglip(towers.siglip.depth)]
    named = {name for slot in vision for name in slot.native}
    pool = [name for name in native if name.startswith(POOL)]
    rest = [name for name in native if name not in named and not name.startswith(POOL)]
    pooled = (Slot(f"{SIGLIP}attn_pool.{name[len(POOL) :]}", (name,)) for name in pool)
    return [*vision, *pooled, *(Slot(name, (name,)) for name in rest)]


def _dino(depth: int) -> Iterator[Slot]:
    inner = f"{DINO}embeddings."
    yield Slot(f"{DINO}cls_token", (CLASS,))
    yield Slot(f"{DINO}reg_token", (f"{inner}register_tokens",))
    yield Slot(f"{DINO}pos_embed", (POSITIONS,), ZERO_ROW)
    yield from _pairs(f"{DINO}patch_embed.proj", f"{inner}patch_embeddings.projection")
    yield from _pairs(f"{DINO}norm", f"{DINO}layernorm")
    for index in range(depth):
        block, layer = f"{DINO}blocks.{index}.", f"{DINO}encoder.layer.{index}."
        yield from _fused(f"{block}attn.qkv", f"{layer}attention.")
        yield from _pairs(f"{block}attn.proj", f"{layer}attention.o_proj")
        yield from _same(block, layer, ("norm1", "norm2", "mlp.fc1", "mlp.fc2"))
        for scale in "12":
            name = f"{layer}layer_scale{scale}.lambda1"
            yield Slot(f"{block}ls{scale}.scale_factor", (name,))


def _siglip(depth: int) -> Iterator[Slot]:
    inner = f"{SIGLIP}embeddings."
    yield Slot(f"{SIGLIP}pos_embed", (f"{inner}position_embedding.weight",), UNBATCHED)
    yield from _pairs(f"{SIGLIP}patch_embed.proj", f"{inner}patch_embedding")
    yield from _pairs(f"{SIGLIP}norm", f"{SIGLIP}post_layernorm")
    for index in range(depth):
        block, layer = f"{SIGLIP}blocks.{index}.", f"{SIGLIP}encoder.layers.{index}."
        yield from _fused(f"{block}attn.qkv", f"{layer}self_attn.")
        yield from _pairs(f"{block}attn.proj", f"{layer}self_attn.out_proj")
        yield from _pairs(f"{block}norm1", f"{layer}layer_norm1")
        yield from _pairs(f"{block}norm2", f"{layer}layer_norm2")
        yield from _same(block, layer, ("mlp.fc1", "mlp.fc2"))


def _pairs(reference: str, native: str) -> Iterator[Slot]:
    return (Slot(reference + end, (native + end,)) for end in ENDS)


def _same(block: str, layer: str, names: Iterable[str]) -> Iterator[Slot]:
    return (slot for name in names for slot in _pairs(block + name, layer + name))


def _fused(reference: str, attention: str) -> Iterator[Slot]:
    for end in ENDS:
        parts = tuple(f"{attention}{letter}_proj{end}" for letter in "qkv")
        yield Slot(reference + end, parts, FUSED)


def to_reference(layout: Iterable[Slot], state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The published tensors of a native state, on any device, meta too. A class position that
    was trained is folded into the class token, as the published one was."""
    state = dict(state)
    state[CLASS] = state[CLASS] + state[POSITIONS][:, :1]
    return {slot.reference: slot.form.join([state[n] for n in slot.native]) for slot in layout}
