"""`teachloop export-masks`."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro

from ...datasets.formats.format_names import MaskFormat
from .command import default_data


@dataclass(frozen=True)
class ExportMasks:
    """Write the masks of takes, with their pictures, in a format of others."""

    out: Annotated[Path, tyro.conf.Positional]
    """The folder, which must not be there yet."""
    format: MaskFormat = "coco"
    """COCO's instances, YOLO's segmentation, or PNG pictures with a palette."""
    takes: tuple[str, ...] = ()
    """Ids of the takes; all that have masks when left out."""
    hide_faces: bool = False
    """Hide the faces of people in the pictures; looks at each of them, which takes a while."""
    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        """Raises NoFaceFinder, NoDataFolder, and what ``export_masks`` raises."""
        from ...datasets.formats.export import export_masks
        from ...datasets.formats.faceless_pictures import picture_filter
        from .bars import bars

        through = picture_filter(hide_faces=self.hide_faces)
        takes = self.takes or self._with_masks()
        with bars() as progress:
            bar = progress.add_task("export", total=len(takes), message="")

            def tell(take: int, frames: int) -> None:
                progress.update(bar, completed=take, message=f"{takes[take]}, {frames} frames")

            done = export_masks(self.data, takes, self.format, self.out, tell, through=through)
            progress.update(bar, completed=len(takes))
        for take, reason in done.left_out.items():
            print(f"left out: {take}: {reason}")
        if done.incomplete:
            print(f"left out: {done.incomplete} frames in which an object has no mask")
        print(f"{done.masks} masks in {done.frames} frames: {self.out}")
        return 0

    def _with_masks(self) -> list[str]:
        """The oldest first. Raises NoDataFolder."""
        from ...datasets.catalog import Catalog
        from ..web.errors import NoDataFolder

        if not self.data.is_dir():
            raise NoDataFolder(self.data)
        with Catalog(self.data) as catalog:
            catalog.refresh()
            return [row.take_id for row in reversed(catalog.takes()) if row.masks]
