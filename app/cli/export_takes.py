"""`teachloop export-takes`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import tyro

from ...datasets.formats.format_names import TakeFormat
from ...datasets.formats.lerobot.options import LeRobotOptions
from .command import default_data


@dataclass(frozen=True)
class ExportTakes:
    """Write takes as a data set that others train on; goes on where it stopped."""

    out: Annotated[Path, tyro.conf.Positional]
    """The folder, which must not be there yet."""
    options: tyro.conf.OmitArgPrefixes[LeRobotOptions] = field(default_factory=LeRobotOptions)
    format: TakeFormat = "lerobot"
    """A LeRobotDataset v3.0."""
    takes: tuple[str, ...] = ()
    """Ids of the takes; all of a robot that succeeded when left out."""
    also: tuple[Literal["failed", "unjudged"], ...] = ()
    """Where no takes are named: also those that failed or that nobody judged."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        from ...datasets.formats.lerobot.libraries import require_libraries
        from .bars import bars

        require_libraries()
        from ...datasets.formats.lerobot.export import export_takes

        takes = self.takes or self._usable()
        with bars() as progress:
            bar = progress.add_task("export", total=1.0, message="")

            def tell(message: str, share: float) -> None:
                progress.update(bar, completed=share, message=message)

            done = export_takes(self.data, takes, self.options, self.out, tell)
            progress.update(bar, completed=1.0)
        for take, reason in done.left_out.items():
            print(f"left out: {take}: {reason}")
        print(f"{done.episodes} episodes of {done.frames} frames: {self.out}")
        return 0

    def _usable(self) -> Sequence[str]:
        """Says which are left out. Raises NoDataFolder, NoUsableTake."""
        from ...training.data.usable_takes import usable_takes
        from ..web.errors import NoDataFolder

        if not self.data.is_dir():
            raise NoDataFolder(self.data)
        usable = usable_takes(self.data, masks=False, also=self.also)
        if f"{usable.left_out}":
            print(f"Left out: {usable.left_out}.", flush=True)
        return usable.ids
