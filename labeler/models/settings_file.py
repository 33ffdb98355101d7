"""`labeler.json`, which people, pages and jobs change: who follows it, and how it is changed."""

import fcntl
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from ...runtime.json_file import write_model
from ..settings import FILE, LabelerSettings

USUAL = ("segmenter", "propagator", "finder", "paraphraser")  # used where nobody chooses

Stamp: TypeAlias = tuple[int, int, int] | None
Change: TypeAlias = Callable[[LabelerSettings], Mapping[str, object]]


class SettingsFile:
    """That of a data folder, as it was read last."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._seen: Stamp = None

    def read(self) -> LabelerSettings:
        """Raises WrongSettings."""
        self._seen = self._stamp()
        return LabelerSettings.read(self._data)

    @property
    def changed(self) -> bool:
        """Whether somebody wrote or removed it since."""
        return self._seen != self._stamp()

    def _stamp(self) -> Stamp:
        try:
            status = (self._data / FILE).stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size


def name_weights(data: Path, method: str, weights: str) -> None:
    """From now on these are a method's. Raises WrongSettings, and OSError."""
    _change(data, lambda now: {"weights": {**now.weights, method: weights}})


def forget_weights(data: Path, method: str) -> None:
    """What was named for a method is not any more, and nobody uses it without choosing it. Raises
    WrongSettings, and OSError."""

    def without(now: LabelerSettings) -> Mapping[str, object]:
        built_in = LabelerSettings()
        usual = {kind: getattr(built_in, kind) for kind in USUAL if getattr(now, kind) == method}
        kept = {name: weights for name, weights in now.weights.items() if name != method}
        return {"weights": kept, **usual}

    _change(data, without)


def _change(data: Path, change: Change) -> None:
    """One after the other; all else that the file says stays."""
    with _alone(data):
        now = LabelerSettings.read(data)
        changed = now.model_copy(update=change(now))
        if changed != now:
            write_model(data / FILE, changed, exclude_unset=True)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    descriptor = os.open(data, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
