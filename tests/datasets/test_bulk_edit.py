"""What is said of several takes at once is said of each, and can be taken back."""

from pathlib import Path

import pytest
from numbered_takes import INSTRUCTION, NumberedTake, numbered_take
from pydantic import ValidationError

from teachloop.datasets.bulk_edit import BulkEdit, apply_bulk_edit
from teachloop.datasets.catalog import Catalog
from teachloop.datasets.catalog_rows import TakeRow
from teachloop.datasets.labels.edits import SetInstruction, SetSuccess, SetTags
from teachloop.datasets.labels.labels import Labels


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    said = (SetSuccess(False), SetTags(("night",)))
    numbered_take(tmp_path, "one", NumberedTake(ticks=4), *said)
    return tmp_path / "takes" / "one"


def row(folder: Path) -> TakeRow:
    with Catalog(folder.parents[1]) as catalog:
        catalog.refresh()
        (found,) = catalog.takes(deleted=None)
    return found


@pytest.mark.parametrize(
    "words",
    [
        {"success": True},
        {"success": None},
        {"instruction": "lift the cube"},
        {"add_tag": "lamp on"},
        {"tags": ()},
        {"note": "it slipped\nand rolled away"},
        {"deleted": True},
        {"success": True, "instruction": "lift it", "add_tag": "two"},
    ],
)
def test_it_is_said_and_taken_back(folder: Path, words: dict) -> None:
    before = row(folder).to_dict()
    back = apply_bulk_edit(folder, BulkEdit.model_validate(words), "Ada")
    after = row(folder).to_dict()
    assert after != before
    apply_bulk_edit(folder, back, "Ada")
    again = row(folder).to_dict()
    changing = ("revision", "label_mark", "checksum")
    assert {k: v for k, v in again.items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }


def test_what_is_not_given_stays(folder: Path) -> None:
    apply_bulk_edit(folder, BulkEdit(add_tag="  lamp on "), "Ada")
    found = row(folder)
    assert (found.tags, found.success, found.instruction) == (
        ["night", "lamp on"],
        False,
        INSTRUCTION,
    )
    assert Labels.open(folder).history()[-1].author == "Ada"


def test_a_tag_is_not_given_twice(folder: Path) -> None:
    revision = Labels.open(folder).revision
    assert apply_bulk_edit(folder, BulkEdit(add_tag="night"), "Ada").tags == ("night",)
    assert Labels.open(folder).revision == revision


def test_an_instruction_is_one_line_and_nothing_is_that_of_the_recording(folder: Path) -> None:
    apply_bulk_edit(folder, BulkEdit(instruction=" lift \n it "), "Ada")
    assert row(folder).instruction == "lift it"
    apply_bulk_edit(folder, BulkEdit(instruction=" "), "Ada")
    assert row(folder).instruction == INSTRUCTION


def test_what_was_said_before_may_be_long(folder: Path) -> None:
    long = "lift it " * 100
    Labels.open(folder).add([SetInstruction(long.strip())], "Ada")
    back = apply_bulk_edit(folder, BulkEdit(instruction="lift"), "Ada")
    apply_bulk_edit(
        folder, BulkEdit.model_validate_json(back.model_dump_json(exclude_unset=True)), "Ada"
    )
    assert row(folder).instruction == long.strip()


def test_damaged_labels_hinder_nobody_from_binning(folder: Path) -> None:
    with (folder / "labels" / "edits.jsonl").open("ab") as log:
        log.write(b"no line of ours\n")
    apply_bulk_edit(folder, BulkEdit(deleted=True), "Ada")
    assert row(folder).deleted


@pytest.mark.parametrize("words", [{"add_tag": " "}, {"instruction": "x" * 5001}, {"sucess": True}])
def test_what_cannot_be_said_is_refused(words: dict) -> None:
    with pytest.raises(ValidationError):
        BulkEdit.model_validate(words)
