"""The losses: where to look, which words go with which region, and what to do."""

from collections.abc import Callable

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from ..grounded.grounding import Grounded

MARGIN = 0.2  # of cosines, between what belongs together and what does not


def grounding_loss(grounded: Grounded, targets: Tensor, weight: Tensor) -> Tensor:
    """Soft cross-entropy between the attention and the masks, less the masks' own entropy,
    so that it ends at zero (Kullback–Leibler).

    ``targets`` (n, queries, cells² + 1) from ``mask_targets``; ``weight`` (n, queries),
    0 where nobody labeled.
    """
    surprise = targets.clamp(min=1e-9).log() - grounded.logits.log_softmax(-1)
    each = (targets * surprise).sum(-1)
    return (each * weight).sum() / weight.sum().clamp(min=1)


def attention_error(grounded: Grounded, targets: Tensor, weight: Tensor) -> Tensor:
    """Squared error between the attention and the masks, of all cells together; shapes as of
    ``grounding_loss``. At most 2, where all of it is on one wrong cell."""
    each = (grounded.logits.softmax(-1) - targets).square().sum(-1)
    return (each * weight).sum() / weight.sum().clamp(min=1)


def contrastive_loss(regions: Tensor, texts: Tensor, match: Tensor, temperature: Tensor) -> Tensor:
    """InfoNCE between mask-pooled regions (r, width) and texts (t, width), both ways
    (van den Oord et al. 2018; Radford et al. 2021). ``match`` (r,) is each region's text."""
    if len(regions) == 0 or len(texts) < 2:
        return regions.sum() * 0
    logits = F.normalize(regions, dim=-1) @ F.normalize(texts, dim=-1).T * temperature.exp()
    forward = F.cross_entropy(logits, match)
    positive = F.one_hot(match, len(texts)).to(logits).T
    present = positive.sum(1) > 0
    backward = -(logits.T.log_softmax(-1) * positive).sum(1) / positive.sum(1).clamp(min=1)
    return 0.5 * (forward + backward[present].mean())


def triplet_loss(regions: Tensor, texts: Tensor, match: Tensor) -> Tensor:
    """How far the most alike wrong text is from being MARGIN less alike (cosine) than a region's
    own, and the most alike wrong region than a text's own (Faghri et al. 2018, VSE++). Shapes as of
    ``contrastive_loss``."""
    if len(regions) == 0 or len(texts) < 2:
        return regions.sum() * 0
    alike = F.normalize(regions, dim=-1) @ F.normalize(texts, dim=-1).T
    own = F.one_hot(match, len(texts)).bool()
    paired = alike[own][:, None]
    wrong_text = alike.masked_fill(own, -1.0).max(1, keepdim=True).values
    wrong_region = alike.masked_fill(own, -1.0).max(0).values[match][:, None]
    each = torch.cat([wrong_text, wrong_region], 1) - paired + MARGIN
    return each.clamp(min=0).sum(1).mean()


def region_features(cells: Tensor, targets: Tensor) -> Tensor:
    """Cell features (n, cells², width) averaged under target heat (n, cells² + 1)."""
    return torch.einsum("np,npw->nw", targets[:, :-1], cells)


def cloning_loss(
    actions: Tensor,
    offsets: Tensor,
    grippers: Tensor | None,
    scale: Tensor,
    error: Callable[[Tensor], Tensor] = torch.abs,
) -> Tensor:
    """L1 on the arm in units of ``scale``, or another ``error`` of what it is off, and
    cross-entropy on the gripper.

    ``actions`` (n, chunk, arm + 1) as predicted, ``offsets`` (n, chunk, 6), of which the first
    ``arm`` numbers count, ``grippers`` (n, chunk); without one, actions are (n, chunk, arm).
    """
    moved = actions if grippers is None else actions[..., :-1]
    arm = error(moved - (offsets / scale)[..., : moved.shape[-1]]).mean()
    if grippers is None:
        return arm
    return arm + 0.2 * F.binary_cross_entropy_with_logits(actions[..., -1], grippers)
