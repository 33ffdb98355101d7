"""Takes that are learned from together have one tool, and all of them a gripper, or none. Imports
nothing heavy."""

from collections.abc import Sequence
from pathlib import Path

from ...datasets.embodiment import FRANKA, Embodiment
from ...datasets.takes.reader import Take
from ...datasets.takes.take_folder import TAKES
from ...runtime.errors import TeachloopError


class OtherRobot(TeachloopError):
    """A take with another tool or gripper than the first one."""

    def __init__(self, take_id: str, first: str, unlike: str) -> None:
        super().__init__(
            f"Take {take_id} was recorded {unlike}, in {first}. Leave one of them out: what is "
            "learned from one tool does not hold for another."
        )


class NoRobot(TeachloopError):
    """A take of pictures alone."""

    def __init__(self, take_id: str) -> None:
        super().__init__(
            f"Take {take_id} holds pictures without a robot: no policy learns to act from it. "
            "Leave it out. It can be labelled and its masks exported; training where instructions "
            "point on pictures alone is not there yet."
        )


def embodiment_of(data: Path, take_ids: Sequence[str]) -> Embodiment:
    """What was mounted at the arm in all of these takes. Raises NoRobot, OtherRobot, and what
    opening a take raises."""
    known = {take_id: _embodiment(data / TAKES / take_id) for take_id in take_ids}
    first = next(iter(known), "")
    for take_id, each in known.items():
        if unlike := each.unlike(known[first]):
            raise OtherRobot(take_id, first, unlike)
    return known[first] if known else FRANKA


def _embodiment(folder: Path) -> Embodiment:
    with Take.open(folder) as take:
        if take.info.kind == "pictures":
            raise NoRobot(folder.name)
        return take.info.embodiment
