"""One demo of a file, where it lies."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import h5py
import numpy as np

from ..imported.episode import EpisodeRefused
from ..imported.stored import (
    WIDEST,
    dataset_at,
    group_at,
    has,
    json_bytes,
    number,
    opened,
    table_at,
    text,
)
from ..imported.unfolding import blocks
from . import others, own
from .about import About
from .cameras import sizes_of
from .episode import BESIDE, SAID, STALE, SUBTASK, DemoEpisode

MOST_STEPS = 100_000
NO_PICTURES = (
    "It has no obs: the states of a simulation alone, out of which robomimic's "
    "dataset_states_to_obs makes numbers and pictures."
)


class StoredDemo:
    """Opened anew whenever it is read."""

    def __init__(self, path: Path, name: str, about: About) -> None:
        self._path, self._name, self._about = path, name, about
        self.place = f"{name} of {path.name}"

    def sha256(self) -> str:
        """Of its numbers, its pictures, and what is said of it and of its robot. Raises OSError,
        EpisodeRefused."""
        with self._opened() as demo:
            whole = sha256(self._about.environment.model_dump_json().encode())
            whole.update(repr((self._about.told_hz, self._about.cameras)).encode())
            whole.update(repr([text(demo, name) for name in SAID]).encode())
            whole.update(repr(number(demo, "success")).encode())
            if self._about.is_own:
                whole.update(repr([json_bytes(demo, name) for name in BESIDE]).encode())
            for name, rows in _read(demo):
                whole.update(repr((name, rows.dtype.str, rows.shape)).encode())
                for block in blocks(name, rows):
                    whole.update(np.ascontiguousarray(block).tobytes())
        return whole.hexdigest()

    def read(self) -> DemoEpisode:
        """Raises EpisodeRefused, OSError."""
        with self._opened() as demo:
            return DemoEpisode(self._opened, demo, _steps(demo), self._about)

    @contextmanager
    def _opened(self) -> Iterator[h5py.Group]:
        with opened(self._path, self.place) as file:
            yield group_at(file, f"data/{self._name}")


def _read(demo: h5py.Group) -> Iterator[tuple[str, h5py.Dataset]]:
    """All that an episode is made of. Raises EpisodeRefused, LookupError, ValueError."""
    steps = _steps(demo)
    for name in sorted({*own.READ, *others.READ, STALE, SUBTASK}):
        if has(demo, name):
            yield name, table_at(demo, name, steps)
    for name in sizes_of(group_at(demo, "obs"), steps):
        yield f"obs/{name}", dataset_at(demo, f"obs/{name}")


def _steps(demo: h5py.Group) -> int:
    """How many there are. Raises EpisodeRefused, LookupError, ValueError."""
    actions = dataset_at(demo, others.ACTIONS)
    steps, told = len(actions), number(demo, "num_samples")
    if actions.ndim != 2 or actions.shape[1] > WIDEST:
        raise ValueError(f"its actions have the shape {actions.shape}")
    if not 2 <= steps <= MOST_STEPS:
        raise EpisodeRefused(f"It has {steps} steps; 2 to {MOST_STEPS} may be.")
    if told not in (None, steps):
        raise EpisodeRefused(f"It tells {told:.0f} steps and has {steps} actions.")
    if not has(demo, "obs"):
        raise EpisodeRefused(NO_PICTURES)
    return steps
