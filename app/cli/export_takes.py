"""`teachloop export-takes`."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import tyro
from pydantic import TypeAdapter

from ...datasets.formats.format_names import TakeFormat
from ...datasets.formats.lerobot.options import LeRobotOptions
from ...datasets.formats.rlds.options import RldsOptions
from ...datasets.formats.robomimic.options import RobomimicOptions
from ...datasets.formats.take_export import OPTIONS, TakeOptions
from ...runtime.errors import TeachloopError
from ...runtime.text import counted
from ...runtime.validation import validated
from .command import Asked, default_data


class NotOfTheFormat(TeachloopError):
    def __init__(self, name: str, asked: TakeFormat) -> None:
        option = name.replace("_", "-")
        super().__init__(f"--{option} is no option of --format {asked}. Leave it out.")


class AllOptions(Asked, RldsOptions, RobomimicOptions, LeRobotOptions):
    """What one format or another may be asked for."""


@dataclass(frozen=True)
class ExportTakes:
    """Write takes as a data set that others train on, or to look at; goes on where it stopped."""

    out: Annotated[Path, tyro.conf.Positional]
    """The folder, which must not be there yet."""
    options: tyro.conf.OmitArgPrefixes[AllOptions] = field(default_factory=AllOptions)
    format: TakeFormat = "lerobot"
    """A LeRobotDataset v3.0, robomimic's HDF5 file, an RLDS data set, which OpenVLA reads, or MCAP
    files, which Foxglove and Rerun show."""
    takes: tuple[str, ...] = ()
    """Ids of the takes; all of a robot that succeeded when left out."""
    also: tuple[Literal["failed", "unjudged"], ...] = ()
    """Where no takes are named: also those that failed or that nobody judged."""
    by: tuple[str, ...] = ()
    """Where no takes are named: only those that these drove, such as keyboard, guide or policy."""
    check: bool = False
    """Write nothing: say of each take why nothing of it could be written, and what may harm whoever
    learns from it. Ends with 1 where there is any such take."""
    json: bool = False
    """With --check, one JSON object for each take."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        """Raises NotOfTheFormat, Invalid, NoDataFolder, NoUsableTake, and what ``export_takes``
        raises."""
        from ...datasets.formats.take_export import export_takes
        from .bars import bar

        options = options_of(self.format, self.options)
        takes = self.takes or self._usable()
        if self.check:
            return self._check(takes, options)
        with bar("export") as tell:
            done = export_takes(self.data, takes, options, self.out, tell)
        for take, reason in done.left_out.items():
            print(f"left out: {take}: {reason}")
        counts = counted(done.episodes, "episode"), counted(done.frames, "frame")
        print(f"{' of '.join(counts)}: {self.out}")
        return 0

    def _check(self, takes: Sequence[str], options: TakeOptions) -> int:
        """1 where any take is not ready. Raises MissingLibraries, NoFaceFinder."""
        from ...datasets.formats.readiness import readiness

        found = list(readiness(self.data, takes, options))
        for each in found:
            if self.json:
                print(json.dumps(asdict(each), ensure_ascii=False))
            elif not each.ready:
                print(f"{each.take}: {' '.join(filter(None, (each.refused, *each.odd)))}")
        count = sum(not each.ready for each in found)
        if not self.json:
            print(f"{counted(len(found), 'take')}, {count or 'none'} of them not ready")
        return 1 if count else 0

    def _usable(self) -> Sequence[str]:
        """Says which are left out. Raises NoDataFolder, NoUsableTake."""
        from ...training.data.usable_takes import usable_takes
        from ..web.errors import NoDataFolder

        if not self.data.is_dir():
            raise NoDataFolder(self.data)
        usable = usable_takes(self.data, masks=False, also=self.also, by=self.by)
        if f"{usable.left_out}" and not self.json:
            print(f"Left out: {usable.left_out}.", flush=True)
        return usable.ids


def options_of(asked: TakeFormat, given: AllOptions) -> TakeOptions:
    """Those of one format. Raises NotOfTheFormat, Invalid."""
    kind, usual = OPTIONS[asked], AllOptions()
    changed = {
        name: getattr(given, name)
        for name in AllOptions.model_fields
        if getattr(given, name) != getattr(usual, name)
    }
    for name in changed.keys() - kind.model_fields.keys():
        raise NotOfTheFormat(name, asked)
    return validated(TypeAdapter(kind), changed)
