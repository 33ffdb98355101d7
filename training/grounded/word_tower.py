"""A sentence as its words: a tower that learns a word wherever it stands."""

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from .config import PolicyConfig

PIECES = 8192  # rows of the table that parts of words are hashed to
LENGTHS = (3, 4)  # of these parts, in letters
LONGEST = 80  # words: what fits a sentence of 158 bytes
_WORD = re.compile(r"[^\W_]+|[^\w\s]")


def split_words(text: str) -> list[str]:
    """Words and marks, in lower case; of languages without blanks the runs of letters."""
    return _WORD.findall(text.lower())[:LONGEST]


def find_words(text: str) -> list[re.Match[str]]:
    """Where they are."""
    return list(_WORD.finditer(text))[:LONGEST]


@lru_cache(maxsize=1 << 16)
def pieces(word: str) -> tuple[int, ...]:
    """Rows of the whole word and of its parts (Bojanowski et al. 2017): words that are alike share
    some, and one that nobody met before has rows, too."""
    marked = f"<{word}>"
    parts = [marked[at : at + size] for size in LENGTHS for at in range(len(marked) - size + 1)]
    return tuple(zlib.crc32(part.encode()) % PIECES for part in (marked, *parts))


class WordTower(nn.Module):
    """Words, as sums of their pieces, through a small transformer."""

    def __init__(self, config: PolicyConfig) -> None:
        super().__init__()
        width = config.width
        self.table = nn.EmbeddingBag(PIECES, width, mode="sum")
        nn.init.normal_(self.table.weight, std=0.12)
        self.start = nn.Parameter(torch.zeros(width))
        self.place = nn.Parameter(0.02 * torch.randn(LONGEST + 1, width))
        self.blocks = nn.ModuleList(
            Block(width, config.attention_heads) for _ in range(config.text_layers)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, texts: Sequence[str]) -> Tensor:
        """n sentences to what they mean (n, width)."""
        words = [split_words(text) for text in texts]
        longest = 1 + max(map(len, words))
        lengths = torch.tensor([1 + len(each) for each in words], device=self.start.device)
        x = self._embedded(words, longest)
        known = torch.arange(x.shape[1], device=x.device) < lengths[:, None]
        for block in self.blocks:
            x = block(x, known)
        return self.norm(x[:, 0])

    def _embedded(self, words: Sequence[Sequence[str]], longest: int) -> Tensor:
        """(n, longest, width), the first of each the start, the rest of short ones zeros."""
        x = self.start.expand(len(words), longest, -1).clone()
        x[:, 1:] = 0
        rows = [pieces(word) for each in words for word in each]
        if rows:
            device = self.start.device
            begins = torch.tensor([0, *map(len, rows[:-1])], device=device).cumsum(0)
            flat = torch.tensor([row for each in rows for row in each], device=device)
            text = [n for n, each in enumerate(words) for _ in each]
            place = [n for each in words for n in range(1, len(each) + 1)]
            x[text, place] = self.table(flat, begins)
        return x + self.place[:longest]


class Block(nn.Module):
    """One layer: attention among words, then each by itself, both before normalisation."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (
            nn.Linear(width, width) for _ in range(4)
        )
        self.fc1, self.fc2 = nn.Linear(width, 3 * width), nn.Linear(3 * width, width)

    def forward(self, x: Tensor, known: Tensor) -> Tensor:
        """(n, length, width), of which ``known`` (n, length) are words."""
        x = x + self._attended(self.norm1(x), known)
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))

    def _attended(self, x: Tensor, known: Tensor) -> Tensor:
        q, k, v = (
            layer(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for layer in (self.q_proj, self.k_proj, self.v_proj)
        )
        mixed = F.scaled_dot_product_attention(q, k, v, known[:, None, None])
        return self.out_proj(mixed.transpose(1, 2).flatten(2))
