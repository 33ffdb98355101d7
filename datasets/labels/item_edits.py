"""Edits of what is said one after the other: prompts, and comments of who reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from .edit import DirectEdit
from .label_values import Comment, Prompt
from .snapshot import Draft

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class AddPrompt(DirectEdit):
    kind: ClassVar[str] = "prompt"
    prompt: Prompt

    def change(self, draft: Draft) -> None:
        draft.prompts = (*draft.prompts, self.prompt)


@dataclass(frozen=True, slots=True)
class RemovePrompt(DirectEdit):
    """Take back the last prompt that equals this one."""

    kind: ClassVar[str] = "remove_prompt"
    prompt: Prompt

    def change(self, draft: Draft) -> None:
        draft.prompts = without_last(draft.prompts, self.prompt)


@dataclass(frozen=True, slots=True)
class AddComment(DirectEdit):
    kind: ClassVar[str] = "comment"
    comment: Comment

    def change(self, draft: Draft) -> None:
        draft.comments = (*draft.comments, self.comment)


@dataclass(frozen=True, slots=True)
class RemoveComment(DirectEdit):
    """Take back the last comment that equals this one."""

    kind: ClassVar[str] = "remove_comment"
    comment: Comment

    def change(self, draft: Draft) -> None:
        draft.comments = without_last(draft.comments, self.comment)


def without_last(items: Sequence[Item], item: Item) -> tuple[Item, ...]:
    """All but the last that equals this one."""
    kept = list(items)
    if item in kept:
        del kept[len(kept) - 1 - kept[::-1].index(item)]
    return tuple(kept)
