"""The takes of a data folder: keep, bin, restore, mark, and a summary of the newest."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from ...datasets.errors import TakeMissing
from ...datasets.labels.edits import Edit, SetInstruction, SetSuccess
from ...datasets.labels.labels import Labels
from ...datasets.takes.reader import Take
from ...datasets.takes.recover import Recovery, recover
from ...datasets.takes.take_folder import TAKE, TAKES, new_take_folder
from ...runtime.atomic_file import sync_folder
from ...runtime.errors import TeachloopError
from .messages import TakeSummary

AUTHOR = "station"
RECENT = 12


class TakeInTheWay(TeachloopError):
    """A take of the same name lies where one is to go."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already. Move it away first.")


class Archive:
    """Takes under ``data/takes``; the bin is ``data/bin/takes``."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.takes = data / TAKES
        self.bin = data / "bin" / TAKES
        self.recent: list[TakeSummary] = []  # the newest takes, oldest first

    def open(self) -> Sequence[Recovery]:
        """Make the folders, recover what a kill left, and look at the newest takes."""
        for folder in (self.takes, self.bin):
            folder.mkdir(parents=True, exist_ok=True)
        done = recover(self.takes)
        names = sorted(folder.name for folder in self.takes.iterdir() if (folder / TAKE).exists())
        for name in names[-RECENT:]:
            self._note(name)
        return done

    def new_folder(self) -> Path:
        """A new take's folder; its name is the take's id, which no take in the bin has."""
        taken = []
        while (self.bin / (folder := new_take_folder(self.takes)).name).exists():
            taken.append(folder)
        for clash in taken:
            clash.rmdir()
        return folder

    def binned(self) -> list[str]:
        """Takes in the bin, by name, so the oldest first."""
        return sorted(folder.name for folder in self.bin.iterdir())

    def keep(self, take: str, instruction: str, success: bool | None) -> None:
        """The take stays: revision 1 of its labels says what it is of."""
        edits: list[Edit] = [SetInstruction(instruction)] if instruction else []
        if success is not None:
            edits.append(SetSuccess(success))
        self._edit(take, edits)
        self._note(take)

    def mark(self, take: str, success: bool | None) -> None:
        """Say afterwards whether a take succeeded. Raises TakeMissing."""
        if not (_inside(self.takes, take) / TAKE).is_file():
            raise TakeMissing(self.takes / take)
        self._edit(take, [SetSuccess(success)])
        self._note(take)

    def discard(self, take: str) -> None:
        """Move a take to the bin."""
        _move(_inside(self.takes, take), _inside(self.bin, take))
        self.recent = [each for each in self.recent if each.id != take]

    def restore(self, take: str) -> None:
        """Move a take out of the bin."""
        _move(_inside(self.bin, take), _inside(self.takes, take))
        self._note(take)

    def free_gb(self) -> float:
        """Space left on the disk of the takes."""
        return shutil.disk_usage(self.data).free / 1e9

    def _edit(self, take: str, edits: Sequence[Edit]) -> None:
        if edits:
            labels = Labels.open(self.takes / take)
            labels.apply(edits, labels.revision, AUTHOR)

    def _note(self, take: str) -> None:
        others = [each for each in self.recent if each.id != take]
        noted = sorted([*others, self._summary(take)], key=lambda each: each.id)
        self.recent = noted[-RECENT:]

    def _summary(self, take: str) -> TakeSummary:
        folder = self.takes / take
        try:
            with Take.open(folder, damaged_too=True) as opened:
                info, labels = opened.info, Labels.open(folder).snapshot
        except TeachloopError as error:
            return TakeSummary(id=take, damaged=str(error))
        said = labels.instruction
        return TakeSummary(
            id=take,
            seconds=info.duration_s,
            created=info.created,
            instruction=info.instruction if said is None else said,
            success=labels.success,
            damaged=info.damaged,
        )


def _inside(parent: Path, take: str) -> Path:
    """The take's folder right inside ``parent``; no name leads anywhere else."""
    folder = parent / take
    if folder.parent != parent or folder.name in ("", ".."):
        raise TakeMissing(folder)
    return folder


def _move(source: Path, target: Path) -> None:
    if not source.is_dir():
        raise TakeMissing(source)
    if target.exists():
        raise TakeInTheWay(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.rename(source, target)
    sync_folder(target.parent)
    sync_folder(source.parent)
