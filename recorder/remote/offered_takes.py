"""The takes of this machine, for another one to copy."""

from pathlib import Path

from ...datasets.labels.edit_log import EditLog
from ...datasets.labels.labels import LOG
from ...datasets.takes.take_folder import (
    LABELS,
    TAKE,
    TAKES,
    being_written,
    find_take,
    take_folders,
)
from ...runtime.regular_file import open_to_read
from .take_messages import PART_BYTES, ReadTake, TakeHead, TakeList, TakePart


def offered_takes(data: Path) -> TakeList:
    """All that are finished, those in the bin among them."""
    folders = [each for each in take_folders(data / TAKES) if not being_written(each)]
    return TakeList(takes=[_head(folder) for folder in folders])


def _head(folder: Path) -> TakeHead:
    said = EditLog(folder / LABELS / LOG).size()
    return TakeHead(take=folder.name, bytes=(folder / TAKE).stat().st_size, said=said)


def take_part(data: Path, asked: ReadTake) -> TakePart:
    """Raises NoSuchTake, OSError."""
    folder = find_take(data, asked.take)
    path = folder / TAKE if asked.of == "file" else folder / LABELS / LOG
    with open_to_read(path) as file:
        file.seek(asked.begins)
        return TakePart(content=file.read(PART_BYTES))
