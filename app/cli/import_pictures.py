"""`teachloop import-pictures`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from ...runtime.text import counted
from .command import default_data


@dataclass(frozen=True)
class ImportPictures:
    """Take in pictures without a robot, to label them and to export their masks."""

    source: Annotated[Path, tyro.conf.Positional]
    """A folder of pictures, and of texts with the same names; or a COCO file (.json)."""
    author: str = ""
    """In whose name their labels are kept."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        from ...datasets.formats.picture_takes import import_pictures
        from .bars import bars

        with bars() as progress:
            bar = progress.add_task("import", message="")

            def tell(written: int, pictures: int) -> None:
                progress.update(bar, completed=written, total=pictures)

            done = import_pictures(self.data, self.source, self.author, tell)
        seen = f"{counted(done.pictures, 'picture')} with {counted(done.masks, 'mask')}"
        print(f"{seen}, as {counted(len(done.takes), 'take')}:")
        print(*done.takes, sep="\n")
        return 0
