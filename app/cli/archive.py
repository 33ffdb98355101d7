"""`teachloop archive`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from ...runtime.text import counted
from .command import default_data, require_at_least

MB = 1e6


@dataclass(frozen=True)
class Archive:
    """Keep the pictures of takes as video, for a part of the room. The recorded JPEGs are gone
    then; all else stays, and everything opens as before."""

    takes: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Ids of the takes; all that are not in the bin when left out."""
    older_than_days: int = 0
    """Only those that were recorded that long ago."""
    yes: bool = False
    """Do it. Without this, it is only said which would be archived."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        """Raises NoDataFolder, NoSuchTake, OutOfRange."""
        from ...datasets.archive_takes import archivable, archive_takes
        from ...datasets.takes.take_folder import TAKE
        from ..web.errors import NoDataFolder
        from .bars import bar

        require_at_least(0, older_than_days=self.older_than_days)
        if not self.data.is_dir():
            raise NoDataFolder(self.data)
        folders = archivable(self.data, self.takes, self.older_than_days)
        if not folders:
            print("There is nothing to archive.")
            return 0
        size = sum((folder / TAKE).stat().st_size for folder in folders)
        what = f"{counted(len(folders), 'take')} of {size / MB:.0f} MB"
        if not self.yes:
            print(f"{what} would be archived, and their JPEGs be gone: add --yes to do it.")
            return 0
        with bar("archive") as tell:
            done = archive_takes(folders, tell)
        for why in done.left_out.values():
            print(f"left out: {why}")
        before, after = done.bytes_before / MB, done.bytes_after / MB
        print(f"{counted(done.takes, 'take')} archived: {before:.0f} MB before, {after:.0f} MB now")
        return 0
