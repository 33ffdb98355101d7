"""The action head: from grounded features, key points and proprioception to a chunk."""

import torch
from torch import Tensor, nn

from .config import CAMERAS, QUERIES, PolicyConfig
from .encoder import TextFeatures
from .tokenizer import BUCKETS

POSTURE = 8  # height, two columns of the rotation, gripper
PLACES = len(CAMERAS) + 1  # each camera's key point now, and the front one's at the start
GEOMETRY = len(QUERIES) * PLACES * 7
LOOK = 4  # what is kept of each pooled region
CONDITION = 4  # width of what the instruction says to the blocks
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


class Bottleneck(nn.Module):
    """A few bounded numbers, disturbed while training, so that little fits through: colours
    and words would otherwise tell which of twenty runs this is, and the run be replayed."""

    def __init__(self, width: int, kept: int, noise: float) -> None:
        super().__init__()
        self.noise = noise
        self.norm = nn.LayerNorm(width)
        self.narrow = nn.Linear(width, kept)

    def forward(self, x: Tensor) -> Tensor:
        """(…, width) to (…, kept)."""
        x = self.narrow(self.norm(x)).tanh()
        return x + torch.randn_like(x) * self.noise if self.training else x


class Reader(nn.Module):
    """What the instruction asks for, by its letters.

    A word that the base never met (a new verb, "left") has letters like any other; the text
    tower, which learned from the base's words, may have lost it. Dropout and a narrow, noisy
    way out keep the words that many runs share, and lose those that tell one run.
    """

    def __init__(self) -> None:
        super().__init__()
        self.drop = nn.Dropout(0.3)
        self.leave = Bottleneck(BUCKETS, CONDITION, noise=0.5)

    def forward(self, words: TextFeatures) -> Tensor:
        """(n, CONDITION)."""
        return self.leave(self.drop(words.letters))


class ActionHead(nn.Module):
    """Predicts a chunk of normalised actions."""

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        self.chunk = config.chunk
        regions = len(CAMERAS) * len(QUERIES)
        self.look = Bottleneck(config.width, LOOK, noise=0.4)
        self.read = Reader()
        self.enter = nn.Linear(GEOMETRY + POSTURE + LOOK * regions, config.head_width)
        self.blocks = nn.ModuleList(
            FilmBlock(config.head_width, CONDITION) for _ in range(config.head_blocks)
        )
        self.leave = nn.Linear(config.head_width, config.chunk * ACTION)

    def forward(
        self, geometry: Tensor, posture: Tensor, pooled: Tensor, words: TextFeatures
    ) -> Tensor:
        """Geometry (n, g), posture (n, 8), pooled (n, cameras · queries, width) and
        the instruction's words to normalised actions (n, chunk, 7), the last a gripper logit."""
        look = self.look(pooled).flatten(1)
        x = self.enter(torch.cat([geometry, posture, look], -1))
        condition = self.read(words)
        for block in self.blocks:
            x = block(x, condition)
        return self.leave(x).unflatten(-1, (self.chunk, ACTION))
