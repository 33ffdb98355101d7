"""Where fetched weights lie, and what is there of each."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from ...datasets.takes.take_folder import RESERVE_BYTES
from ...runtime.atomic_file import begun
from ...runtime.errors import TeachloopError
from ..settings import LabelerSettings
from .published import CATALOGUE, Published
from .size import in_words


class NotPublished(TeachloopError):
    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"No weights {name!r} are known. Known: {', '.join(known)}.")


class NoRoom(TeachloopError):
    def __init__(self, folder: Path, needed: int, free: int) -> None:
        super().__init__(
            f"{in_words(needed)} are still to come, and the disk of {folder} takes "
            f"{in_words(max(0, free))}. Make room, and fetch it again."
        )


class ModelStorage:
    """`<data>/models/`: a file or folder for each of the published weights."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "models"

    def path(self, item: Published) -> Path:
        """Where it is once it came whole."""
        return self.folder / item.name

    def size(self, item: Published) -> int:
        """Bytes that are there of it, also where more are to come."""
        whole = self.path(item)
        return size_on_disk(whole if whole.exists() else begun(whole))

    def require_room(self, item: Published, size: int) -> None:
        """For all of its ``size`` bytes but those that are there. Raises NoRoom, and OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        needed = size - self.size(item)
        free = shutil.disk_usage(self.folder).free - RESERVE_BYTES
        if needed > free:
            raise NoRoom(self.folder, needed, free)

    def remove(self, item: Published) -> None:
        """All that is there of it. Raises OSError."""
        for path in (self.path(item), begun(self.path(item))):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def local(weights: str) -> Path:
    """Where weights would be if they are no hub id; ``~`` is one's home."""
    return Path(os.path.expanduser(weights))


def size_on_disk(path: Path) -> int:
    """Bytes of a file, or of the files that lie in a folder; 0 where nothing can be seen."""
    try:
        if not path.is_dir():
            return path.stat().st_size
        return sum(each.stat().st_size for each in path.iterdir() if each.is_file())
    except (OSError, ValueError):  # a null character is none of a path
        return 0


def published(settings: LabelerSettings) -> tuple[Published, ...]:
    """Those of the catalogue, and those that the settings name."""
    return (*CATALOGUE, *settings.published)


def find_published(data: Path, name: str) -> Published:
    """Of a data folder. Raises NotPublished, WrongSettings."""
    known = {item.name: item for item in published(LabelerSettings.read(data))}
    if name not in known:
        raise NotPublished(name, list(known))
    return known[name]
