"""Everything said about a take up to one revision, and the same while edits are applied to it.

Frames are addressed by camera and index, moments by ns of the take's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, PlainValidator, StrictBool, StrictInt

from .label_values import Comment, ObjectLabel, Prompt, Review, Segment, Trim, merged
from .masks import MaskKey, MaskRecord, from_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything said about a take up to one revision."""

    revision: StrictInt = 0
    instruction: str | None = None  # None: as recorded
    paraphrases: tuple[str, ...] = ()
    objects: Annotated[tuple[ObjectLabel, ...], AfterValidator(merged)] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by object
    masks: Annotated[Mapping[MaskKey, MaskRecord], PlainValidator(from_rows)] = field(
        default_factory=dict
    )
    prompts: tuple[Prompt, ...] = ()
    segments: tuple[Segment, ...] = ()
    trim: Trim | None = None  # None: all of the take counts
    success: StrictBool | None = None
    partly: StrictBool = False  # it failed, and did a part of its task
    deleted: StrictBool = False
    review: Review = "open"
    comments: tuple[Comment, ...] = ()
    note: str = ""
    tags: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the objects that the instruction is about."""
        return tuple(label.name for label in self.objects if label.target)

    def called(self, name: str) -> tuple[str, ...]:
        """An object's name, and its synonyms."""
        return (name, *self.synonyms.get(name, ()))

    def named(self, word: str) -> str | None:
        """The name of the object that is called so; None where there is none."""
        known = (label.name for label in self.objects)
        return next((name for name in known if word in self.called(name)), None)


@dataclass(slots=True)
class Draft:
    """A snapshot while a batch is applied to it."""

    instruction: str | None
    paraphrases: tuple[str, ...]
    objects: tuple[ObjectLabel, ...]
    synonyms: dict[str, tuple[str, ...]]
    masks: dict[MaskKey, MaskRecord]
    prompts: tuple[Prompt, ...]
    segments: tuple[Segment, ...]
    trim: Trim | None
    success: bool | None
    partly: bool
    deleted: bool
    review: Review
    comments: tuple[Comment, ...]
    note: str
    tags: tuple[str, ...]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Draft":
        """One that can be changed without changing the snapshot."""
        fields_of = {name: getattr(snapshot, name) for name in cls.__dataclass_fields__}
        own = {"masks": dict(snapshot.masks), "synonyms": dict(snapshot.synonyms)}
        return cls(**{**fields_of, **own})

    def finished(self, revision: int) -> Snapshot:
        """The snapshot that it has become."""
        changed = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return Snapshot(revision=revision, **changed)
