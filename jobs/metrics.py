"""A job's figures: one JSON object a line."""

import json
import time
from collections.abc import Mapping
from pathlib import Path

from ..runtime.json_file import parse_json
from ..runtime.regular_file import open_to_append, read_text

METRICS = "metrics.jsonl"
Figure = float | int | str | bool | None
MetricsRow = Mapping[str, Figure]


def append_row(job_path: Path, row: MetricsRow) -> None:
    """Add a line, with the time (seconds since the epoch)."""
    line = json.dumps({"time": time.time(), **row}) + "\n"
    with open_to_append(job_path / METRICS) as file:
        file.write(line.encode())


def read_rows(job_path: Path) -> list[MetricsRow]:
    """All rows that are whole."""
    path = job_path / METRICS
    if not path.exists():
        return []
    text = read_text(path, errors="replace")
    lines = [line for line in text.splitlines(keepends=True) if line.endswith("\n")]
    return [row for line in lines if (row := _row(line))]


def _row(line: str) -> MetricsRow:
    """Without what is no figure."""
    try:
        row = parse_json(line)
    except ValueError:
        return {}
    if not isinstance(row, dict):
        return {}
    return {name: value for name, value in row.items() if not isinstance(value, dict | list)}
