"""Turns what a kill left behind into takes. May itself be killed at any moment.

A partial file is deleted only once the take made from it is on the disk under its name, so
each step can be repeated. Folders whose writer lives are left alone.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ...runtime.atomic_file import sync_folder
from ...runtime.disk_errors import is_refused
from ...runtime.errors import TeachloopError
from ..errors import DiskFull, TakeBusy
from .checksum import verify
from .hdf5_validation import UNREADABLE
from .interrupted_copy import copy_whole_records
from .reader import Take
from .take_folder import ARCHIVING, KILLED, NEW, PARTIAL, RECOVERED, TAKE, writing
from .writer import finish_file


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was done about one folder."""

    folder: Path
    what: str
    waits: bool = False
    """Whether it can be done once the disk takes it."""

    def __str__(self) -> str:
        return f"{self.folder.name}: {self.what}"


def recover(takes: Path) -> list[Recovery]:
    """Recover every interrupted take in a folder of takes; empty where all is well."""
    _remove_half_archived(takes)
    done: list[Recovery] = []
    for folder in sorted(path for path in takes.glob("*") if needs_recovery(path)):
        try:
            with writing(folder):
                done.append(Recovery(folder, recover_take(folder)))
            with suppress(OSError):
                folder.rmdir()  # only where nothing is in it
        except TakeBusy:
            continue
        except (TeachloopError, *UNREADABLE) as error:
            waits = is_refused(error) or isinstance(error, DiskFull)
            what = f"could not be recovered, its file is kept: {error}"
            done.append(Recovery(folder, what, waits))
    return done


def _remove_half_archived(takes: Path) -> None:
    """What a kill left of archived takes that were half-written; the takes are whole."""
    for half in takes.glob(f"*/{ARCHIVING}"):
        with suppress(TakeBusy, OSError), writing(half.parent):
            half.unlink(missing_ok=True)


def needs_recovery(folder: Path) -> bool:
    """Whether something half-done lies in the folder (by a living writer, or a dead one)."""
    return any((folder / name).exists() for name in (PARTIAL, NEW, RECOVERED))


def recover_take(folder: Path) -> str:
    """Recover one folder, whose writing lock the caller holds; says what was done."""
    (folder / NEW).unlink(missing_ok=True)  # no row was ever in it
    source, take = folder / PARTIAL, folder / TAKE
    if not source.exists():
        (folder / RECOVERED).unlink(missing_ok=True)
        return "nothing had been recorded"
    if _finished(source):
        os.replace(source, take)
        what = "was complete and got its name"
    else:
        if not _finished(take):
            copy_whole_records(source, folder / RECOVERED)
            finish_file(folder / RECOVERED, take)
        what = _put_away(source, take)
    sync_folder(folder)
    return what


def _put_away(source: Path, take: Path) -> str:
    """Remove what was copied whole; keep, under another name, what may hold more."""
    with Take.open(take, damaged_too=True) as copy:
        damaged = copy.info.damaged
    if damaged:
        os.replace(source, source.with_name(KILLED))
        return f"recovered in part, the killed file is kept as {KILLED}: {damaged}"
    source.unlink()
    return "recovered up to its interruption"


def _finished(path: Path) -> bool:
    """Whether the file is whole to the last byte, so that its name is all it lacks."""
    try:
        verify(path)
    except TeachloopError:
        return False
    return True
