"""Labels of which a line is damaged: back to the whole ones before it, nothing thrown away."""

from pathlib import Path

import pytest

from teachloop.datasets.errors import LabelsDamaged, TakeMissing
from teachloop.datasets.labels.edits import SetNote, SetTags
from teachloop.datasets.labels.labels import LOG, Labels
from teachloop.datasets.labels.mending import SET_ASIDE, mend_labels
from teachloop.datasets.takes.trash import in_bin, put_in_bin, take_out_of_bin


@pytest.fixture
def folder(recording) -> Path:
    """A take with three revisions: notes *one*, *two* and *three*."""
    folder = recording.take(2).parent
    labels = Labels.open(folder)
    for revision, note in enumerate(("one", "two", "three")):
        labels.apply([SetNote(note)], revision, "Ada")
    return folder


def log_of(folder: Path) -> Path:
    return folder / "labels" / LOG


def damage(folder: Path) -> bytes:
    """The second line, by hand; returns the lines from there on."""
    log = log_of(folder)
    log.write_bytes(log.read_bytes().replace(b"two", b"2"))
    return b"".join(log.read_bytes().splitlines(keepends=True)[1:])


def test_it_goes_back_to_the_lines_before_the_damage_and_keeps_the_rest(folder: Path) -> None:
    rest = damage(folder)
    with pytest.raises(LabelsDamaged, match=r"line 2.*mend-labels"):
        Labels.open(folder)
    mended = mend_labels(folder)
    assert mended is not None
    assert (mended.revision, mended.lines) == (1, 2)
    assert "revision 1" in str(mended)
    assert (folder / "labels" / SET_ASIDE).read_bytes() == rest
    labels = Labels.open(folder)
    assert labels.snapshot.note == "one"
    labels.apply([SetNote("four")], 1, "Ada")
    assert Labels.open(folder).snapshot.note == "four"


def test_the_line_brought_back_from_a_copy_brings_all_back(folder: Path) -> None:
    whole = log_of(folder).read_bytes()
    damage(folder)
    mend_labels(folder)
    log_of(folder).write_bytes(whole)
    assert Labels.open(folder).snapshot.note == "three"


def test_a_revision_that_does_not_follow_is_damage_too(folder: Path) -> None:
    first, _, third = log_of(folder).read_bytes().splitlines(keepends=True)
    log_of(folder).write_bytes(first + third)
    mend_labels(folder)
    assert Labels.open(folder).snapshot.note == "one"


def test_whoever_has_the_labels_open_goes_on_with_the_mended_ones(folder: Path) -> None:
    labels = Labels.open(folder)
    damage(folder)
    mend_labels(folder)
    Labels.open(folder).apply([SetNote("a longer note than there was"), SetTags(("b",))], 1, "Bo")
    Labels.open(folder).apply([SetNote("another long note, so that it is longer")], 2, "Bo")
    assert labels.refresh().note == "another long note, so that it is longer"
    assert labels.apply([SetNote("mine")], 3, "Ada") == 4


def test_labels_in_order_and_a_take_without_labels_stay_as_they_are(folder: Path) -> None:
    before = log_of(folder).read_bytes()
    assert mend_labels(folder) is None
    log_of(folder).write_bytes(before + b'{"torn')
    assert mend_labels(folder) is None
    assert log_of(folder).read_bytes() == before + b'{"torn'
    log_of(folder).unlink()
    assert mend_labels(folder) is None
    with pytest.raises(TakeMissing):
        mend_labels(folder / "nowhere")


def test_a_take_with_damaged_labels_can_be_binned_and_brought_back(folder: Path) -> None:
    rest = damage(folder)
    put_in_bin(folder, "Ada")
    assert in_bin(folder)
    assert (folder / "labels" / SET_ASIDE).read_bytes() == rest
    take_out_of_bin(folder, "Ada")
    assert Labels.open(folder).snapshot.note == "one"


@pytest.mark.parametrize("damage", [b"\n", b"\r\n\r\n"])
def test_an_editor_that_ends_lines_in_its_own_way_damages_nothing(
    folder: Path, damage: bytes
) -> None:
    content = log_of(folder).read_bytes().replace(b"\n", b"\r\n")
    log_of(folder).write_bytes(b"\xef\xbb\xbf" + content + damage)
    labels = Labels.open(folder)
    assert labels.snapshot.note == "three"
    labels.apply([SetNote("four")], 3, "Ada")
    assert [entry.author for entry in Labels.open(folder).history()] == ["Ada"] * 4
    assert mend_labels(folder) is None
