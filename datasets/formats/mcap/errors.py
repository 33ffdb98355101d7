"""What MCAP files have no place for, and why."""

from ..episodes.errors import CannotExport


class NothingLeft(CannotExport):
    def __init__(self, take_id: str) -> None:
        super().__init__(
            f"In take {take_id} nothing was recorded between the ends that it was trimmed to. Trim "
            "it elsewhere on Label, or leave it out."
        )


class TooManyObjects(CannotExport):
    def __init__(self, take_id: str, most: int) -> None:
        super().__init__(
            f"Take {take_id} has masks of more than {most} objects and overlaps of objects, for "
            "which one palette has no places. Export its masks as COCO, and leave it out here."
        )
