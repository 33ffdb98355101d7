"""What came of archiving takes."""

from pydantic import Field

from ..runtime.json_file import StoredModel


class ArchivedTakes(StoredModel):
    """What it came to."""

    takes: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    least_psnr_db: float | None = None
    """Of any picture, beside the recorded one; None without one."""
    left_out: dict[str, str] = Field(default_factory=dict)
    """Id of a take -> why it stays as it is."""
