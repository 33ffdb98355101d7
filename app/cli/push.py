"""`teachloop push`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from ...runtime.errors import TeachloopError
from ...runtime.text import counted


class NoSuchFolder(TeachloopError):
    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"There is no folder {folder}. Name a data folder, an export or an adapter."
        )


@dataclass(frozen=True)
class Push:
    """Send takes, an export or an adapter elsewhere; sends what is not there yet, and goes on where
    it stopped."""

    folder: Annotated[Path, tyro.conf.Positional]
    """A data folder, of which the takes are sent, or any other folder."""
    url: Annotated[str, tyro.conf.Positional]
    """Where to: a folder, or a URL of a kind that fsspec knows, such as s3://, ssh:// or
    hf://datasets/you/cubes, whose package is installed."""
    takes: tuple[str, ...] = ()
    """Ids of the takes of a data folder; all that are not in the bin when left out."""

    def run(self) -> int:
        """Raises NoSuchFolder, and what ``push_folder`` and ``push_takes`` raise."""
        from ...datasets.remote.push import push_folder, push_takes
        from ...datasets.takes.take_folder import TAKES
        from .bars import bar

        if not self.folder.is_dir():
            raise NoSuchFolder(self.folder)
        with bar("push") as tell:
            if (self.folder / TAKES).is_dir():
                done = push_takes(self.folder, self.takes or self._kept(), self.url, tell)
            else:
                done = push_folder(self.folder, self.url, tell)
        print(f"{counted(done.sent, 'file')} sent, {done.there} there already: {self.url}")
        return 0

    def _kept(self) -> Sequence[str]:
        from ...datasets.takes.take_folder import TAKES, take_folders
        from ...datasets.takes.trash import in_bin

        folders = take_folders(self.folder / TAKES)
        return [folder.name for folder in folders if not in_bin(folder)]
