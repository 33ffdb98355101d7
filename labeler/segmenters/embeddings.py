"""What encoders said of images, kept for whoever asks again: looking takes seconds."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeAlias

import torch

from ...datasets.steps import Image
from .interface import Files

Embedding: TypeAlias = tuple[torch.Tensor, ...]
"""The encoder's maps of one image, each (1, channels, height, width)."""

ROOM = 256 * 1024 * 1024  # bytes: 128 images of SAM, 30 of SAM 2


class Embeddings:
    """In half precision and in main memory, for all takes and objects, and in the files of their
    take, where there are any. Safe to use from several threads: two never compute the same, and
    what is known waits for no other image."""

    def __init__(self, room: int = ROOM) -> None:
        """``room``: bytes; the newest one is kept also where it needs more."""
        self._room = room
        self._kept: OrderedDict[str, Embedding] = OrderedDict()
        self._keeping, self._looking = threading.Lock(), threading.Lock()

    def of(self, key: str, look: Callable[[], Embedding], files: Files | None = None) -> Embedding:
        """The embedding that is known by this key, or that ``look`` gives."""
        known = self.known(key, files)
        if known is not None:
            return known
        with self._looking:
            known = self.known(key, files)
            return self._looked(key, look, files) if known is None else known

    def known(self, key: str, files: Files | None = None) -> Embedding | None:
        """None where it has to be computed."""
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        maps = files.read(key) if files is not None else None
        return None if maps is None else self._keep(key, tuple(map(torch.from_numpy, maps)))

    def _looked(self, key: str, look: Callable[[], Embedding], files: Files | None) -> Embedding:
        embedding = self._keep(key, _halved(look()))
        if files is not None:
            files.write(key, [each.numpy() for each in embedding])
        return embedding

    def _keep(self, key: str, embedding: Embedding) -> Embedding:
        with self._keeping:
            self._room += _size(self._kept.pop(key, ()))  # two threads may have read it
            self._kept[key] = embedding
            self._room -= _size(embedding)
            while self._room < 0 and len(self._kept) > 1:
                self._room += _size(self._kept.popitem(last=False)[1])
        return embedding


EMBEDDED = Embeddings()


def key_of(version: str, image: Image) -> str:
    """By what an image's embedding is known: the weights that made it, and the pixels."""
    pixels = hashlib.sha256(repr(image.shape).encode() + image.tobytes())
    return f"{version}-{pixels.hexdigest()[:32]}"


def _halved(embedding: Embedding) -> Embedding:
    return tuple(each.detach().half().cpu().contiguous() for each in embedding)


def _size(embedding: Embedding) -> int:
    return sum(each.nbytes for each in embedding)
