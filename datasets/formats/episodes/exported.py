"""What comes of an export of episodes, and who is told how far it is. Imports nothing heavy."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

PIECES = "pieces"
"""Where, in the folder of an export that is not whole yet, what is made of each take lies."""
Tell: TypeAlias = Callable[[str, float], None]
"""Told what is done, and the share of all; what it raises ends the export."""


@dataclass(slots=True)
class ExportedTakes:
    """What was written."""

    episodes: int = 0
    frames: int = 0
    left_out: dict[str, str] = field(default_factory=dict)
    """Id of a take -> why nothing of it was written."""
