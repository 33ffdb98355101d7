"""The action head: from grounded features, key points and proprioception to a chunk."""

import torch
from torch import Tensor, nn

from .config import CAMERAS, QUERIES, PolicyConfig

PROPRIOCEPTION = 10  # position, two columns of the rotation, gripper
PLACES = len(CAMERAS) + 1  # each camera's key point now, and the front one's at the start
GEOMETRY = len(QUERIES) * (PLACES * 7 + 2 * len(CAMERAS))
ACTION = 7  # three of translation, three of rotation, gripper


class FilmBlock(nn.Module):
    """A residual block whose scale and shift come from the instruction (Perez et al. 2018)."""

    def __init__(self, width: int, condition: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.film = nn.Linear(condition, 2 * width)
        self.inner = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """(n, width) and (n, condition) to (n, width)."""
        scale, shift = self.film(condition).chunk(2, -1)
        return x + self.inner(self.norm(x) * (1 + scale) + shift)


class ActionHead(nn.Module):
    """Predicts a chunk of normalised actions."""

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        self.chunk = config.chunk
        regions = len(CAMERAS) * len(QUERIES)
        self.look = nn.Linear(config.width, 24)
        self.read = nn.Sequential(nn.LayerNorm(config.width), nn.Linear(config.width, 64))
        self.enter = nn.Linear(GEOMETRY + PROPRIOCEPTION + 24 * regions, config.head_width)
        self.blocks = nn.ModuleList(
            FilmBlock(config.head_width, 64) for _ in range(config.head_blocks)
        )
        self.leave = nn.Linear(config.head_width, config.chunk * ACTION)

    def forward(
        self, geometry: Tensor, proprioception: Tensor, pooled: Tensor, sentence: Tensor
    ) -> Tensor:
        """Geometry (n, g), proprioception (n, 10), pooled (n, cameras · queries, width) and
        sentence (n, width) to normalised actions (n, chunk, 7), the last a gripper logit."""
        look = self.look(pooled).flatten(1)
        x = self.enter(torch.cat([geometry, proprioception, look], -1))
        condition = self.read(sentence)
        for block in self.blocks:
            x = block(x, condition)
        return self.leave(x).unflatten(-1, (self.chunk, ACTION))
