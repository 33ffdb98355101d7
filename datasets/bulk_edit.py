"""One edit of several takes, and the edit that undoes it."""

from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from ..runtime.text import one_line
from ..runtime.validation import MustBe, StrictModel
from .labels.edit import Edit
from .labels.edits import SetInstruction, SetNote, SetSuccess, SetTags
from .labels.labels import Labels
from .labels.snapshot import Snapshot
from .takes.trash import in_bin, put_in_bin, take_out_of_bin

LONGEST_TAG, LONGEST_INSTRUCTION, LONGEST_NOTE = (
    200,
    5000,
    20_000,
)  # characters: what was said before has to fit, too
Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TAG),
    MustBe(f"a text of at most {LONGEST_TAG} characters"),
]
Instruction = Annotated[
    str,
    StringConstraints(max_length=LONGEST_INSTRUCTION),
    MustBe(f"a text of at most {LONGEST_INSTRUCTION} characters"),
]

Note = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=LONGEST_NOTE),
    MustBe(f"a text of at most {LONGEST_NOTE} characters"),
]


class BulkEdit(StrictModel):
    """What is to be said of each take; of what is not given, everything stays."""

    success: bool | None = None
    """None: nobody judged it."""
    instruction: Instruction | None = None
    """None: the one that it was recorded with."""
    tags: tuple[Tag, ...] = ()
    add_tag: Tag | None = None
    """Beside those that it has."""
    note: Note = ""
    deleted: bool = False


def apply_bulk_edit(take_folder: Path, edit: BulkEdit, author: str) -> BulkEdit:
    """To one take; returns the edit that undoes it. Raises TakeMissing, LabelsUnreadable and
    what else reading and writing labels raises; then nothing is changed."""
    if edit.model_fields_set == {"deleted"}:  # which damaged labels do not hinder
        undoing = BulkEdit(deleted=in_bin(take_folder))
    else:
        labels = Labels.open(take_folder)
        undoing = _undoing(edit, labels.snapshot)
        if edits := _edits(edit, labels.snapshot):
            labels.add(edits, author)
    if "deleted" in edit.model_fields_set:
        (put_in_bin if edit.deleted else take_out_of_bin)(take_folder, author)
    return undoing


def _edits(edit: BulkEdit, said: Snapshot) -> list[Edit]:
    given = edit.model_fields_set
    edits: list[Edit] = []
    if "success" in given:
        edits.append(SetSuccess(edit.success))
    if "instruction" in given:
        edits.append(SetInstruction(one_line(edit.instruction or "") or None))
    if "note" in given:
        edits.append(SetNote(edit.note))
    if "tags" in given:
        edits.append(SetTags(edit.tags))
    if edit.add_tag and edit.add_tag not in said.tags:
        edits.append(SetTags((*said.tags, edit.add_tag)))
    return edits


def _undoing(edit: BulkEdit, said: Snapshot) -> BulkEdit:
    names = {"tags" if name == "add_tag" else name for name in edit.model_fields_set}
    return BulkEdit.model_construct(**{name: getattr(said, name) for name in names})
