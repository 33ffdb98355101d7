"""Where demos lie below a folder: ``TASK/variation0/episodes/episode0``, or any part of it."""

import re
from pathlib import Path

from ..imported.folders import folders_with
from .demo import LOW_DIM
from .episode import Names, StoredDemo


def demos_in(folder: Path, names: Names) -> list[StoredDemo]:
    """All of them, by task, variation and number; none where there is none."""
    found = folders_with(LOW_DIM, folder)
    return [StoredDemo(path, folder, names) for path in sorted(found, key=_counted)]


def _counted(path: Path) -> list[tuple[str, int]]:
    """``episode10`` comes behind ``episode9``."""
    parts = (re.fullmatch(r"(.*?)(\d{0,9})", part, re.DOTALL) for part in path.parts)
    return [(found[1], int(found[2] or -1)) for found in parts if found]
