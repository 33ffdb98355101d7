"""JSON files that appear whole or not at all."""

import json
import os
from pathlib import Path
from typing import Any

from ..datasets.errors import TeachloopError


class BrokenJson(TeachloopError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} should hold one JSON object: {reason}.")


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Replace `path` atomically; a reader sees the old content or the new one."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(partial, path)


def read_json(path: Path) -> dict[str, Any]:
    """Raises BrokenJson when the file is missing or is not one JSON object."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BrokenJson(path, str(error)) from error
    if not isinstance(content, dict):
        raise BrokenJson(path, f"it holds a {type(content).__name__}")
    return content


def require_kinds(path: Path, content: dict[str, Any], **kinds: type | tuple[type, ...]) -> None:
    """Raises BrokenJson where a field is missing or of another kind than it should be."""
    for name, kind in kinds.items():
        if not isinstance(content.get(name), kind):
            raise BrokenJson(path, f"its {name!r} is {content.get(name)!r}")
