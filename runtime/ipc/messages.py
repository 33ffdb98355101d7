"""What goes between a process and its children: questions, their answers, and what is only told.

Each message is a frozen model with a ``kind``; a process accepts a union of them, told apart by
it. A question names the type of its answer.
"""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from ..validation import StrictModel

Answer = TypeVar("Answer")
M = TypeVar("M")


class Question(StrictModel, Generic[Answer]):
    """A message that is answered by an ``Answer``, or by Failed."""


class Failed(StrictModel):
    """The answer where it did not work."""

    kind: Literal["failed"] = "failed"
    error: str


@dataclass(frozen=True, slots=True)
class Envelope(Generic[M]):
    """A message as it travels. ``ref`` names the question that is asked or answered."""

    message: M
    ref: int | None = None
