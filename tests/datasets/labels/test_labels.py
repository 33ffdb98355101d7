"""Labels: no edit is lost, none is merged silently, every revision can be had back."""

import json
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest
from pydantic import JsonValue

from teachloop.datasets.errors import (
    LabelsDamaged,
    LabelsUnreadable,
    NoSuchRevision,
    StaleRevision,
    TakeMissing,
)
from teachloop.datasets.labels import edits as e
from teachloop.datasets.labels.edit_log import EditLog, Entry, Part
from teachloop.datasets.labels.label_values import Comment, ObjectLabel, Prompt
from teachloop.datasets.labels.labels import LOG, SNAPSHOT, Labels, read_snapshot
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.datasets.takes.check import check

APPEND = """
import pathlib, sys
from teachloop.datasets.labels.edits import SetNote
from teachloop.datasets.errors import StaleRevision
from teachloop.datasets.labels.labels import Labels
labels = Labels.open(pathlib.Path(sys.argv[1]))
for number in range(20):
    while True:
        try:
            labels.apply([SetNote(f"{sys.argv[2]} {number}")], labels.revision, sys.argv[2])
            break
        except StaleRevision:
            labels.refresh()
"""


def mask(source: MaskSource = MaskSource.HUMAN, *, locked: bool = False) -> MaskRecord:
    inside = np.zeros((24, 32), bool)
    inside[3:9, 4:20] = True
    return MaskRecord(rle=encode(inside), source=source, confidence=0.5, locked=locked)


CLICK = Prompt(camera="front", frame=3, object="red cube", kind="point", values=(4.5, 7.25))
BOX = Prompt(
    camera="wrist",
    frame=3,
    object="red cube",
    kind="box",
    values=(1, 2, 3, 4),
    source=MaskSource.PROJECTED,
)
DONE = Comment(author="Ada", time="2027-03-03T10:00:00+00:00", review="done")
BACK = Comment(author="赤", time="2027-03-03T11:00:00+00:00", review="returned", text="slips at 40")
EVERYTHING: list[e.Edit] = [
    e.SetInstruction("pick up the red cube 赤"),
    e.SetParaphrases(("grasp it", "nimm ihn")),
    e.SetObjects((ObjectLabel("cube", target=True), ObjectLabel("blue ball"))),
    e.SetMask("front", 3, "red cube", mask()),
    e.SetMask("front", 4, "red cube", mask(MaskSource.PROPAGATED)),
    e.SetMask("front", 5, "cube", mask()),
    e.RenameObject("cube", "red cube"),
    e.SetSynonyms("red cube", ("block", "赤いブロック")),
    e.DeleteMask("front", 5, "red cube"),
    e.LockMask("front", 3, "red cube", True),
    e.AddPrompt(CLICK),
    e.AddPrompt(BOX),
    e.AddPrompt(CLICK),
    e.RemovePrompt(CLICK),
    e.SetSegments((e.Segment(0, 50, "reach"), e.Segment(50, 90, "lift"))),
    e.SetTrim(e.Trim(10, 80)),
    e.SetSuccess(True),
    e.SetDeleted(True),
    e.SetReview("done"),
    e.AddComment(DONE),
    e.AddComment(BACK),
    e.AddComment(DONE),
    e.RemoveComment(DONE),
    e.SetPartly(True),  # of a failure alone
    e.SetNote("slow"),
    e.SetTags(("night", "window")),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_every_edit_is_there_after_opening_again(folder: Path) -> None:
    assert Labels.open(folder).apply(EVERYTHING, 0, "Ada") == 1
    said = Labels.open(folder).snapshot
    assert said == Snapshot(
        revision=1,
        instruction="pick up the red cube 赤",
        paraphrases=("grasp it", "nimm ihn"),
        objects=(ObjectLabel("red cube", target=True), ObjectLabel("blue ball")),
        synonyms={"red cube": ("block", "赤いブロック")},
        masks={
            ("front", 3, "red cube"): mask(locked=True),
            ("front", 4, "red cube"): mask(MaskSource.PROPAGATED),
        },
        prompts=(CLICK, BOX),
        trim=e.Trim(10, 80),
        segments=(e.Segment(0, 50, "reach"), e.Segment(50, 90, "lift")),
        success=True,
        deleted=True,
        review="done",
        comments=(DONE, BACK),
        note="slow",
        tags=("night", "window"),
    )
    assert said.targets == ("red cube",)
    assert {edit.kind for edit in EVERYTHING} | {"restore"} == set(e.EDITS)


def test_snapshot_file_holds_what_the_log_holds(folder: Path) -> None:
    labels = Labels.open(folder)
    labels.apply(EVERYTHING, 0, "Ada")
    labels.save_snapshot()
    labels.apply([e.SetNote("later")], 1, "Ada")
    with_file = Labels.open(folder).snapshot
    (folder / "labels" / SNAPSHOT).unlink()
    assert Labels.open(folder).snapshot == with_file == labels.snapshot


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"log_bytes": 10, "log_crc32": 1}', "\0\0"])
def test_damaged_snapshot_file_is_not_believed(folder: Path, content: str) -> None:
    labels = Labels.open(folder)
    labels.apply(EVERYTHING, 0, "Ada")
    (folder / "labels" / SNAPSHOT).write_text(content)
    assert Labels.open(folder).snapshot == labels.snapshot


def test_labels_of_an_unlabeled_take_are_empty_and_make_no_file(folder: Path) -> None:
    assert Labels.open(folder).snapshot == Snapshot()
    assert list(folder.iterdir()) == []
    with pytest.raises(TakeMissing):
        Labels.open(folder / "nowhere")


def test_stale_edit_is_refused_and_names_the_current_revision(folder: Path) -> None:
    ours, theirs = Labels.open(folder), Labels.open(folder)
    theirs.apply([e.SetNote("theirs")], 0, "Grace")
    with pytest.raises(StaleRevision, match="at 1 now") as refused:
        ours.apply([e.SetNote("ours")], 0, "Ada")
    assert refused.value.current == 1
    assert Labels.open(folder).snapshot.note == "theirs"
    assert ours.apply([e.SetNote("ours")], 1, "Ada") == 2


def test_refresh_sees_what_others_wrote(folder: Path) -> None:
    ours, theirs = Labels.open(folder), Labels.open(folder)
    theirs.apply([e.SetNote("theirs")], 0, "Grace")
    assert ours.revision == 0
    assert ours.refresh().note == "theirs"


def test_earlier_revision_is_restored_by_a_new_one(folder: Path) -> None:
    labels = Labels.open(folder)
    labels.apply(EVERYTHING, 0, "Ada")
    labels.apply([e.SetNote("worse"), e.DeleteMask("front", 3, "red cube")], 1, "Ada")
    first = labels.at(1)
    assert labels.restore(1, 2, "Grace") == 3
    assert labels.at(2).note == "worse"
    labels.restore(2, 3)
    labels.restore(3, 4)
    for said in (labels.snapshot, Labels.open(folder).snapshot, labels.at(5)):
        assert said.masks == first.masks
        assert (said.note, said.revision) == ("slow", 5)
    assert [entry.author for entry in labels.history()] == ["Ada", "Ada", "Grace", "", ""]


def test_revision_that_never_was_cannot_be_restored(folder: Path) -> None:
    labels = Labels.open(folder)
    labels.apply([e.SetNote("a")], 0, "Ada")
    for revision in (-1, 2):
        with pytest.raises(NoSuchRevision):
            labels.restore(revision, 1)
        with pytest.raises(NoSuchRevision):
            labels.at(revision)
    assert Labels.open(folder).revision == 1


def test_nothing_but_a_person_changes_a_locked_mask(folder: Path) -> None:
    labels = Labels.open(folder)
    labels.apply([e.SetMask("front", 3, "red cube", mask(locked=True))], 0, "Ada")
    propagated = e.SetMask("front", 3, "red cube", mask(MaskSource.PROPAGATED))
    with pytest.raises(e.MaskLocked, match="front frame 3"):
        labels.apply([e.SetNote("batch"), propagated], 1, "program")
    assert Labels.open(folder).revision == 1
    labels.apply([e.SetMask("front", 3, "red cube", mask())], 1, "Ada")


def test_torn_last_line_is_ignored_then_set_aside(folder: Path) -> None:
    labels = Labels.open(folder)
    labels.apply([e.SetNote("one")], 0, "Ada")
    labels.apply([e.SetNote("two")], 1, "Ada")
    log = folder / "labels" / LOG
    whole = log.read_bytes()
    for cut in range(whole.index(b"\n") + 1, len(whole)):
        log.write_bytes(whole[:cut])
        assert Labels.open(folder).snapshot.note == "one"
    reopened = Labels.open(folder)
    reopened.apply([e.SetNote("three")], 1, "Ada")
    assert Labels.open(folder).snapshot.note == "three"
    assert check_labels(folder) == []
    assert b"two" in (folder / "labels" / "torn.jsonl").read_bytes()


def check_labels(folder: Path) -> list[str]:
    return [fault.what for fault in check(folder) if "labels" in str(fault.path)]


def test_damaged_earlier_line_is_named_and_nothing_is_overwritten(folder: Path) -> None:
    labels = Labels.open(folder)
    labels.apply([e.SetNote("one")], 0, "Ada")
    labels.apply([e.SetNote("two")], 1, "Ada")
    log = folder / "labels" / LOG
    damaged = log.read_bytes().replace(b"one", b"0ne")
    log.write_bytes(damaged)
    with pytest.raises(LabelsDamaged, match="line 1"):
        Labels.open(folder)
    assert log.read_bytes() == damaged


def test_two_processes_lose_no_edit(folder: Path) -> None:
    children = [
        subprocess.Popen([sys.executable, "-c", APPEND, str(folder), name]) for name in "ab"
    ]
    assert [child.wait(120) for child in children] == [0, 0]
    entries = Labels.open(folder).history()
    assert [entry.revision for entry in entries] == list(range(1, 41))
    for name in "ab":
        notes = [entry.edits[0] for entry in entries if entry.author == name]
        assert notes == [e.SetNote(f"{name} {number}") for number in range(20)]


def test_a_batch_of_300_masks_and_an_opening_of_2000_do_not_make_anybody_wait(folder: Path) -> None:
    labels = Labels.open(folder)
    saved = []
    for batch in range(7):
        frames = range(300 * batch, 300 * batch + 300)
        batch_edits = [e.SetMask("front", frame, "red cube", mask()) for frame in frames]
        begin = time.process_time()
        labels.apply(batch_edits, labels.revision, "program")
        saved.append(time.process_time() - begin)
    begin = time.process_time()
    assert len(Labels.open(folder).snapshot.masks) == 2100
    opened = time.process_time() - begin
    assert np.median(saved) < 0.25
    assert opened < 0.5


def lines(folder: Path, *entries: dict[str, JsonValue] | Entry) -> Path:
    """A log of these lines, each with the checksum that fits."""
    log = folder / "labels" / LOG
    log.parent.mkdir(exist_ok=True)
    log.write_bytes(b"".join(_line(each) for each in entries))
    return folder


def _line(entry: dict[str, JsonValue] | Entry) -> bytes:
    if isinstance(entry, Entry):
        return entry.to_line()
    text = json.dumps(entry).encode()[:-1]
    return b'%s,"crc32":"%08x"}\n' % (text, zlib.crc32(text))


def entry(revision: int, base: int | None = None) -> Entry:
    said = (e.SetNote(str(revision)),)
    base = revision - 1 if base is None else base
    return Entry(revision=revision, base=base, author="Ada", time="2027-03-03", edits=said)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ((entry(1), entry(3)), "line 2: revision 3 of 2 follows 1"),
        ((entry(1), entry(2), entry(2)), "line 3: revision 2 of 1 follows 2"),
        ((entry(2),), "line 1: revision 2 of 1 follows 0"),
        ((entry(1), entry(2, base=0)), "line 2: revision 2 of 0 follows 1"),
    ],
)
def test_revisions_that_do_not_follow_are_named_by_their_line(
    folder: Path, entries: tuple[Entry, ...], said: str
) -> None:
    with pytest.raises(LabelsDamaged, match=said):
        Labels.open(lines(folder, *entries))


WHOLE: dict[str, JsonValue] = {
    "revision": 1, "base": 0, "author": "Ada", "time": "2027-03-03", "edits": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"more": 1}, "it must be a map of author, base, edits, revision, time"),
        ({"edits": None}, "its edits are"),
        ({"edits": "all"}, "its edits are"),
        ({"revision": -1}, "revision"),
        ({"base": 0.5}, "base"),
        ({"author": 1}, "author"),
        ({"time": None}, "time"),
    ],
)
def test_a_line_with_a_right_checksum_may_still_be_no_revision(
    folder: Path, change: dict[str, JsonValue], said: str
) -> None:
    assert Labels.open(lines(folder, WHOLE)).revision == 1
    with pytest.raises(LabelsDamaged, match=f"line 1: not an edit .*{said}"):
        Labels.open(lines(folder, WHOLE | change))


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_nothing_of_a_line_may_be_left_out(folder: Path, name: str) -> None:
    fewer = {key: value for key, value in WHOLE.items() if key != name}
    with pytest.raises(LabelsDamaged, match="it must be a map of"):
        Labels.open(lines(folder, fewer))
    log = folder / "labels" / LOG
    log.write_bytes(log.read_bytes().replace(b"{", b"[", 1))
    with pytest.raises(LabelsDamaged, match="line 1: its checksum differs"):
        Labels.open(folder)


def test_the_snapshot_file_is_used_while_it_is_the_log_s(folder: Path) -> None:
    labels = Labels.open(folder)
    labels.apply(EVERYTHING, 0, "Ada")
    assert read_snapshot(folder / "labels") is None, "so few edits are replayed"
    labels.save_snapshot()
    size = (folder / "labels" / LOG).stat().st_size
    assert read_snapshot(folder / "labels") == (labels.snapshot, size)
    labels.apply([e.SetNote("later")], 1, "Ada")
    kept = read_snapshot(folder / "labels")
    assert kept is not None
    assert (kept[0].note, kept[1]) == ("slow", size)
    lines(folder, entry(1))
    assert read_snapshot(folder / "labels") is None


def test_an_opening_never_replays_more_than_half_a_megabyte(folder: Path) -> None:
    labels, log = Labels.open(folder), folder / "labels" / LOG
    note, sizes = "x" * 40_000, []
    for number in range(30):
        labels.apply([e.SetNote(f"{number} {note}")], number, "Ada")
        kept = read_snapshot(folder / "labels")
        sizes.append(log.stat().st_size - (0 if kept is None else kept[1]))
    assert max(sizes) <= 500_000
    assert max(sizes) > 400_000
    assert Labels.open(folder).snapshot == labels.snapshot


def test_a_log_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    log = EditLog(tmp_path / LOG)
    assert (log.size(), log.read_bytes(), log.read().entries) == (0, b"", ())
    assert log.read_settled() == Part((), 0)
    assert list(log.entries()) == []


def test_a_log_that_the_system_does_not_give_is_named(tmp_path: Path) -> None:
    (tmp_path / "labels").write_text("a file in the place of the folder")
    log = EditLog(tmp_path / "labels" / LOG)
    for ask in (log.size, log.read_bytes, log.read_settled, lambda: log.appending().__enter__()):
        with pytest.raises(LabelsUnreadable, match="cannot be read or written"):
            ask()
