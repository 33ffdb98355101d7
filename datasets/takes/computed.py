"""What was computed of a take and can be computed again. It lies beside the takes and in none of
them, so that who checks, copies or exports a take meets what was recorded and said alone."""

import shutil
from pathlib import Path

from .take_folder import TAKES

COMPUTED = "computed"  # in the data folder, beside the takes


def computed_folder(take_folder: Path) -> Path:
    """Of a take of a data folder, whether or not anything was computed of it."""
    return take_folder.parent.parent / COMPUTED / take_folder.name


def forget_computed(take_folder: Path) -> None:
    """Throw it away; a take that lies in no data folder has none."""
    if take_folder.parent.name == TAKES:
        shutil.rmtree(computed_folder(take_folder), ignore_errors=True)
