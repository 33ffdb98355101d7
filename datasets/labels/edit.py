"""What every edit of labels is."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict

from .label_values import KNOWN_FIELDS
from .snapshot import Draft


@dataclass(frozen=True, slots=True)
class Edit:
    """One entry of the log. ``kind`` names it there."""

    __pydantic_config__: ClassVar[ConfigDict] = KNOWN_FIELDS
    kind: ClassVar[str]


@dataclass(frozen=True, slots=True)
class DirectEdit(Edit, ABC):
    """An edit that needs no more than the snapshot before it."""

    @abstractmethod
    def change(self, draft: Draft) -> None:
        """Make the change in a snapshot's fields."""
