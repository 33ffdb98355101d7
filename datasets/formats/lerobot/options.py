"""How takes are to be exported. Imports nothing heavy."""

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field

from ....runtime.validation import MustBe, StrictModel

ActionSpace: TypeAlias = Literal["poses", "deltas", "joints"]
SMALLEST, LARGEST = 64, 4096  # pixels of a side that the encoder takes


def _even(pixels: int) -> int:
    if pixels % 2:
        raise ValueError("odd")
    return pixels


Side: TypeAlias = Annotated[
    int,
    Field(ge=SMALLEST, le=LARGEST),
    AfterValidator(_even),
    MustBe(f"an even number of pixels from {SMALLEST} to {LARGEST}"),
]


class LeRobotOptions(StrictModel):
    """What a LeRobotDataset shall hold of its takes."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    actions: ActionSpace = "poses"
    """What an action is: the pose that was applied, in the base frame (its rotation as the first
    two columns of the matrix); the delta from one to the next; or the joint angles that bring the
    tool there."""
    rate_hz: Annotated[int, Field(ge=1, le=240)] | None = None
    """Frames a second; as the takes were controlled when left out."""
    cameras: tuple[str, ...] = ()
    """Which of the takes' cameras; all when left out, and then all takes must have the same."""
    size: tuple[Side, Side] | None = None
    """Height and width to which pictures are scaled; as they were recorded when left out."""
    operators: bool = False
    """Say who recorded each take."""
    language_columns: bool = False
    """Other words and sub-tasks also in the columns that LeRobot reads from 0.6 on. Older versions
    cannot open such a data set."""
