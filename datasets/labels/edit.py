"""What every edit of labels is."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import ClassVar

from pydantic import ConfigDict

from .label_values import KNOWN_FIELDS, require_texts
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


@dataclass(frozen=True, slots=True)
class SetFields(DirectEdit):
    """Fields of the snapshot that are replaced as a whole; the edit's own fields name them."""

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            for text in value if isinstance(value, tuple) else (value,):
                if isinstance(text, str):
                    require_texts(**{each.name: text})

    def change(self, draft: Draft) -> None:
        for each in fields(self):
            setattr(draft, each.name, getattr(self, each.name))
