"""`teachloop recover`."""

from dataclasses import dataclass, field
from pathlib import Path

from ..web.errors import NoDataFolder
from .command import default_data


@dataclass(frozen=True)
class Recover:
    """Rescue takes that a crash or a kill interrupted; safe to repeat."""

    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        from ...datasets.takes.recover import recover

        if not self.data.is_dir():
            raise NoDataFolder(self.data)
        done = recover(self.data / "takes")
        for recovery in done:
            print(f"{recovery.folder.name}: {recovery.what}")
        print(f"{len(done)} take(s) recovered." if done else "Nothing to recover.")
        return 0
