"""What a job is asked for: a model of its own for each kind, checked before there is a job."""

from typing import Annotated

from pydantic import Field

from ..runtime.ids import Id
from ..runtime.validation import StrictModel

Takes = tuple[Id, ...]
Rollouts = Annotated[int, Field(ge=0, le=10_000)]
Processes = Annotated[int, Field(ge=1, le=64)]
Seed = Annotated[int, Field(ge=0)]


class JobConfig(StrictModel):
    """The settings of one kind of job; what is not a field of it is refused."""
