"""A tokenizer of UTF-8 bytes: any sentence in any language encodes, nothing is downloaded."""

from collections.abc import Sequence

import torch
from torch import Tensor

START, END, PADDING = 256, 257, 258
VOCABULARY = 259


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
