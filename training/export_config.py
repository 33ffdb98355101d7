"""What an export of takes is asked for, and what came of it. Imports nothing heavy."""

from pydantic import Field

from ..datasets.formats.format_names import TakeFormat
from ..datasets.formats.lerobot.options import LeRobotOptions
from ..jobs.config import JobConfig, Takes
from ..runtime.json_file import StoredModel


class ExportTakesConfig(JobConfig):
    """Which takes to write, and how."""

    takes: Takes = Field(min_length=1)
    format: TakeFormat = "lerobot"
    options: LeRobotOptions = LeRobotOptions()


class ExportTakesResult(StoredModel):
    """What came of it."""

    folder: str
    """Where it lies."""
    episodes: int
    frames: int
    left_out: dict[str, str] = Field(default_factory=dict)
    """Id of a take -> why nothing of it was written."""
