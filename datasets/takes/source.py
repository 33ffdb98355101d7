"""Where a take came from that no station of ours recorded."""

from typing import Annotated

from pydantic import Field, StringConstraints

from ..tool import Plain

LONGEST = 1000  # characters


class Source(Plain):
    """An episode of a data set of others, and what its take says that the set does not."""

    format: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    """In whose format it was read."""
    place: Annotated[str, StringConstraints(max_length=LONGEST)]
    """Which episode of the set."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """Of all of its content that was read, so that it is known again."""
    assumed: Annotated[
        tuple[Annotated[str, StringConstraints(max_length=LONGEST)], ...], Field(max_length=20)
    ] = ()
    """What the set does not tell and was taken for granted, or was left out; a sentence each."""
