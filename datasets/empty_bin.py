"""Empties the bin, or removes from it what has lain there for long."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ..runtime.age import days_since
from ..runtime.errors import TeachloopError
from .labels.edit_log import EditLog
from .labels.edits import SetDeleted
from .labels.labels import LOG
from .removal_result import RemovedTakes
from .takes.removal import remove_take
from .takes.take_folder import LABELS, TAKES, take_folders
from .takes.trash import in_bin

Tell = Callable[[str, float], None]


def binned(data: Path, for_days: int = 0) -> Sequence[Path]:
    """The folders of all takes in the bin, and there at least so long."""
    folders = [each for each in take_folders(data / TAKES) if in_bin(each)]
    return [each for each in folders if not for_days or days_in_bin(each) >= for_days]


def days_in_bin(take_folder: Path) -> float:
    """Since it was put there last; -1 where nobody knows."""
    log = EditLog(take_folder / LABELS / LOG)
    said = [entry for entry, _ in log.entries() if SetDeleted(True) in entry.edits]
    return days_since(said[-1].time) if said else -1.0


def empty_bin(folders: Sequence[Path], tell: Tell) -> RemovedTakes:
    """One after the other; ``tell`` is told which, and the share of all that is done, and may raise
    to stop: what is removed by then is. What is not in the bin stays."""
    sizes: list[int] = []
    left_out: dict[str, str] = {}
    for number, folder in enumerate(folders):
        tell(f"{number + 1} of {len(folders)}", number / len(folders))
        try:
            sizes.append(remove_take(folder))
        except (TeachloopError, OSError) as error:
            left_out[folder.name] = str(error)
    tell("", 1.0)
    return RemovedTakes(takes=len(sizes), bytes=sum(sizes), left_out=left_out)
