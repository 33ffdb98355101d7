"""Archives many takes, and says what stays as it is and why."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path

from ..runtime.errors import TeachloopError
from .archived_takes import ArchivedTakes
from .archiving import Archived, archive_take
from .takes.reader import Take
from .takes.take_folder import TAKES, find_take, take_folders
from .takes.trash import in_bin


def archivable(data: Path, takes: Sequence[str] = (), older_than_days: int = 0) -> Sequence[Path]:
    """The folders of these takes, or of all that are not in the bin; without those that are
    archived, or younger. Raises NoSuchTake, BadName."""
    before = datetime.now(timezone.utc) - timedelta(days=older_than_days)
    folders = [find_take(data, take) for take in takes] or take_folders(data / TAKES)
    return [each for each in folders if _has_jpegs(each, before) and not in_bin(each)]


def _has_jpegs(folder: Path, before: datetime) -> bool:
    """What cannot be read is told when it is to be archived."""
    try:
        with Take.open(folder, damaged_too=True) as take:
            created = datetime.fromisoformat(take.info.created)
            return take.info.video is None and created.astimezone(timezone.utc) <= before
    except (TeachloopError, ValueError):
        return True


def archive_takes(folders: Sequence[Path], tell: Callable[[str, float], None]) -> ArchivedTakes:
    """One after the other; ``tell`` is told of which, and the share of all that is done, and may
    raise to stop: what is archived by then is."""
    done: list[Archived] = []
    left_out: dict[str, str] = {}
    for number, folder in enumerate(folders):
        try:
            done.append(archive_take(folder, partial(_told, tell, folder, number, len(folders))))
        except TeachloopError as error:
            left_out[folder.name] = str(error)
    return ArchivedTakes(
        takes=len(done),
        bytes_before=sum(each.bytes_before for each in done),
        bytes_after=sum(each.bytes_after for each in done),
        least_psnr_db=min((each.least_psnr_db for each in done), default=None),
        left_out=left_out,
    )


def _told(
    tell: Callable[[str, float], None], folder: Path, number: int, total: int, share: float
) -> None:
    tell(folder.name, (number + share) / total)
