"""`teachloop import-takes`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from ...datasets.formats.import_options import ImportOptions
from ...runtime.text import counted
from .command import Asked, default_data


class AskedOptions(Asked, ImportOptions):
    """What a data set does not tell by itself."""


@dataclass(frozen=True)
class ImportTakes:
    """Make a take of each episode of a data set of others that is none yet."""

    source: Annotated[Path, tyro.conf.Positional]
    """Saved demos of RLBench, a LeRobotDataset v3.0 or v2.1, episodes of DROID, or an HDF5 file of
    robomimic: its folder, or the file."""
    options: tyro.conf.OmitArgPrefixes[AskedOptions] = field(default_factory=AskedOptions)
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        from ...datasets.formats.take_import import import_takes
        from .bars import bar

        with bar("import") as tell:
            done = import_takes(self.data, self.source, self.options, tell)
        for place, reason in done.left_out.items():
            print(f"left out: {place}: {reason}")
        for place, take in done.there.items():
            print(f"there already: {place}, take {take}")
        print(f"{counted(len(done.takes), 'take')} of format {done.format}:", *done.takes, sep="\n")
        return 1 if done.left_out and not done.takes and not done.there else 0
