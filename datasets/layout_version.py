"""Which version of teachloop laid a data folder out. An older one is brought up to date, after a
copy of all that may change was put aside; a newer one is left alone.

What lies where, and what files say, is one number for the whole folder; takes have, beside it, the
number of their own schema, since they are also read outside of one.
"""

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from ..runtime.atomic_file import new_folder, sync_tree
from ..runtime.errors import TeachloopError
from ..runtime.json_file import StoredModel, read_model, write_model
from .takes.take_folder import TAKE, TAKES

LAYOUT, BACKUPS = "layout.json", "backups"
FIRST = CURRENT = 1
Migrations = Mapping[int, Callable[[Path], None]]
"""By the version that it begins with: changes a data folder to the next one. It may meet what an
interrupted run of itself has changed already."""
MIGRATIONS: Migrations = {}
REBUILT = ("catalog.sqlite", "exports")  # from the takes, by whoever needs them


class Layout(StoredModel):
    version: int


class NewerLayout(TeachloopError):
    def __init__(self, data: Path, version: int, current: int) -> None:
        super().__init__(
            f"{data} was laid out by a newer teachloop (version {version}; this one knows "
            f"{current}). Update teachloop. Nothing was changed."
        )


def bring_up_to_date(
    data: Path, migrations: Migrations = MIGRATIONS, current: int = CURRENT
) -> Path | None:
    """Change what an older version laid out; returns where a copy of what was there lies, or None
    where nothing was older. Raises NewerLayout, BrokenJson, and OSError, after which the same call
    goes on."""
    version = version_of(data, current)
    if version > current:
        raise NewerLayout(data, version, current)
    if version == current:
        _say(data, current)
        return None
    backup = _put_aside(data, version)
    for number in range(version, current):
        migrations[number](data)
        write_model(data / LAYOUT, Layout(version=number + 1))
    return backup


def begin(data: Path) -> None:
    """Make a new data folder, of the current version, where there is none and one can be made."""
    if not data.exists():
        with suppress(OSError):
            data.mkdir(parents=True)
            _say(data, CURRENT)


def version_of(data: Path, current: int = CURRENT) -> int:
    """Where nothing is said, the first one, or the current one of an empty folder. Raises
    BrokenJson."""
    path = data / LAYOUT
    if path.exists():
        return read_model(path, Layout).version
    return FIRST if any(data.iterdir()) else current


def _say(data: Path, version: int) -> None:
    """Before anything lies in a new folder: later versions know by it what they find. What may not
    be written is only read."""
    if not (data / LAYOUT).exists():
        with suppress(OSError):
            write_model(data / LAYOUT, Layout(version=version))


def _put_aside(data: Path, version: int) -> Path:
    """All but what can be made again, and what lies aside already; recordings, which never change
    in place, need no room."""
    backup = data / BACKUPS / f"layout-{version}"
    if not backup.exists():
        with new_folder(backup) as partial:
            for source in sorted(data.iterdir()):
                if source.name not in (BACKUPS, *REBUILT):
                    _copy(source, partial / source.name)
            sync_tree(partial)
    return backup


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, copy_function=_copy_file)
    elif source.is_file():
        _copy_file(str(source), str(target))


def _copy_file(source: str, target: str) -> str:
    """A second name for a recording, where the disk knows such; else a copy."""
    path = Path(source)
    if path.name == TAKE and TAKES in path.parts:
        try:
            Path(target).hardlink_to(path)
        except OSError:
            pass
        else:
            return target
    return str(shutil.copy2(source, target))
