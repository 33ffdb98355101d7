"""The action head: from grounded features, key points and proprioception to a chunk."""

import torch
from torch import Tensor, nn

from .config import CAMERAS, QUERIES, PolicyConfig
from .encoder import Words

POSTURE = 8  # height, two columns of the rotation, gripper
PLACES = len(CAMERAS) + 1  # each camera's key point now, and the front one's at the start
GEOMETRY = len(QUERIES) * PLACES * 7
LOOK = 4  # what is kept of each pooled region
CONDITION = 8  # width of what the instruction says to the blocks
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
    """A few learned questions asked of every token of the instruction.

    A word that the base never met (a new verb, "left") still has token states of its own;
    the end token's summary may have lost it.
    """

    def __init__(self, width: int, questions: int = 4) -> None:
        super().__init__()
        self.questions = nn.Parameter(torch.randn(questions, width) * width**-0.5)
        self.key = nn.Linear(width, width)
        self.leave = Bottleneck(questions * width, CONDITION, noise=0.1)

    def forward(self, words: Words) -> Tensor:
        """(n, CONDITION)."""
        scores = self.key(words.states) @ self.questions.T
        scores = scores.masked_fill(words.mask[..., None] == 0, float("-inf"))
        answers = scores.softmax(1).transpose(1, 2) @ words.states
        return self.leave(answers.flatten(1))


class ActionHead(nn.Module):
    """Predicts a chunk of normalised actions."""

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        self.chunk = config.chunk
        regions = len(CAMERAS) * len(QUERIES)
        self.look = Bottleneck(config.width, LOOK, noise=0.4)
        self.read = Reader(config.width)
        self.enter = nn.Linear(GEOMETRY + POSTURE + LOOK * regions, config.head_width)
        self.blocks = nn.ModuleList(
            FilmBlock(config.head_width, CONDITION) for _ in range(config.head_blocks)
        )
        self.leave = nn.Linear(config.head_width, config.chunk * ACTION)

    def forward(self, geometry: Tensor, posture: Tensor, pooled: Tensor, words: Words) -> Tensor:
        """Geometry (n, g), posture (n, 8), pooled (n, cameras · queries, width) and
        the instruction's words to normalised actions (n, chunk, 7), the last a gripper logit."""
        look = self.look(pooled).flatten(1)
        x = self.enter(torch.cat([geometry, posture, look], -1))
        condition = self.read(words)
        for block in self.blocks:
            x = block(x, condition)
        return self.leave(x).unflatten(-1, (self.chunk, ACTION))
