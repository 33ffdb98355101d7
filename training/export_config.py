"""What an export of takes is asked for, and what came of it. Imports nothing heavy."""

from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import Field

from ..datasets.formats.format_names import TakeFormat
from ..datasets.formats.lerobot.options import LeRobotOptions
from ..datasets.formats.mcap.options import McapOptions
from ..datasets.formats.rlds.options import RldsOptions
from ..datasets.formats.robomimic.options import RobomimicOptions
from ..jobs.config import JobConfig, Takes
from ..runtime.json_file import JsonObject, StoredModel
from ..runtime.validation import MustBe

*OTHERS, LAST = get_args(TakeFormat)
A_FORMAT = MustBe(f"{', '.join(OTHERS)} or {LAST}")


class LeRobotExportConfig(JobConfig):
    """Which takes to write for LeRobot, and how."""

    takes: Takes = Field(min_length=1)
    format: Annotated[Literal["lerobot"], A_FORMAT] = "lerobot"
    options: LeRobotOptions = LeRobotOptions()


class RobomimicExportConfig(JobConfig):
    """Which takes to write for robomimic, and how."""

    takes: Takes = Field(min_length=1)
    format: Annotated[Literal["robomimic"], A_FORMAT]  # always said: another one is the default
    options: RobomimicOptions = RobomimicOptions()


class RldsExportConfig(JobConfig):
    """Which takes to write as RLDS, and how."""

    takes: Takes = Field(min_length=1)
    format: Annotated[Literal["rlds"], A_FORMAT]
    options: RldsOptions = RldsOptions()


class McapExportConfig(JobConfig):
    """Which takes to write as MCAP, and how."""

    takes: Takes = Field(min_length=1)
    format: Annotated[Literal["mcap"], A_FORMAT]
    options: McapOptions = McapOptions()


ExportTakesConfig: TypeAlias = (
    LeRobotExportConfig | RobomimicExportConfig | RldsExportConfig | McapExportConfig
)


def export_config(given: JsonObject) -> type[ExportTakesConfig]:
    """The settings of the format that is asked for."""
    match given.get("format"):
        case "robomimic":
            return RobomimicExportConfig
        case "rlds":
            return RldsExportConfig
        case "mcap":
            return McapExportConfig
        case _:
            return LeRobotExportConfig


class ExportTakesResult(StoredModel):
    """What came of it."""

    folder: str
    """Where it lies."""
    episodes: int
    frames: int
    left_out: dict[str, str] = Field(default_factory=dict)
    """Id of a take -> why nothing of it was written."""
