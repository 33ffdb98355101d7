"""What has no place in an RLDS data set, and why."""

from ..episodes.errors import CannotExport


class OtherMount(CannotExport):
    def __init__(self, take_id: str, camera: str) -> None:
        super().__init__(
            f"In take {take_id} the camera {camera!r} is mounted elsewhere than in the first take: "
            "at the hand here and fixed there, or the other way round. Export them apart."
        )


class TooLarge(CannotExport):
    def __init__(self, take_id: str, size_mb: int, most_mb: int) -> None:
        super().__init__(
            f"Take {take_id} would be a record of {size_mb} MB, and TensorFlow reads {most_mb} MB "
            "at most. Trim it on Label, or say a smaller size or rate."
        )
