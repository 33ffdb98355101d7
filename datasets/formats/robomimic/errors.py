"""What robomimic's file has no place for, and why."""

from ..episodes.errors import CannotExport


class LargerThanScale(CannotExport):
    def __init__(self, take_id: str, seconds: float, needed: tuple[float, float]) -> None:
        metres, radians = needed
        super().__init__(
            f"Take {take_id} moves more in a tick than an action of 1 is, first {seconds:.2f} s "
            f"into it. It needs a scale of {metres:.4f} m and {radians:.4f} rad."
        )
