"""`teachloop archive`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from ...datasets.archive_result import ArchivedTakes
from ...runtime.text import counted
from .chosen_takes import MB, chosen_takes, size_of
from .command import default_data


@dataclass(frozen=True)
class Archive:
    """Keep the pictures of takes as video, for a part of the room. The recorded JPEGs are gone
    then; all else stays, and everything opens as before."""

    takes: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Ids of the takes; all that are not in the bin when left out."""
    older_than_days: int = 0
    """Where none is named: only those that were recorded at least that long ago."""
    yes: bool = False
    """Do it. Without this, it is only said which would be archived."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        """Raises NoDataFolder, NoSuchTake, BadName, OutOfRange. 1 where none was archived."""
        from ...datasets.archive_takes import archivable

        folders = chosen_takes(self.data, self.takes, self.older_than_days, archivable)
        if not folders:
            print("There is nothing to archive.")
        elif not self.yes:
            print(f"{size_of(folders)} would be archived, and their JPEGs be gone: add --yes.")
        else:
            return self._archive(folders)
        return 0

    def _archive(self, folders: Sequence[Path]) -> int:
        from ...datasets.archive_takes import archive_takes
        from .bars import bar

        with bar("archive") as tell:
            done = archive_takes(folders, tell)
        for take, why in done.left_out.items():
            print(f"left out: {take}: {why}")
        print(words_of(done))
        return 0 if done.takes else 1


def words_of(done: ArchivedTakes) -> str:
    before, after = done.bytes_before / MB, done.bytes_after / MB
    words = f"{counted(done.takes, 'take')} archived: {before:.0f} MB before, {after:.0f} MB now"
    if done.least_psnr_db is None:
        return words
    return f"{words}; the picture that lost most has a PSNR of {done.least_psnr_db:.1f} dB"
