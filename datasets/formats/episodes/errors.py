"""Why takes make no data set of episodes."""

from collections.abc import Sequence

from ....runtime.errors import TeachloopError


class CannotExport(TeachloopError):
    """Takes that make no data set as it was asked for."""


class NoTakes(CannotExport):
    def __init__(self) -> None:
        super().__init__("Choose at least one take to export.")


class NothingRecorded(CannotExport):
    def __init__(self, take_id: str) -> None:
        super().__init__(
            f"Take {take_id} holds pictures without a robot: an episode is of states and actions. "
            "Leave it out; its masks can be exported."
        )


class MixedRobots(CannotExport):
    def __init__(self, take_id: str, first: str, unlike: str) -> None:
        super().__init__(
            f"Take {take_id} was recorded {unlike}, in {first}. One data set is of one robot: "
            "export them apart."
        )


class MixedRates(CannotExport):
    def __init__(self, take_id: str, rate_hz: float, first: str, first_hz: float) -> None:
        super().__init__(
            f"Take {take_id} was controlled at {rate_hz:g} Hz, and {first} at {first_hz:g} Hz. Say "
            "which rate the data set shall have."
        )


class MixedCameras(CannotExport):
    def __init__(self, take_id: str, wrong: str) -> None:
        super().__init__(
            f"Take {take_id} {wrong}. Leave it out, or say which cameras to export, such as all "
            "takes have."
        )


class MixedSizes(CannotExport):
    def __init__(self, take_id: str, camera: str, size: str, first_size: str) -> None:
        super().__init__(
            f"The pictures of {camera!r} have {size} pixels in take {take_id}, and {first_size} in "
            "the first. Say which size they shall have."
        )


class Unfit(CannotExport):
    """A take that is left out; the others are exported."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NoInstruction(CannotExport):
    def __init__(self, take_id: str) -> None:
        super().__init__(
            f"Take {take_id} has no instruction, and each episode of such a data set has one. "
            "Write one on Label, or leave it out."
        )


class NothingCounts(CannotExport):
    def __init__(self, take_id: str) -> None:
        super().__init__(
            f"In take {take_id} no action that counts came after a picture of each camera."
        )


class AllLeftOut(CannotExport):
    def __init__(self, left_out: Sequence[str]) -> None:
        super().__init__(f"There is nothing to export. {' '.join(left_out)}")
