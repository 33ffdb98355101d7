"""A station's settings as a file, YAML or TOML: errors name the field, it is saved whole."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import tomlkit
import yaml
from pydantic import BaseModel, JsonValue, ValidationError
from tomlkit.exceptions import TOMLKitError

from ...runtime.atomic_file import write_whole
from ...runtime.plain_values import require_plain
from ...runtime.regular_file import read_text
from ...runtime.validation import NAMELESS, Invalid, field_name, shown, what_would_be_right
from .settings import TOOLS, StationSettings

TOML = ".toml"  # every other name is YAML
LONGEST = 200_000  # characters of a file
# What the parsers raise on what is none of theirs: numbers, dates and bytes are made as they read
MISREAD = (TypeError, AttributeError, LookupError, ArithmeticError)

Model = TypeVar("Model", bound=BaseModel)


class BadSettings(Invalid):
    """Settings that describe no station; ``field`` is the one that is wrong."""

    def __init__(self, where: str | Path, field: str, reason: str) -> None:
        super().__init__(f"{where}: {field} {reason}", field)


def settings_file(data: Path) -> Path:
    """Where the settings of a data folder's station lie."""
    return data / "station.yaml"


def load_settings(path: Path) -> StationSettings:
    """The settings in a file. Raises BadSettings."""
    try:
        text = read_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(path, "the file", f"cannot be read: {error}") from error
    return parse_settings(_parsed(path, text), path)


def _parsed(path: Path, text: str) -> object:
    """What the text says, as plain values. Raises BadSettings."""
    language = "TOML" if _is_toml(path) else "YAML"
    try:
        if len(text) > LONGEST:
            raise ValueError(f"it has more than {LONGEST} characters")
        return tomlkit.parse(text).unwrap() if _is_toml(path) else yaml.safe_load(text)
    except RecursionError as error:
        raise BadSettings(path, "the file", "is nested too deep.") from error
    except (yaml.YAMLError, TOMLKitError, ValueError) as error:
        raise BadSettings(path, "the file", f"is no {language}: {str(error)[:300]}") from error
    except MISREAD as error:
        words = f"is no {language}: a tag or number in it cannot be read."
        raise BadSettings(path, "the file", words) from error


def _is_toml(path: Path) -> bool:
    return path.suffix.lower() == TOML


def parse_settings(
    content: object, where: str | Path = "The station's settings"
) -> StationSettings:
    """The settings in plain values. Raises BadSettings."""
    try:
        require_plain(content)
    except ValueError as error:
        raise BadSettings(where, "the whole", f"cannot be settings: {error}.") from error
    settings = parse_model(StationSettings, where, content)
    if settings.robot.tool is None and settings.gripper.driver not in TOOLS:
        reason = (
            f"is missing: say where the fingertips of the gripper {settings.gripper.driver!r} are, "
            "seen from the flange"
        )
        raise BadSettings(where, "robot.tool", f"{reason}.")
    return settings


def parse_model(kind: type[Model], where: str | Path, content: object) -> Model:
    """Any part of the settings, or what a driver is told, as its model. Raises BadSettings."""
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise _bad(where, error) from error


def _bad(where: str | Path, error: ValidationError) -> BadSettings:
    first = error.errors(include_url=False)[0]
    field = field_name(first).replace(".[key]", "") or "the whole"
    given = "" if first["type"] in NAMELESS else f", got {shown(first['input'])}"
    return BadSettings(where, field, f"{what_would_be_right(first)}{given}.")


def save_settings(path: Path, settings: StationSettings) -> None:
    """Replace the file whole or not at all. Raises BadSettings where TOML cannot say it."""
    content = settings.model_dump(mode="json", exclude_none=True)
    text = _toml(path, content) if _is_toml(path) else _yaml(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode(), durable=True)


def _yaml(content: JsonValue) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)


def _toml(path: Path, content: Mapping[str, JsonValue]) -> str:
    try:
        return tomlkit.dumps(content)
    except TOMLKitError as error:
        reason = "cannot hold an empty setting (null); set it, or keep the station in YAML."
        raise BadSettings(path, "the file", reason) from error
