"""How much room takes fill, in words."""

from collections.abc import Sequence
from pathlib import Path

from ...runtime.text import counted

MB = 1e6


def size_of(folders: Sequence[Path]) -> str:
    from ...datasets.takes.take_folder import TAKE

    files = [folder / TAKE for folder in folders]
    size = sum(path.stat().st_size for path in files if path.is_file())
    return f"{counted(len(folders), 'take')} of {size / MB:.0f} MB"
