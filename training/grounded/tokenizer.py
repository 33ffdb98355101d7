"""A tokenizer of UTF-8 bytes: any sentence in any language encodes, nothing is downloaded."""

from collections.abc import Sequence

import torch
from torch import Tensor

START, END, PADDING = 256, 257, 258
VOCABULARY = 259
BUCKETS = 512  # of the hashed trigrams


def encode(text: str, length: int) -> list[int]:
    """Start, the bytes of ``text`` (trimmed, lower case), end: at most ``length`` ids."""
    data = text.strip().lower().encode("utf-8")[: length - 2]
    return [START, *data, END]


def encode_batch(texts: Sequence[str], length: int) -> tuple[Tensor, Tensor]:
    """Ids (n, longest) and attention mask (n, longest), padded on the right."""
    rows = [encode(text, length) for text in texts]
    longest = max(len(row) for row in rows)
    ids = torch.full((len(rows), longest), PADDING)
    for row, values in zip(ids, rows, strict=True):
        row[: len(values)] = torch.tensor(values)
    return ids, (ids != PADDING).long()


def trigrams(ids: Tensor) -> Tensor:
    """Counts (n, BUCKETS) of the trigrams of ids (n, length), each hashed to a bucket and a
    sign (Weinberger et al. 2009): words that nothing was trained on stay as distinct as any."""
    key = ids[:, :-2] * 7919 + ids[:, 1:-1] * 104729 + ids[:, 2:] * 1299709
    signs = torch.where(ids[:, 2:] == PADDING, 0.0, 1.0 - 2.0 * (key % 2))
    return signs.new_zeros(len(ids), BUCKETS).scatter_add(1, key // 2 % BUCKETS, signs)
