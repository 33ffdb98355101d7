"""Where in the image the instruction points: attention over cells, taught by masks.

A softmax over an image's cells and one extra "not visible" place. Its target spreads
each mask pixel over the four nearest cell centres (a tent), so that the expected
position under the target is exactly the mask's centroid.
"""

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from .config import PolicyConfig

LIKELY = 0.15  # of the peak's attention, from which a cell may belong to what is there


class Grounded(NamedTuple):
    """What the attention found, for each image and query."""

    logits: Tensor  # (n, queries, cells² + 1), the last is "not visible"
    point: Tensor  # (n, queries, 2): x, y as fractions of the image
    visible: Tensor  # (n, queries) probability
    pooled: Tensor  # (n, queries, width)
    region: Tensor  # (n, queries, cells²) share of each cell in what is there


class GroundingAttention(nn.Module):
    """Instruction-to-cell attention, for each query."""

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        width, self.queries = config.width, len(config.queries)
        self.heads = config.match_heads
        self.query = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, self.queries * width)
        )
        self.key = nn.Linear(width, width)
        self.absent = nn.Parameter(torch.zeros(width))
        self.log_scale = nn.Parameter(torch.tensor(math.log(4 * (width / self.heads) ** -0.5)))
        self.bias = nn.Parameter(torch.zeros(self.heads)) if self.heads > 1 else None

    def forward(self, cells: Tensor, sentence: Tensor, expected: Tensor | float = 0.0) -> Grounded:
        """Cell features (n, p, width) and sentence features (n, width); ``expected`` is added
        to the logits (n, queries, p + 1), for who already knows something."""
        query = self.query(sentence).unflatten(-1, (self.queries, -1))
        keys = torch.cat([self.key(cells), self.absent.expand(len(cells), 1, -1)], dim=1)
        logits = self._match(query, keys) + expected
        attention = logits.softmax(-1)
        side = math.isqrt(cells.shape[1])
        local = around_peak(logits[..., :-1], side)
        centres = grid_centres(side).to(local)
        return Grounded(logits, local @ centres, 1 - attention[..., -1], local @ cells, local)

    def _match(self, query: Tensor, keys: Tensor) -> Tensor:
        """Logits (n, queries, p + 1). With several heads, the logarithm of the probability that
        what each of them asks for is there: a pair of features never seen together is told from
        what has one of them."""
        if self.bias is None:
            return self.log_scale.exp() * query @ keys.transpose(1, 2)
        asked, there = (part.unflatten(-1, (self.heads, -1)) for part in (query, keys))
        each = torch.einsum("nqhd,nphd->nqph", asked, there)
        return F.logsigmoid(self.log_scale.exp() * each + self.bias).sum(-1)


def grid_centres(side: int) -> Tensor:
    """Centres (side², 2) of the cells as x, y fractions, row by row."""
    line = (torch.arange(side) + 0.5) / side
    y, x = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x, y], -1).reshape(-1, 2)


def around_peak(logits: Tensor, side: int) -> Tensor:
    """Softmax (…, side²) over the cell to which most attention goes and what hangs together with
    it, up to half the image away: a near object counts as a whole, and two candidates are never
    averaged."""
    peak = _peak(logits, side)
    likely = logits > logits.gather(-1, peak) + math.log(LIKELY)
    region = F.one_hot(peak.squeeze(-1), side * side).to(logits)
    for _ in range(side // 2):
        grown = F.max_pool2d(region.unflatten(-1, (side, side)).flatten(0, -3), 3, 1, 1)
        region = grown.view_as(region) * likely
    return logits.masked_fill(region == 0, float("-inf")).softmax(-1)


def _peak(logits: Tensor, side: int) -> Tensor:
    """Where (…, 1) the largest logit is, of those about the cell that has most attention together
    with its four neighbours: an object is larger than a cell, and one bright cell no object."""
    attention = logits.softmax(-1).unflatten(-1, (side, side)).flatten(0, -3)[:, None]
    cross = logits.new_tensor([[0, 1, 0], [1, 1, 1], [0, 1, 0]])[None, None]
    crest = F.conv2d(attention, cross, padding=1).flatten(1).argmax(-1)
    about = F.max_pool2d(F.one_hot(crest, side * side).to(logits).view(-1, 1, side, side), 3, 1, 1)
    return logits.masked_fill(about.view_as(logits) == 0, float("-inf")).argmax(-1, keepdim=True)


def tent(side: int, pixels: int) -> Tensor:
    """Weights (side, pixels): each pixel's share of each cell centre; columns sum to one."""
    position = ((torch.arange(pixels) + 0.5) / pixels * side - 0.5).clamp(0, side - 1)
    return (1 - (position - torch.arange(side).unsqueeze(-1)).abs()).clamp(min=0)


def mask_targets(masks: Tensor, side: int) -> Tensor:
    """Masks (…, h, w) to target distributions (…, side² + 1); an empty mask is "not visible"."""
    masks = masks.float()
    rows, columns = (tent(side, size).to(masks) for size in masks.shape[-2:])
    heat = (rows @ masks @ columns.T).flatten(-2)
    total = heat.sum(-1, keepdim=True)
    absent = (total == 0).to(masks)
    return torch.cat([heat / total.clamp(min=1e-9), absent], -1)


def lift(point: Tensor, origin: Tensor, direction: Tensor, height_m: float) -> Tensor:
    """Image points to the plane z = height: the object's place if it stands on the table.

    ``point`` (n, q, 2) as fractions; ``origin`` (n, 3) of the camera in metres and
    ``direction`` (n, 3, 3), which takes (x, y, 1) to a ray in the base frame. Rays that
    miss the plane are cut at 1.5 m. Returns (n, q, 3).
    """
    ones = torch.ones_like(point[..., :1])
    ray = torch.cat([point, ones], -1) @ direction.transpose(1, 2)
    drop = (origin[:, None, 2:] - height_m) / (-ray[..., 2:]).clamp(min=1e-3)
    length = ray.norm(dim=-1, keepdim=True)
    return origin[:, None] + ray * drop.clamp(min=0).minimum(1.5 / length)
