"""What is said of several takes at once, and what takes it back."""

from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from ..runtime.text import one_line
from ..runtime.validation import MustBe, StrictModel
from .labels.edit import Edit
from .labels.edits import SetInstruction, SetSuccess, SetTags
from .labels.labels import Labels
from .labels.snapshot import Snapshot
from .takes.trash import in_bin, put_in_bin, take_out_of_bin

LONGEST_TAG, LONGEST_SAID = 200, 5000  # characters: what was said before has to fit, too
Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TAG),
    MustBe(f"a text of at most {LONGEST_TAG} characters"),
]
Instruction = Annotated[
    str,
    StringConstraints(max_length=LONGEST_SAID),
    MustBe(f"a text of at most {LONGEST_SAID} characters"),
]


class TakeWords(StrictModel):
    """What is said of a take; of what is not given, everything stays."""

    success: bool | None = None
    """None: nobody judged it."""
    instruction: Instruction | None = None
    """None: the one that it was recorded with."""
    tags: tuple[Tag, ...] = ()
    add_tag: Tag | None = None
    """Beside those that it has."""
    deleted: bool = False


def say(take_folder: Path, words: TakeWords, author: str) -> TakeWords:
    """Returns what was said before of what is said now. Raises TakeMissing, LabelsUnreadable and
    what else reading and writing labels raises; then nothing is said."""
    if words.model_fields_set == {"deleted"}:  # which damaged labels do not hinder
        before = TakeWords(deleted=in_bin(take_folder))
    else:
        labels = Labels.open(take_folder)
        before = _before(words, labels.snapshot)
        if edits := _edits(words, labels.snapshot):
            labels.add(edits, author)
    if "deleted" in words.model_fields_set:
        (put_in_bin if words.deleted else take_out_of_bin)(take_folder, author)
    return before


def _edits(words: TakeWords, said: Snapshot) -> list[Edit]:
    given = words.model_fields_set
    edits: list[Edit] = []
    if "success" in given:
        edits.append(SetSuccess(words.success))
    if "instruction" in given:
        edits.append(SetInstruction(one_line(words.instruction or "") or None))
    if "tags" in given:
        edits.append(SetTags(words.tags))
    if words.add_tag and words.add_tag not in said.tags:
        edits.append(SetTags((*said.tags, words.add_tag)))
    return edits


def _before(words: TakeWords, said: Snapshot) -> TakeWords:
    names = {"tags" if name == "add_tag" else name for name in words.model_fields_set}
    return TakeWords.model_construct(**{name: getattr(said, name) for name in names})
