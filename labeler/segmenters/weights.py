"""Files of weights, and the models that are loaded from them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock
from typing import TypeVar

Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class Weights:
    """A file as it was when it was found."""

    path: Path
    size: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> "Weights":
        """Raises OSError."""
        status = path.stat()
        return cls(path, status.st_size, status.st_mtime_ns)


def kept(load: Callable[[Weights], Loaded]) -> Callable[[Weights], Loaded]:
    """A loader that keeps what it loaded last. Two threads never load the same."""
    newest, loading = lru_cache(maxsize=1)(load), Lock()

    @wraps(load)
    def of(weights: Weights) -> Loaded:
        with loading:
            return newest(weights)

    return of
