"""Which takes can be learned from, where nobody chose any."""

from pathlib import Path

from ...datasets.labels.labels import Labels
from ...datasets.takes.reader import Take
from ...datasets.takes.take_folder import TAKES
from ...runtime.errors import TeachloopError


class NoUsableTake(TeachloopError):
    def __init__(self, data: Path) -> None:
        super().__init__(f"{data} has no labelled take. Record and label one first.")


def usable_takes(data: Path, masks: bool = True) -> list[str]:
    """Ids of all takes that are whole, were neither binned nor a failure, and have ``masks``
    where they are needed. Raises NoUsableTake."""
    found = sorted(folder.name for folder in (data / TAKES).glob("*") if _usable(folder, masks))
    if not found:
        raise NoUsableTake(data)
    return found


def _usable(folder: Path, masks: bool) -> bool:
    try:
        labels = Labels.open(folder).snapshot
        Take.open(folder).close()
    except TeachloopError:
        return False
    labelled = bool(labels.masks) or not masks
    return labelled and not labels.deleted and labels.success is not False
