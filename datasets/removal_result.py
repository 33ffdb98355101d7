"""What came of emptying the bin."""

from pydantic import Field

from ..runtime.json_file import StoredModel


class RemovedTakes(StoredModel):
    """What it came to."""

    takes: int = 0
    bytes: int = 0
    """That they held."""
    left_out: dict[str, str] = Field(default_factory=dict)
    """Id of a take -> why it is still there."""
