"""Where demos lie below a folder: ``TASK/variation0/episodes/episode0``, or any part of it."""

import os
import re
from pathlib import Path

from .demo import LOW_DIM
from .episode import Names, StoredDemo

DEEPEST = 8
MOST = 100_000  # episodes


def demos_in(folder: Path, names: Names) -> list[StoredDemo]:
    """All of them, by task, variation and number; none where there is none."""
    found: list[Path] = []
    for path, folders, files in os.walk(folder):
        here = Path(path)
        if LOW_DIM in files:
            found.append(here)
            folders.clear()
        if len(here.relative_to(folder).parts) >= DEEPEST or len(found) >= MOST:
            folders.clear()
    return [StoredDemo(path, folder, names) for path in sorted(found, key=_counted)]


def _counted(path: Path) -> list[tuple[str, int]]:
    """``episode10`` comes behind ``episode9``."""
    parts = (re.fullmatch(r"(.*?)(\d{0,9})", part, re.DOTALL) for part in path.parts)
    return [(found[1], int(found[2] or -1)) for found in parts if found]
