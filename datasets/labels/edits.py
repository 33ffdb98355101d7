"""What people and programs say about a take: small edits, applied to a snapshot.

Frames are addressed by camera and index, moments by ns of the take's clock.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, PlainValidator, StrictBool, StrictInt

from ...runtime.errors import TeachloopError
from ..takes.metadata_validation import is_count
from .label_values import KNOWN_FIELDS, ObjectLabel, Prompt, Segment, require, require_texts
from .masks import MaskKey, MaskRecord, MaskSource, from_row, from_rows


class MaskLocked(TeachloopError):
    """A person locked this mask; only a person may change it."""

    def __init__(self, place: MaskKey) -> None:
        camera, frame, name = place
        super().__init__(f"The mask of {name!r} in {camera} frame {frame} is locked. Unlock it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything said about a take up to one revision."""

    revision: StrictInt = 0
    instruction: str | None = None  # None: as recorded
    paraphrases: tuple[str, ...] = ()
    objects: tuple[ObjectLabel, ...] = ()
    masks: Annotated[Mapping[MaskKey, MaskRecord], PlainValidator(from_rows)] = field(
        default_factory=dict
    )
    prompts: tuple[Prompt, ...] = ()
    segments: tuple[Segment, ...] = ()
    success: StrictBool | None = None
    deleted: StrictBool = False
    review: Literal["open", "done", "approved"] = "open"
    note: str = ""
    tags: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the objects that the instruction is about."""
        return tuple(label.name for label in self.objects if label.target)


@dataclass(slots=True)
class Draft:
    """A snapshot while a batch is applied to it."""

    instruction: str | None
    paraphrases: tuple[str, ...]
    objects: tuple[ObjectLabel, ...]
    masks: dict[MaskKey, MaskRecord]
    prompts: tuple[Prompt, ...]
    segments: tuple[Segment, ...]
    success: bool | None
    deleted: bool
    review: Literal["open", "done", "approved"]
    note: str
    tags: tuple[str, ...]

    @classmethod
    def of(cls, snapshot: Snapshot) -> "Draft":
        """One that can be changed without changing the snapshot."""
        fields_of = {name: getattr(snapshot, name) for name in cls.__dataclass_fields__}
        return cls(**{**fields_of, "masks": dict(snapshot.masks)})

    def finished(self, revision: int) -> Snapshot:
        """The snapshot that it has become."""
        changed = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return Snapshot(revision=revision, **changed)


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


@dataclass(frozen=True, slots=True)
class SetInstruction(SetFields):
    kind: ClassVar[str] = "instruction"
    instruction: str | None


@dataclass(frozen=True, slots=True)
class SetParaphrases(SetFields):
    kind: ClassVar[str] = "paraphrases"
    paraphrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetObjects(SetFields):
    kind: ClassVar[str] = "objects"
    objects: tuple[ObjectLabel, ...]


@dataclass(frozen=True, slots=True)
class SetSegments(SetFields):
    kind: ClassVar[str] = "segments"
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class SetSuccess(SetFields):
    kind: ClassVar[str] = "success"
    success: StrictBool | None


@dataclass(frozen=True, slots=True)
class SetDeleted(SetFields):
    """In the bin, or out of it."""

    kind: ClassVar[str] = "deleted"
    deleted: StrictBool


@dataclass(frozen=True, slots=True)
class SetReview(SetFields):
    kind: ClassVar[str] = "review"
    review: Literal["open", "done", "approved"]


@dataclass(frozen=True, slots=True)
class SetNote(SetFields):
    kind: ClassVar[str] = "note"
    note: str


@dataclass(frozen=True, slots=True)
class SetTags(SetFields):
    kind: ClassVar[str] = "tags"
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetMask(DirectEdit):
    """Make or replace a mask. Raises MaskLocked where only a person may."""

    kind: ClassVar[str] = "mask"
    camera: str
    frame: StrictInt
    object: str
    mask: Annotated[MaskRecord, PlainValidator(from_row)]  # a row in the files

    def __post_init__(self) -> None:
        require_texts(camera=self.camera, object=self.object)
        require(is_count(self.frame), "frame", self.frame)

    def change(self, draft: Draft) -> None:
        place = (self.camera, self.frame, self.object)
        before = draft.masks.get(place)
        if before is not None and before.locked and self.mask.source != MaskSource.HUMAN:
            raise MaskLocked(place)
        draft.masks[place] = self.mask


@dataclass(frozen=True, slots=True)
class DeleteMask(DirectEdit):
    kind: ClassVar[str] = "delete_mask"
    camera: str
    frame: StrictInt
    object: str

    def change(self, draft: Draft) -> None:
        draft.masks.pop((self.camera, self.frame, self.object), None)


@dataclass(frozen=True, slots=True)
class LockMask(DirectEdit):
    """Lock or unlock; nothing where there is no mask."""

    kind: ClassVar[str] = "lock"
    camera: str
    frame: StrictInt
    object: str
    locked: StrictBool

    def change(self, draft: Draft) -> None:
        place = (self.camera, self.frame, self.object)
        if place in draft.masks:
            mask = draft.masks[place]
            draft.masks[place] = MaskRecord(
                rle=mask.rle, source=mask.source, confidence=mask.confidence, locked=self.locked
            )


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
        prompts = list(draft.prompts)
        if self.prompt in prompts:
            del prompts[len(prompts) - 1 - prompts[::-1].index(self.prompt)]
        draft.prompts = tuple(prompts)


@dataclass(frozen=True, slots=True)
class Restore(Edit):
    """Everything as it was at an earlier revision. The log resolves it, see ``labels``."""

    kind: ClassVar[str] = "restore"
    revision: StrictInt


EDITS: Mapping[str, type[Edit]] = {
    edit.kind: edit
    for edit in (
        SetInstruction,
        SetParaphrases,
        SetObjects,
        SetSegments,
        SetSuccess,
        SetDeleted,
        SetReview,
        SetNote,
        SetTags,
        SetMask,
        DeleteMask,
        LockMask,
        AddPrompt,
        RemovePrompt,
        Restore,
    )
}
