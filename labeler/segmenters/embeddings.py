"""What encoders said of images, kept for whoever asks again: looking takes seconds."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeAlias

import torch

from ...datasets.steps import Image

Embedding: TypeAlias = tuple[torch.Tensor, ...]
"""The encoder's maps of one image, each (1, channels, height, width)."""

ROOM = 256 * 1024 * 1024  # bytes: 128 images of SAM, 30 of SAM 2


class Embeddings:
    """In half precision and in main memory, for all takes and objects. Safe to use from several
    threads: two never compute the same, and what is known waits for no other image."""

    def __init__(self, room: int = ROOM) -> None:
        """``room``: bytes; the newest one is kept also where it needs more."""
        self._room = room
        self._kept: OrderedDict[Hashable, Embedding] = OrderedDict()
        self._keeping, self._looking = threading.Lock(), threading.Lock()

    def of(self, key: Hashable, look: Callable[[], Embedding]) -> Embedding:
        """The embedding that is known by this key, or that ``look`` gives."""
        known = self.known(key)
        if known is not None:
            return known
        with self._looking:
            known = self.known(key)
            return self._keep(key, _halved(look())) if known is None else known

    def known(self, key: Hashable) -> Embedding | None:
        """None where it has to be computed."""
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: Hashable, embedding: Embedding) -> Embedding:
        with self._keeping:
            self._kept[key] = embedding
            self._room -= _size(embedding)
            while self._room < 0 and len(self._kept) > 1:
                self._room += _size(self._kept.popitem(last=False)[1])
        return embedding


EMBEDDED = Embeddings()


def key_of(version: Hashable, image: Image) -> Hashable:
    """By what an image's embedding is known: the weights that made it, and the pixels."""
    return version, image.shape, hashlib.sha256(image.tobytes()).digest()


def _halved(embedding: Embedding) -> Embedding:
    return tuple(each.half().cpu() for each in embedding)


def _size(embedding: Embedding) -> int:
    return sum(each.nbytes for each in embedding)
