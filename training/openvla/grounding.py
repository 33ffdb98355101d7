"""Which patches the instruction is about: attention in the middle of the language model.

From the last token of the prompt, which has seen the picture and the instruction, onto the
patches of the first camera and one extra "not visible" place. Masks teach it; the gradient goes
on into the language model, the projector and the towers, which is what it is for.
"""

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from ...runtime.atomic_file import replacing
from ...runtime.errors import TeachloopError
from .settings import PATCH_GRID, PATCHES

WEIGHTS = "grounding.safetensors"
KEY_WIDTH = 128


class WrongGroundingHead(TeachloopError):
    """Weights that are no grounding head for this base."""

    def __init__(self, path: Path, reason: Exception) -> None:
        super().__init__(f"{path} does not fit the base: {str(reason).splitlines()[0]}")


class GroundingHead(nn.Module):
    """Scaled dot-product attention of one query (Vaswani et al. 2017)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.query = nn.Linear(width, KEY_WIDTH)
        self.key = nn.Linear(width, KEY_WIDTH)
        self.absent = nn.Parameter(torch.zeros(KEY_WIDTH))

    def forward(self, hidden: Tensor, last: Tensor) -> Tensor:
        """Hidden states (n, length, width) and the positions (n,) of each prompt's last token
        to logits (n, 257), the last of "not visible"."""
        normed = self.norm(hidden.to(self.absent.dtype))
        keys = self.key(normed[:, 1 : 1 + PATCHES])
        keys = torch.cat([keys, self.absent.expand(len(keys), 1, -1)], 1)
        query = self.query(normed[torch.arange(len(normed)), last])
        return torch.einsum("npk,nk->np", keys, query) * KEY_WIDTH**-0.5


def middle(layers: int) -> int:
    """The index among the hidden states of a model of so many layers at which it points."""
    return (layers + 1) // 2


def patch_shares(covered: Tensor) -> Tensor:
    """How much of what is seen of the target lies in each patch: coverage (n, 64, 64) → (n, 256).
    Sums to 1, or to 0 where it is hidden; rows of NaN stay so."""
    share = avg_pool2d(covered[:, None], covered.shape[-1] // PATCH_GRID).flatten(1)
    return share / share.sum(1, keepdim=True).clamp(min=1e-6)


def grounding_loss(logits: Tensor, masks: Tensor) -> Tensor:
    """Kullback–Leibler divergence from where the target is.

    ``logits`` (n, 257); ``masks`` (n, 256) sum to 1, or to 0 where the target is hidden; rows of
    NaN were not labelled and do not count.
    """
    labelled = ~masks.isnan().any(1)
    if not labelled.any():
        return logits.sum() * 0
    known = masks[labelled].to(logits)
    target = torch.cat([known, 1 - known.sum(1, keepdim=True)], 1).clamp(min=0)
    surprise = target.clamp(min=1e-9).log() - logits[labelled].log_softmax(1)
    return (target * surprise).sum(1).mean()


def save_grounding(head: GroundingHead, folder: Path) -> None:
    """Beside an adapter; the file appears whole or not at all."""
    with replacing(folder / WEIGHTS) as partial:
        save_file({name: t.contiguous() for name, t in head.state_dict().items()}, partial)


def load_grounding(folder: Path, width: int) -> GroundingHead | None:
    """That of an adapter's folder, None where it was trained without. Raises WrongGroundingHead."""
    if not (folder / WEIGHTS).exists():
        return None
    head = GroundingHead(width)
    try:
        head.load_state_dict(load_file(folder / WEIGHTS))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise WrongGroundingHead(folder / WEIGHTS, error) from error
    return head.eval()
