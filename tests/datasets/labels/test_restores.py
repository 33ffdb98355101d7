"""Going back to an earlier revision, and back again, however often."""

import json
import re
import time
import zlib
from pathlib import Path

import pytest

from teachloop.datasets.errors import LabelsDamaged, NoSuchRevision
from teachloop.datasets.labels.edits import Restore, SetNote
from teachloop.datasets.labels.labels import LOG, SNAPSHOT, Labels
from teachloop.datasets.takes.take_folder import LABELS

TIMES = 60


def test_going_back_again_and_again_takes_no_longer_than_it_is_often(tmp_path: Path) -> None:
    """Each restore goes back to the one before it: a reader that follows every one anew takes twice
    as long for each."""
    labels = Labels.open(tmp_path)
    labels.apply([SetNote("first")], 0, "Ada")
    began = time.process_time()
    for revision in range(1, TIMES):
        labels.restore(revision, revision, "Ada")
    assert Labels.open(tmp_path).snapshot.note == "first"
    assert Labels.open(tmp_path).at(TIMES).note == "first"
    assert time.process_time() - began < 5.0


def test_two_steps_back_in_one_revision(tmp_path: Path) -> None:
    labels = Labels.open(tmp_path)
    for number in range(3):
        labels.apply([SetNote(str(number))], number, "Ada")
    labels.apply([Restore(1), Restore(2)], 3, "Ada")
    assert labels.snapshot.note == Labels.open(tmp_path).snapshot.note == "1"


@pytest.mark.parametrize("revision", [2, 3, -1])
def test_nobody_goes_back_to_what_is_not_there(tmp_path: Path, revision: int) -> None:
    labels = Labels.open(tmp_path)
    labels.apply([SetNote("first")], 0, "Ada")
    with pytest.raises(NoSuchRevision):
        labels.restore(revision, 1, "Ada")
    assert Labels.open(tmp_path).revision == 1


@pytest.mark.parametrize(
    "said", [{"revision": [1] * 1000}, {"base": None}, {"base": True}, {"author": 5}, {"time": []}]
)
def test_a_line_of_other_types_is_damage_in_a_few_words(
    tmp_path: Path, said: dict[str, object]
) -> None:
    entry = {"revision": 1, "base": 0, "author": "Ada", "time": "2027-03-03T00:00:00+00:00"}
    text = json.dumps({**entry, **said, "edits": []}).encode()[:-1]
    (tmp_path / LABELS).mkdir()
    line = b'%s,"crc32":"%08x"}\n' % (text, zlib.crc32(text))
    (tmp_path / LABELS / LOG).write_bytes(line)
    with pytest.raises(LabelsDamaged, match=next(iter(said))) as refused:
        Labels.open(tmp_path)
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"revision": 1}', "it must be a map of author, base, edits, revision, time"),
        (b'{**, "edits": {}}', "its edits are a map and no list"),
        (b'{**, "edits": [null]}', "an edit is a map, not nothing"),
        (b'{**, "edits": [{"kind": "dance"}]}', "no edit of kind 'dance'"),
        (b'{**, "edits": [], "a\\ud800": 1}', "it must be a map"),
    ],
)
def test_a_line_that_is_no_edit_says_what_one_is(tmp_path: Path, line: bytes, words: str) -> None:
    head = b'"revision": 1, "base": 0, "author": "Ada", "time": "2027-03-03T00:00:00+00:00"'
    text = line.replace(b"**", head)[:-1]
    (tmp_path / LABELS).mkdir()
    sealed = b'%s,"crc32":"%08x"}\n' % (text, zlib.crc32(text))
    (tmp_path / LABELS / LOG).write_bytes(sealed)
    with pytest.raises(LabelsDamaged, match=re.escape(words)) as refused:
        Labels.open(tmp_path)
    assert str(refused.value).encode()


def test_a_cached_snapshot_with_half_a_character_is_none(tmp_path: Path) -> None:
    labels = Labels.open(tmp_path)
    labels.apply([SetNote("first")], 0, "Ada")
    labels.save_snapshot()
    path = tmp_path / LABELS / SNAPSHOT
    path.write_text(path.read_text("utf-8").replace('"first"', '"\\ud800"'), "utf-8")
    assert Labels.open(tmp_path).snapshot.note == "first"
