"""What cannot be a LeRobotDataset, and why."""

from collections.abc import Sequence

from ..episodes.errors import CannotExport


class MissingLibraries(CannotExport):
    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(
            f"Writing a LeRobotDataset needs {' and '.join(missing)}, which is not installed. "
            ".venv/bin/pip install pyarrow brings it."
        )


class BrokenRate(CannotExport):
    def __init__(self, rate_hz: float) -> None:
        super().__init__(
            f"The takes were controlled at {rate_hz:g} Hz, and LeRobot counts whole frames a "
            "second. Say which rate the data set shall have."
        )


class UnencodableSize(CannotExport):
    def __init__(self, camera: str, size: str) -> None:
        super().__init__(
            f"The pictures of {camera!r} have {size} pixels, and a video needs even sides of 64 "
            "pixels or more. Say which size they shall have."
        )


class TooLong(CannotExport):
    def __init__(self, take_id: str, seconds: float, longest_s: int) -> None:
        super().__init__(
            f"Take {take_id} is {seconds:.0f} s long. LeRobot keeps times as float32, and finds no "
            f"frame that comes later than {longest_s} s. Trim it on Label, or leave it out."
        )


class NoSuchJoints(CannotExport):
    def __init__(self, take_id: str, seconds: float) -> None:
        super().__init__(
            f"No joint angles bring the arm to what was applied {seconds:.2f} s into take "
            f"{take_id}. Export poses or deltas instead, or leave it out."
        )
