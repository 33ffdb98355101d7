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
        from ...datasets.takes.trash import bring_back

        if not self.data.is_dir():
            raise NoDataFolder(self.data)
        done = [*bring_back(self.data), *recover(self.data / "takes")]
        for recovery in done:
            print(recovery)
        print(f"{len(done)} take(s) recovered." if done else "Nothing to recover.")
        return 0
