"""The takes of a data folder: keep, bin, restore, mark, and a summary of the newest."""

import bisect
import shutil
from collections.abc import Sequence
from pathlib import Path

from ...datasets.errors import NotInBin, TakeMissing, TakeNotWritable
from ...datasets.labels.edit_log import EditLog
from ...datasets.labels.edits import Edit, ended
from ...datasets.labels.labels import LOG, Labels
from ...datasets.takes.reader import Take
from ...datasets.takes.recover import Recovery, recover
from ...datasets.takes.staging import remove_left
from ...datasets.takes.take_folder import (
    LABELS,
    TAKE,
    TAKES,
    find_take,
    new_take_folder,
    take_folders,
)
from ...datasets.takes.trash import bring_back, in_bin, put_in_bin, take_out_of_bin
from ...datasets.taught_path import taught_path
from ...runtime.errors import TeachloopError
from .messages import Ending, Takes, TakeSummary, Taught

AUTHOR = "station"
RECENT = 12


class Archive:
    """Takes under ``data/takes``, those in the bin among them. Each method that is given a take
    raises BadName, NoSuchTake, and what reading and writing its labels raises."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.takes = data / TAKES
        self._names: list[str] = []  # the oldest first
        self._seen: dict[str, tuple[int, TakeSummary | None]] = {}  # with this many bytes of log

    def open(self) -> Sequence[Recovery]:
        """Make the folder, recover what a kill left, remove what one left of an import, bring back
        what an earlier version binned."""
        try:
            self.takes.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TakeNotWritable(self.takes, error.strerror or error) from error
        remove_left(self.takes)
        done = [*bring_back(self.data), *recover(self.takes)]
        self._names = [folder.name for folder in take_folders(self.takes)]
        return done

    def new_folder(self) -> Path:
        """A new take's folder; its name is the take's id."""
        return new_take_folder(self.takes)

    def newest(self) -> Takes:
        """As they are now: whoever else says something about a take says it in its labels."""
        recent: list[TakeSummary] = []
        binned: list[str] = []
        removed: list[str] = []
        for name in self._names[::-1]:
            if not (self.takes / name).is_dir():
                self._names.remove(name)
                removed.append(name)
                continue
            summary = self._look(name)
            if summary is None:
                binned.append(name)
            else:
                recent.append(summary)
            if len(recent) == RECENT:
                self._forget(before=name)
                break
        return Takes(recent=recent[::-1], binned=binned[::-1], removed=removed)

    def _forget(self, before: str) -> None:
        """What was read of older takes, which nobody looks at until the newest are gone."""
        for name in [each for each in self._seen if each < before]:
            del self._seen[name]

    def keep(self, take: str, ending: Ending) -> None:
        """The take stays, and its labels say how it ended. What it is of, its file says: that is
        what was asked for when it began."""
        edits = [] if ending.success is None else ended(ending.success, partly=ending.partly)
        self._edit(find_take(self.data, take), edits)

    def mark(self, take: str, ending: Ending) -> None:
        """Say afterwards how a take ended. Raises TakeMissing of a folder without one."""
        folder = find_take(self.data, take)
        if not (folder / TAKE).is_file():
            raise TakeMissing(folder)
        self._edit(folder, ended(ending.success, partly=ending.partly))

    def discard(self, take: str) -> None:
        """Put a take in the bin."""
        folder = find_take(self.data, take)
        self._note(take)
        put_in_bin(folder, AUTHOR)

    def restore(self, take: str) -> None:
        """Take a take out of the bin. Raises NotInBin."""
        folder = find_take(self.data, take)
        if not in_bin(folder):
            raise NotInBin(take)
        self._note(take)
        take_out_of_bin(folder, AUTHOR)

    def taught(self, take: str) -> Taught:
        """The way that a take taught. Raises NothingToAlign, and what reading a take raises."""
        folder = find_take(self.data, take)
        said = Labels.open(folder).snapshot
        with Take.open(folder) as opened:
            path, info = taught_path(opened), opened.info
        return Taught(
            take=take,
            joints=path.joints_rad.tobytes(),
            times=path.times_s.tobytes(),
            poses=path.poses.tobytes(),
            grippers=None if path.grippers is None else path.grippers.tobytes(),
            embodiment=info.embodiment,
            scene=info.scene,
            task=info.task,
            instruction=info.instruction if said.instruction is None else said.instruction,
        )

    def free_gb(self) -> float:
        """Space left on the disk of the takes."""
        return shutil.disk_usage(self.data).free / 1e9

    def _edit(self, folder: Path, edits: Sequence[Edit]) -> None:
        if edits:
            Labels.open(folder).add(edits, AUTHOR)
        self._note(folder.name)

    def _note(self, take: str) -> None:
        if take not in self._names:
            bisect.insort(self._names, take)

    def _look(self, take: str) -> TakeSummary | None:
        """None of a take in the bin. What was read counts until something is said anew."""
        folder = self.takes / take
        try:
            size = EditLog(folder / LABELS / LOG).size()
            if take not in self._seen or self._seen[take][0] != size:
                self._seen[take] = size, _summary(folder)
        except TeachloopError as error:
            return TakeSummary(id=take, damaged=str(error))
        return self._seen[take][1]


def _summary(folder: Path) -> TakeSummary | None:
    said = Labels.open(folder).snapshot
    if said.deleted:
        return None
    with Take.open(folder, damaged_too=True) as opened:
        info = opened.info
    return TakeSummary(
        id=folder.name,
        seconds=info.duration_s,
        created=info.created,
        instruction=info.instruction if said.instruction is None else said.instruction,
        success=said.success,
        partly=said.partly,
        damaged=info.damaged,
    )
