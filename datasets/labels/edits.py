"""What people and programs say about a take: small edits, applied to a snapshot."""

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Annotated, ClassVar

from pydantic import PlainValidator, StrictBool, StrictInt

from ...runtime.errors import TeachloopError
from ..takes.metadata_validation import is_count
from .edit import DirectEdit, Edit
from .item_edits import AddComment, AddPrompt, RemoveComment, RemovePrompt
from .label_values import (
    ObjectLabel,
    Review,
    Segment,
    Trim,
    merged,
    require,
    require_texts,
)
from .masks import MaskKey, MaskRecord, from_row
from .snapshot import Draft


class MaskLocked(TeachloopError):
    """A person locked this mask; only a person may change it."""

    def __init__(self, place: MaskKey) -> None:
        camera, frame, name = place
        super().__init__(f"The mask of {name!r} in {camera} frame {frame} is locked. Unlock it.")


class ObjectExists(TeachloopError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is an object {name!r:.60} already. Choose another name.")


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

    def change(self, draft: Draft) -> None:
        """Of one name there is one object, whoever wrote two."""
        draft.objects = merged(self.objects)


@dataclass(frozen=True, slots=True)
class RenameObject(DirectEdit):
    """An object has another name, and keeps its masks and prompts; nothing where there is no such
    object. Raises ObjectExists."""

    kind: ClassVar[str] = "rename"
    object: str
    name: str

    def __post_init__(self) -> None:
        require_texts(object=self.object, name=self.name)

    def change(self, draft: Draft) -> None:
        names = [label.name for label in draft.objects]
        if self.object not in names:
            return
        if self.name in names:
            raise ObjectExists(self.name)
        draft.objects = tuple(replace(label, name=self._now(label.name)) for label in draft.objects)
        draft.masks = {
            (camera, frame, self._now(name)): mask
            for (camera, frame, name), mask in draft.masks.items()
        }
        draft.prompts = tuple(
            replace(prompt, object=self._now(prompt.object)) for prompt in draft.prompts
        )

    def _now(self, name: str) -> str:
        return self.name if name == self.object else name


@dataclass(frozen=True, slots=True)
class SetSegments(SetFields):
    kind: ClassVar[str] = "segments"
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class SetTrim(SetFields):
    """What counts of the take; None: all of it."""

    kind: ClassVar[str] = "trim"
    trim: Trim | None


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
    review: Review


@dataclass(frozen=True, slots=True)
class SetNote(SetFields):
    kind: ClassVar[str] = "note"
    note: str


@dataclass(frozen=True, slots=True)
class SetTags(SetFields):
    kind: ClassVar[str] = "tags"
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MaskEdit(DirectEdit, ABC):
    """What concerns one object's mask in one frame."""

    camera: str
    frame: StrictInt
    object: str

    @property
    def place(self) -> MaskKey:
        return self.camera, self.frame, self.object


@dataclass(frozen=True, slots=True)
class SetMask(MaskEdit):
    """Make or replace a mask. Raises MaskLocked where only a person may."""

    kind: ClassVar[str] = "mask"
    mask: Annotated[MaskRecord, PlainValidator(from_row)]  # a row in the files

    def __post_init__(self) -> None:
        require_texts(camera=self.camera, object=self.object)
        require(is_count(self.frame), "frame", self.frame)

    def change(self, draft: Draft) -> None:
        before = draft.masks.get(self.place)
        if before is not None and before.locked and not self.mask.source.is_person:
            raise MaskLocked(self.place)
        draft.masks[self.place] = self.mask


@dataclass(frozen=True, slots=True)
class DeleteMask(MaskEdit):
    kind: ClassVar[str] = "delete_mask"

    def change(self, draft: Draft) -> None:
        draft.masks.pop(self.place, None)


@dataclass(frozen=True, slots=True)
class LockMask(MaskEdit):
    """Lock or unlock; nothing where there is no mask."""

    kind: ClassVar[str] = "lock"
    locked: StrictBool

    def change(self, draft: Draft) -> None:
        if self.place in draft.masks:
            draft.masks[self.place] = replace(draft.masks[self.place], locked=self.locked)


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
        RenameObject,
        SetSegments,
        SetTrim,
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
        AddComment,
        RemoveComment,
        Restore,
    )
}
