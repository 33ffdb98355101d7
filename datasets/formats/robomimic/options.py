"""How takes are to be exported for robomimic. Imports nothing heavy."""

from typing import Annotated, TypeAlias

from pydantic import Field

from ..episodes.options import EpisodeOptions

Positive: TypeAlias = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class RobomimicOptions(EpisodeOptions):
    """What robomimic's file shall hold of its takes."""

    scale: tuple[Positive, Positive] | None = None
    """For robomimic, how many metres and how many radians an action of 1 is, such as robosuite's
    0.05 and 0.5, so that several files go together. A take that moves more in a tick is left out.
    When left out, the largest of all takes."""
    next_pictures: bool = True
    """For robomimic, at each tick also the pictures of the next one, which value learning asks for.
    Cloning does not, and without them the file is half as large."""
    compressed: bool = False
    """For robomimic, pictures in less room, without loss; they take longer to write and to read."""
