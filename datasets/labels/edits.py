"""What people and programs say about a take: small edits, applied to a snapshot."""

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from pydantic import PlainValidator, StrictBool, StrictInt

from ...runtime.errors import TeachloopError
from ..takes.metadata_validation import is_count
from .edit import DirectEdit, Edit, SetFields
from .item_edits import AddComment, AddPrompt, RemoveComment, RemovePrompt
from .label_values import Review, Segment, Trim, require, require_texts
from .masks import MaskKey, MaskRecord, from_row
from .object_edits import RenameObject, SetObjects, SetSynonyms
from .snapshot import Draft


class MaskLocked(TeachloopError):
    """A person locked this mask; only a person may change it."""

    def __init__(self, place: MaskKey) -> None:
        camera, frame, name = place
        super().__init__(f"The mask of {name!r} in {camera} frame {frame} is locked. Unlock it.")


@dataclass(frozen=True, slots=True)
class SetInstruction(SetFields):
    kind: ClassVar[str] = "instruction"
    instruction: str | None


@dataclass(frozen=True, slots=True)
class SetParaphrases(SetFields):
    kind: ClassVar[str] = "paraphrases"
    paraphrases: tuple[str, ...]


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
    """How the take ended; None: nobody says. What was said of a part of it is over."""

    kind: ClassVar[str] = "success"
    success: StrictBool | None

    def change(self, draft: Draft) -> None:
        draft.success, draft.partly = self.success, False


@dataclass(frozen=True, slots=True)
class SetPartly(SetFields):
    """Whether a take that failed did a part of its task; nothing of one that did not fail."""

    kind: ClassVar[str] = "partly"
    partly: StrictBool

    def change(self, draft: Draft) -> None:
        draft.partly = self.partly and draft.success is False


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
        SetSynonyms,
        SetSegments,
        SetTrim,
        SetSuccess,
        SetPartly,
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


def ended(success: bool | None, *, partly: bool = False) -> list[Edit]:
    """What says how a take ended; ``partly``: it failed, and did a part of its task."""
    return [SetSuccess(success), *([SetPartly(True)] if partly else [])]
