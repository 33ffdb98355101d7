"""What is loaded when somebody needs it, and freed once nobody did for a while."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import Generic, TypeVar

import torch

LOOK_S = 0.1
Loaded = TypeVar("Loaded")


class KeptModel(Generic[Loaded]):
    """Used by one at a time; others wait."""

    def __init__(self, load: Callable[[], Loaded], kept_s: float) -> None:
        self._load, self._kept_s = load, kept_s
        self._in_use = Lock()
        self._loaded: Loaded | None = None
        self._freeing: Timer | None = None

    @contextmanager
    def using(self, cancelled: Callable[[], bool]) -> Iterator[Loaded | None]:
        """None where it was cancelled before its turn came. Raises what loading raises."""
        while not self._in_use.acquire(timeout=LOOK_S):
            if cancelled():
                yield None
                return
        try:
            yield self._ready()
        finally:
            self._free_later()
            self._in_use.release()

    def _ready(self) -> Loaded:
        if self._freeing:
            self._freeing.cancel()
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def _free_later(self) -> None:
        self._freeing = Timer(self._kept_s, self._free)
        self._freeing.daemon = True
        self._freeing.start()

    def _free(self) -> None:
        """Not while it is used: then it is freed after that."""
        if not self._in_use.acquire(blocking=False):
            return
        try:
            self._loaded = None
            gc.collect()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
        finally:
            self._in_use.release()
