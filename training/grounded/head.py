"""The action head: from grounded features, key points and proprioception to a chunk."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from .config import PolicyConfig
from .decoding import WAVES, Draft
from .encoder import TextFeatures
from .orientation import NUMBERS
from .tokenizer import BUCKETS

POSTURE = 7  # height, two columns of the rotation; behind them comes the gripper's opening
PLACE = 7  # of a key point: where it is, the same at a near scale, whether it is seen
LOOK = 4  # what is kept of each pooled region
CONDITION = 4  # width of what the instruction says to the blocks
ENTER, LEAVE = "head.enter.weight", "head.leave.{}"  # in a base's weights


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
    """Predicts a chunk of normalised actions.

    ``added``: how many cameras there are beside the base's. ``drafts``: whether it is shown drafts
    of the chunk. Inputs for either weigh nothing until they are trained, nor do those for
    orientations, of which the first bases were not told. ``gripper``: whether there is one, as
    a number of the posture and of each action.
    """

    def __init__(
        self, config: PolicyConfig, added: int = 0, gripper: bool = True, drafts: bool = False
    ) -> None:
        super().__init__()
        self.chunk, self.cameras = config.chunk, len(config.cameras)
        queries = len(config.queries)
        places = (self.cameras + 1) * queries  # now, and at the start
        regions = self.cameras * queries
        self.look = Bottleneck(config.width, LOOK, noise=0.4)
        self.read = Reader()
        posture = POSTURE + gripper
        self.enter = nn.Linear(PLACE * places + posture + LOOK * regions, config.head_width)
        self.oriented = _weightless(NUMBERS * regions, config.head_width)
        self.added = _weightless(added * queries * (PLACE + LOOK), config.head_width)
        self.blocks = nn.ModuleList(
            FilmBlock(config.head_width, CONDITION) for _ in range(config.head_blocks)
        )
        numbers = config.chunk * (config.arm + gripper)
        self.drafted = _weightless((numbers + 2 * WAVES) * drafts, config.head_width)
        self.leave = nn.Linear(config.head_width, numbers)

    def read_anew(self) -> None:
        """Forget which words count. A base's reader has settled on its own verbs, which hardly need
        words: what is saturated would never learn any other."""
        self.read = Reader().to(self.leave.weight.device)

    def blank(self, count: int) -> Draft:
        """``count`` drafts of which nothing is known."""
        bias = self.leave.bias
        return Draft.blank(bias.new_zeros(count, self.chunk, len(bias) // self.chunk))

    def forward(
        self,
        geometry: Tensor,
        posture: Tensor,
        pooled: Tensor,
        orientation: Tensor,
        words: TextFeatures,
        draft: Draft | None = None,
    ) -> Tensor:
        """Geometry (n, cameras + 1, queries, 7), the last of the start; posture (n, 8); pooled
        (n, cameras, queries, width), orientations (n, cameras, queries, NUMBERS) as the hand sees
        them and the instruction's words to normalised actions (n, chunk, arm + 1), the last a
        gripper logit; without one, (n, 7) and (n, chunk, arm)."""
        look = self.look(pooled.flatten(1, 2)).view(*pooled.shape[:3], LOOK)
        base, added = slice(None, self.cameras), slice(self.cameras, -1)
        known = torch.cat([geometry[:, base], geometry[:, -1:]], 1)
        x = self.enter(torch.cat([known.flatten(1), posture, look[:, base].flatten(1)], -1))
        if self.oriented is not None:
            x = x + self.oriented(orientation[:, base].flatten(1))
        if self.added is not None:
            own = [geometry[:, added].flatten(1), look[:, self.cameras :].flatten(1)]
            x = x + self.added(torch.cat(own, -1))
        if self.drafted is not None and draft is not None:
            x = x + self.drafted(draft.numbers())
        condition = self.read(words)
        for block in self.blocks:
            x = block(x, condition)
        return self.leave(x).unflatten(1, (self.chunk, -1))


def without_gripper(weights: Mapping[str, Tensor], config: PolicyConfig) -> dict[str, Tensor]:
    """A base's weights, without what its head reads of a gripper and says to it."""
    places = (len(config.cameras) + 1) * len(config.queries)
    read = PLACE * places + POSTURE
    numbers = weights[LEAVE.format("bias")].numel()
    kept = torch.arange(numbers).view(config.chunk, config.arm + 1)[:, :-1].flatten()
    enter = weights[ENTER]
    left = {LEAVE.format(name): weights[LEAVE.format(name)][kept] for name in ("weight", "bias")}
    return {**weights, **left, ENTER: torch.cat([enter[:, :read], enter[:, read + 1 :]], 1)}


def _weightless(inputs: int, outputs: int) -> nn.Linear | None:
    if not inputs:
        return None
    layer = nn.Linear(inputs, outputs, bias=False)
    nn.init.zeros_(layer.weight)
    return layer
