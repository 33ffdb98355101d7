"""JSON files: written whole or not at all, read into models."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError
from typing_extensions import Self

from .atomic_file import write_whole
from .errors import TeachloopError
from .regular_file import read_text
from .validation import explain, sort_of

DEEPEST = 50  # levels of nesting; whoever passes it on has a limit of their own

JsonObject = dict[str, JsonValue]
Model = TypeVar("Model", bound=BaseModel)


class StoredModel(BaseModel):
    """What a JSON file of ours holds. Nothing is converted; what another version wrote beside it
    is left out."""

    model_config = ConfigDict(frozen=True, strict=True)

    @classmethod
    def read(cls, content: JsonObject) -> Self:
        """From plain JSON. Raises pydantic's ValidationError."""
        return cls.model_validate_json(json.dumps(content))


class HalfCharacter(TeachloopError):
    def __init__(self, error: UnicodeEncodeError) -> None:
        place = error.object[max(0, error.start - 20) : error.end]
        super().__init__(f"Half a character cannot be saved, as in {place!a}. Write it anew.")


class BrokenJson(TeachloopError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} should hold one JSON object: {reason}.")


def write_model(path: Path, content: BaseModel, *, exclude_unset: bool = False) -> None:
    """Replace `path` atomically; a reader sees the old content or the new one."""
    write_json(path, content.model_dump(mode="json", exclude_unset=exclude_unset))


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace `path` atomically; a reader sees the old content or the new one. Raises
    HalfCharacter, and leaves the file as it is."""
    try:
        text = json.dumps(content, ensure_ascii=False, indent=1).encode()
    except UnicodeEncodeError as error:
        raise HalfCharacter(error) from None
    write_whole(path, text)


def read_model(path: Path, model: type[Model]) -> Model:
    """What a file holds. Raises BrokenJson where it is missing or does not fit, in words."""
    content = read_json(path)
    try:
        return model.model_validate_json(json.dumps(content))
    except ValidationError as error:
        raise BrokenJson(path, explain(error.errors()).removesuffix(".")) from error


def read_json(path: Path) -> dict[str, Any]:
    """Raises BrokenJson when the file is missing or is not one JSON object."""
    try:
        content = parse_json(read_text(path))
    except (OSError, ValueError) as error:
        raise BrokenJson(path, str(error)) from error
    if not isinstance(content, dict):
        raise BrokenJson(path, f"it holds {sort_of(content)}")
    return content


def parse_json(text: str) -> Any:
    """What a text says and every reader of JSON takes: NaN and the infinities are None. Raises
    ValueError for what is no JSON, is nested too deep or holds half a character."""
    try:
        content = json.loads(text, parse_float=_finite, parse_constant=lambda name: None)
        _require_shallow(content, DEEPEST)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if "\\u" in text:
        json.dumps(content, ensure_ascii=False).encode()
    return content


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _require_shallow(content: JsonValue, levels: int) -> None:
    if not levels:
        raise ValueError("it is nested too deep")
    if isinstance(content, dict):
        content = list(content.values())
    for each in content if isinstance(content, list) else ():
        _require_shallow(each, levels - 1)
