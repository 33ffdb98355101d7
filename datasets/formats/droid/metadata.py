"""What is said of an episode beside its numbers, by its station and by whoever annotated it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, ValidationError

from ....runtime.errors import TeachloopError
from ....runtime.json_file import read_json
from ....runtime.text import one_line
from ....runtime.validation import explain
from ...tasks import LONGEST
from ..imported.episode import EpisodeRefused

ANNOTATIONS = "aggregated-annotations*.json"
WORDINGS = ("language_instruction1", "language_instruction2", "language_instruction3")
Wordings: TypeAlias = Mapping[str, tuple[str, ...]]  # by the episode's uuid
CAMERAS = {
    "wrist_cam_serial": "wrist",
    "ext1_cam_serial": "exterior_1",
    "ext2_cam_serial": "exterior_2",
}


class Metadata(BaseModel):
    """Of ``metadata_<uuid>.json``, what is read of it; all of it may be missing."""

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    uuid: str = ""
    user: str = ""
    robot_serial: str = ""
    current_task: str = ""
    success: bool | None = None
    wrist_cam_serial: str = ""
    ext1_cam_serial: str = ""
    ext2_cam_serial: str = ""

    @property
    def names(self) -> dict[str, str]:
        """What cameras are called, by their serial numbers."""
        found = {getattr(self, field): name for field, name in CAMERAS.items()}
        return {serial: name for serial, name in found.items() if serial}


def metadata_file(episode: Path) -> Path | None:
    return next(iter(sorted(episode.glob("metadata_*.json"))), None)


def metadata_of(episode: Path) -> Metadata:
    """Empty where there is none. Raises EpisodeRefused."""
    if (path := metadata_file(episode)) is None:
        return Metadata()
    try:
        told = {name: each for name, each in read_json(path).items() if each is not None}
        return Metadata.model_validate(told)
    except TeachloopError as error:
        raise EpisodeRefused(f"{path.name} cannot be read: {error}") from error
    except ValidationError as error:
        reason = explain(error.errors())
        raise EpisodeRefused(f"{path.name} cannot be read: {reason}") from error


def wordings_in(folder: Path) -> Wordings:
    """Of a file of annotations beside the episodes; where it is none, nothing is known."""
    for path in sorted(folder.glob(ANNOTATIONS)):
        try:
            content = read_json(path)
        except TeachloopError:
            continue
        return {uuid: _lines(said) for uuid, said in content.items() if isinstance(said, dict)}
    return {}


def _lines(said: Mapping[str, object]) -> tuple[str, ...]:
    texts = (said.get(name) for name in WORDINGS)
    lines = [one_line(text) for text in texts if isinstance(text, str)]
    return tuple(dict.fromkeys(line for line in lines if 0 < len(line) <= LONGEST))
