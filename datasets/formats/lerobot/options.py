"""How takes are to be exported for LeRobot. Imports nothing heavy."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field

from ....runtime.validation import MustBe
from ..episodes.options import LARGEST, EpisodeOptions

ActionSpace: TypeAlias = Literal["poses", "deltas", "joints"]
SMALLEST = 64  # pixels of a side that the encoder takes


def _even(pixels: int) -> int:
    if pixels % 2:
        raise ValueError("odd")
    return pixels


EvenSide: TypeAlias = Annotated[
    int,
    Field(ge=SMALLEST, le=LARGEST),
    AfterValidator(_even),
    MustBe(f"an even number of pixels from {SMALLEST} to {LARGEST}"),
]


class LeRobotOptions(EpisodeOptions):
    """What a LeRobotDataset shall hold of its takes."""

    actions: ActionSpace = "poses"
    """For LeRobot, what an action is: the pose that was applied, in the base frame (its rotation as
    the first two columns of the matrix); the delta from one to the next; or the joint angles that
    bring the tool there."""
    size: tuple[EvenSide, EvenSide] | None = None
    """Height and width to which pictures are scaled; as they were recorded when left out."""
    language_columns: bool = False
    """For LeRobot, other words and sub-tasks also in the columns that LeRobot reads from 0.6 on.
    Older versions cannot open such a data set."""
