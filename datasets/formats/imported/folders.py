"""Where the episodes of a set lie, when each has a folder of its own."""

import os
from pathlib import Path

DEEPEST = 8  # levels below the set's folder
MOST = 100_000  # episodes


def folders_with(name: str, root: Path) -> list[Path]:
    """The folders in and below ``root`` that hold a file of that name, in no order; what lies below
    one of them is its own."""
    found: list[Path] = []
    for path, folders, files in os.walk(root):
        here = Path(path)
        if name in files:
            found.append(here)
            folders.clear()
        if len(here.relative_to(root).parts) >= DEEPEST or len(found) >= MOST:
            folders.clear()
    return found
