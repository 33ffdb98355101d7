"""Files of weights, and the models that are loaded from them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock
from typing import TypeVar

from ...runtime.regular_file import open_to_read

Loaded = TypeVar("Loaded")

SAMPLES, SAMPLE_BYTES = 16, 64 << 10  # of a file of gigabytes: enough to tell trainings apart


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


@lru_cache(maxsize=16)
def identity(weights: Weights, *beside: str) -> str:
    """What tells a file from all others, wherever it lies, in hexadecimal digits: its size, when it
    changed, pieces of what is in it, and what else says how it is used. Raises OSError."""
    told = hashlib.sha256(repr((weights.size, weights.changed_ns, beside)).encode())
    with open_to_read(weights.path) as file:
        for number in range(SAMPLES):
            file.seek(max(0, weights.size - SAMPLE_BYTES) * number // (SAMPLES - 1))
            told.update(file.read(SAMPLE_BYTES))
    return told.hexdigest()[:16]


def kept(load: Callable[[Weights], Loaded]) -> Callable[[Weights], Loaded]:
    """A loader that keeps what it loaded last. Two threads never load the same."""
    newest, loading = lru_cache(maxsize=1)(load), Lock()

    @wraps(load)
    def of(weights: Weights) -> Loaded:
        with loading:
            return newest(weights)

    return of
