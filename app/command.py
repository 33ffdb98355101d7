"""What a command is, and where its data folder is unless it is told."""

import os
from pathlib import Path
from typing import Protocol


class Command(Protocol):
    """One command with its arguments."""

    def run(self) -> int:
        """Returns the exit code; raises TeachloopError for what a person can put right."""
        ...


def default_data() -> Path:
    return Path(os.environ.get("TEACHLOOP_DATA", "data"))
