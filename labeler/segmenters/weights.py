"""A file of weights, as it was when it was found."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Weights:
    """What tells it from an older file of the same name."""

    path: Path
    size: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> "Weights":
        """Raises OSError."""
        status = path.stat()
        return cls(path, status.st_size, status.st_mtime_ns)
