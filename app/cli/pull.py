"""`teachloop pull`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from ...runtime.text import counted


@dataclass(frozen=True)
class Pull:
    """Fetch what `teachloop push` sent: takes into a data folder, anything else as a new folder;
    goes on where it stopped."""

    url: Annotated[str, tyro.conf.Positional]
    """Where it was sent to."""
    folder: Annotated[Path, tyro.conf.Positional]
    """The data folder that takes are added to, or the folder that anything else becomes."""

    def run(self) -> int:
        """Raises what ``pull`` raises."""
        from ...datasets.remote.pull import pull
        from .bars import bar

        with bar("pull") as tell:
            done = pull(self.url, self.folder, tell)
        for take in done.there:
            print(f"there already, and left as it is: {take}")
        print(f"{counted(done.files, 'file')} fetched: {self.folder}", *done.takes, sep="\n")
        return 0
