"""Which takes a command is about, and how much room they fill."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ...runtime.text import counted

MB = 1e6


def chosen_takes(
    data: Path,
    takes: Sequence[str],
    older_than_days: int,
    otherwise: Callable[[Path, int], Sequence[Path]],
) -> Sequence[Path]:
    """The folders of the takes that are named; where none is, what ``otherwise`` finds that is as
    old. Raises NoDataFolder, NoSuchTake, BadName, OutOfRange."""
    from ...datasets.takes.take_folder import find_take
    from ..web.errors import NoDataFolder
    from .command import require_at_least

    require_at_least(0, older_than_days=older_than_days)
    if not data.is_dir():
        raise NoDataFolder(data)
    named = [find_take(data, take) for take in dict.fromkeys(takes)]
    return named or otherwise(data, older_than_days)


def size_of(folders: Sequence[Path]) -> str:
    from ...datasets.takes.take_folder import TAKE

    files = [folder / TAKE for folder in folders]
    size = sum(path.stat().st_size for path in files if path.is_file())
    return f"{counted(len(folders), 'take')} of {size / MB:.0f} MB"
