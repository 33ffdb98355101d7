"""A tokenizer of UTF-8 bytes: any sentence in any language encodes, nothing is downloaded."""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

from ...runtime.errors import TeachloopError
from ...runtime.text import one_line

START, END, PADDING = 256, 257, 258
VOCABULARY = 259
BUCKETS = 512  # of the hashed trigrams


class TextTooLong(TeachloopError):
    """An instruction of which a policy would read the beginning alone."""

    def __init__(self, text: str, size: int, longest: int) -> None:
        super().__init__(
            f"The instruction {text[:40] + '…'!r} is {size} bytes long as UTF-8, and this policy "
            f"reads {longest}. Shorten it."
        )


def encode(text: str, length: int) -> list[int]:
    """Start, the bytes of ``text`` (one line, lower case), end: at most ``length`` ids.

    Raises TextTooLong.
    """
    require_fitting([text], length)
    return [START, *_bytes(text), END]


def require_fitting(texts: Iterable[str], length: int) -> None:
    """Raise TextTooLong unless all of each text can be encoded in ``length`` ids."""
    for text in texts:
        if not fits(text, length):
            raise TextTooLong(text, len(_bytes(text)), length - 2)


def fits(text: str, length: int) -> bool:
    """Whether all of a text can be encoded in ``length`` ids."""
    return len(_bytes(text)) <= length - 2


def _bytes(text: str) -> bytes:
    return one_line(text).lower().encode("utf-8")


def encode_batch(texts: Sequence[str], length: int) -> tuple[Tensor, Tensor]:
    """Ids (n, longest) and attention mask (n, longest), padded on the right. Raises TextTooLong."""
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
