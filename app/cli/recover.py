"""`teachloop recover`."""

from dataclasses import dataclass, field
from pathlib import Path

from ...runtime.text import counted
from ..web.errors import NoDataFolder
from .command import default_data


@dataclass(frozen=True)
class Recover:
    """Rescue takes that a crash or a kill interrupted; safe to repeat."""

    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        from ...datasets.takes.recover import recover
        from ...datasets.takes.staging import remove_left
        from ...datasets.takes.trash import bring_back

        if not self.data.is_dir():
            raise NoDataFolder(self.data)
        remove_left(self.data / "takes")
        done = [*bring_back(self.data), *recover(self.data / "takes")]
        for recovery in done:
            print(recovery)
        print(f"{counted(len(done), 'take')} recovered." if done else "Nothing to recover.")
        return 0
