"""The tasks that an operator picks from: the simulator's, and those written by people."""

import json
import os
from pathlib import Path
from typing import Any

from ...runtime.json_file import parse_json

LIMIT = 300
SIMULATED: tuple[dict[str, Any], ...] = (
    {"name": "pick", "label": "Pick up an object", "verb": "pick", "split": "base"},
    {"name": "put", "label": "Put an object in or on another", "verb": "put", "split": "base"},
    {"name": "stack", "label": "Stack two objects", "verb": "stack", "split": "base"},
    {"name": "pick-novel", "label": "Pick up (new objects)", "verb": "pick", "split": "novel"},
    {"name": "push-novel", "label": "Push (new to the base)", "verb": "push", "split": "novel"},
)


def list_tasks(data: Path, simulated: bool) -> list[dict[str, Any]]:
    """Presets, each {"name", "label"} with either a verb and split, or an instruction."""
    own = [{"name": text, "label": text, "instruction": text} for text in _written(data)]
    return [*(SIMULATED if simulated else ()), *own]


def add_task(data: Path, instruction: str) -> None:
    """Remember an instruction as a task of its own."""
    instruction = " ".join(instruction.split())[:LIMIT]
    known = _written(data)
    if not instruction or instruction in known:
        return
    data.mkdir(parents=True, exist_ok=True)
    partial = data / f".tasks.{os.getpid()}.json"
    partial.write_text(json.dumps([*known, instruction], ensure_ascii=False), "utf-8")
    os.replace(partial, data / "tasks.json")


def _written(data: Path) -> list[str]:
    try:
        content = parse_json((data / "tasks.json").read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return [text for text in content if isinstance(text, str)] if isinstance(content, list) else []
