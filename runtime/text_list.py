"""A JSON file that holds a list of texts, such as names that people gave."""

import json
from pathlib import Path

from .atomic_file import write_whole
from .json_file import parse_json
from .regular_file import read_text


def read_texts(path: Path) -> list[str]:
    """The texts; a damaged file is an empty list, and what is no text is left out."""
    try:
        content = parse_json(read_text(path))
    except (OSError, ValueError):
        return []
    return [text for text in content if isinstance(text, str)] if isinstance(content, list) else []


def add_text(path: Path, text: str) -> None:
    """Remember a text once, as the last one."""
    known = read_texts(path)
    if text in known:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps([*known, text], ensure_ascii=False).encode())
