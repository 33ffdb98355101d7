"""Archives many takes, and says what stays as it is and why."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from ..runtime.age import days_since
from ..runtime.errors import TeachloopError
from .archive_result import ArchivedTakes
from .archive_take import Archived, archive_take
from .takes.reader import Take
from .takes.take_folder import TAKES, take_folders
from .takes.trash import in_bin

Tell = Callable[[str, float], None]


def archivable(data: Path, older_than_days: int = 0) -> Sequence[Path]:
    """The folders of all takes that are neither in the bin nor archived, nor younger. One whose
    age nobody knows is young; what cannot be read is told when it is to be archived."""
    folders = take_folders(data / TAKES)
    return [each for each in folders if _is_wanted(each, older_than_days) and not in_bin(each)]


def _is_wanted(folder: Path, older_than_days: int) -> bool:
    try:
        with Take.open(folder, damaged_too=True) as take:
            old = not older_than_days or days_since(take.info.created) >= older_than_days
            return old and take.info.video is None
    except TeachloopError:
        return True


def archive_takes(folders: Sequence[Path], tell: Tell) -> ArchivedTakes:
    """One after the other; ``tell`` is told which, and the share of all that is done, and may raise
    to stop: what is archived by then is."""
    done: list[Archived] = []
    left_out: dict[str, str] = {}
    for number, folder in enumerate(folders):
        told = partial(_told, tell, number, len(folders))
        told(0.0)  # what it raises to stop is no fault of a take
        try:
            done.append(archive_take(folder, told))
        except (TeachloopError, OSError) as error:
            left_out[folder.name] = str(error)
    tell("", 1.0)
    return ArchivedTakes(
        takes=len(done),
        bytes_before=sum(each.bytes_before for each in done),
        bytes_after=sum(each.bytes_after for each in done),
        least_psnr_db=min((each.least_psnr_db for each in done), default=None),
        left_out=left_out,
    )


def _told(tell: Tell, number: int, total: int, share: float) -> None:
    tell(f"{number + 1} of {total}", (number + share) / total)
