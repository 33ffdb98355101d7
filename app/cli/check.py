"""`teachloop check`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from ...runtime.text import counted


@dataclass(frozen=True)
class Check:
    """Say what is wrong with a take or a data folder; exit code 1 when something is."""

    path: Annotated[Path, tyro.conf.Positional]
    """A take file, a take's folder, or a data folder."""

    def run(self) -> int:
        from ...datasets.takes.check import check

        faults = check(self.path)
        for fault in faults:
            print(fault)
        print(f"{self.path}: {counted(len(faults), 'fault') if faults else 'in order'}")
        return 1 if faults else 0
