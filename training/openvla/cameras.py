"""Which of the takes' cameras an OpenVLA looks through."""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from ...runtime.errors import TeachloopError
from ..data.takes import cameras_of

SHOWN = 4  # takes that an error names


class NoCommonCamera(TeachloopError):
    """There is no camera that each of the takes has."""

    def __init__(self, each: Mapping[str, Sequence[str]]) -> None:
        shown = [f"{take}: {', '.join(names)}" for take, names in islice(each.items(), SHOWN)]
        rest = ["…"] if len(each) > SHOWN else []
        super().__init__(
            f"The chosen takes have no camera in common ({'; '.join(shown + rest)}). "
            "Choose takes that were recorded with the same cameras."
        )


def chosen_cameras(
    data: Path, take_ids: Sequence[str], wanted: Sequence[str] = ()
) -> tuple[str, ...]:
    """Those that are wanted, which every take must have; where none is, the first that all have.

    Raises NothingToLearn, NoSuchTake, TakeRefused, OtherCameras, NoCommonCamera.
    """
    if wanted or not take_ids:
        return tuple(cameras_of(data, take_ids, wanted))
    each = {take_id: list(cameras_of(data, [take_id])) for take_id in take_ids}
    common = [name for name in each[take_ids[0]] if all(name in names for names in each.values())]
    if not common:
        raise NoCommonCamera(each)
    return (common[0],)
