"""`teachloop empty-bin`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from .chosen_takes import MB, chosen_takes, size_of
from .command import default_data


@dataclass(frozen=True)
class EmptyBin:
    """Remove takes in the bin for good, with all that was said of them."""

    takes: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Ids of the takes; all in the bin when left out."""
    older_than_days: int = 0
    """Where none is named: only those that have been in the bin at least that long."""
    yes: bool = False
    """Do it. Without this, it is only said which would go."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        """Raises NoDataFolder, NoSuchTake, BadName, OutOfRange. 1 where one of them stays."""
        from ...datasets.empty_bin import binned

        folders = chosen_takes(self.data, self.takes, self.older_than_days, binned)
        if not folders:
            print("There is nothing to remove.")
        elif not self.yes:
            print(f"{size_of(_going(folders))} would go for good: add --yes.")
        else:
            return self._remove(folders)
        return 0

    def _remove(self, folders: Sequence[Path]) -> int:
        from ...datasets.empty_bin import empty_bin
        from ...runtime.text import counted
        from .bars import bar

        with bar("empty the bin") as tell:
            done = empty_bin(folders, tell)
        for why in done.left_out.values():
            print(why)
        print(f"{counted(done.takes, 'take')} removed, {done.bytes / MB:.0f} MB")
        return 1 if done.left_out else 0


def _going(folders: Sequence[Path]) -> Sequence[Path]:
    """Those in the bin; why others stay is said."""
    from ...datasets.errors import RemovalRefused
    from ...datasets.takes.removal import require_binned

    going = []
    for folder in folders:
        try:
            require_binned(folder)
        except RemovalRefused as error:
            print(error)
        else:
            going.append(folder)
    return going
