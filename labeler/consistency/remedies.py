"""What puts the words of a take right."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from ...runtime.validation import StrictModel
from ..fields import Line, ObjectName


class Rewrite(StrictModel):
    """A whole text, wherever it stands, is written in another way."""

    kind: Literal["rewrite"] = "rewrite"
    old: str
    """As it is, also where its blanks are odd."""
    new: ObjectName


class Respell(StrictModel):
    """A word, in whatever text, is spelled in another way; capitals stay."""

    kind: Literal["respell"] = "respell"
    old: ObjectName
    new: ObjectName


class Rename(StrictModel):
    """An object has another name. Where there is one of that name, they are the same object."""

    kind: Literal["rename"] = "rename"
    old: ObjectName
    new: ObjectName


class Aim(StrictModel):
    """The instruction is about this object."""

    kind: Literal["aim"] = "aim"
    object: ObjectName


class NameSubtasks(StrictModel):
    """The sub-tasks without a name have these names, in their order; of one that has a name
    already, it stays."""

    kind: Literal["subtasks"] = "subtasks"
    names: Annotated[list[Line], Field(max_length=200)]


Remedy: TypeAlias = Annotated[
    Rewrite | Respell | Rename | Aim | NameSubtasks, Field(discriminator="kind")
]
