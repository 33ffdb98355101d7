"""How data sets of others are to be read. Imports nothing heavy."""

from typing import Annotated

from pydantic import Field, StringConstraints

from .format_names import ImportFormat
from .lerobot_reading.options import LeRobotReading

Handle = Annotated[int, Field(ge=0, lt=1 << 24)]
ObjectName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class ImportOptions(LeRobotReading):
    """What a data set does not tell by itself."""

    format: ImportFormat | None = None
    """Whose format it is; found out when left out."""
    handles: Annotated[dict[Handle, ObjectName], Field(max_length=100)] = Field(
        default_factory=dict
    )
    """RLBench: what the objects are called whose masks are wanted, by the handle that the pictures
    of masks have for them. Masks of others are left out: a number is no name."""
    filter_key: Annotated[str, StringConstraints(max_length=100, pattern=r"^[\w .-]*$")] = ""
    """robomimic: the filter key of the file that names the demos to import, as train; left out,
    all of them."""
