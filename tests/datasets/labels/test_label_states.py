"""Whatever is said about a take by whomever, in whatever order, and whatever befalls its files: the
log is the truth, the snapshot's file is no more than a cache of it, every revision can be had back,
and damage is named by its line."""

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from teachloop.datasets.errors import LabelsDamaged, NoSuchRevision, StaleRevision
from teachloop.datasets.labels import edits as e
from teachloop.datasets.labels.label_values import Comment, ObjectLabel, Prompt, Segment
from teachloop.datasets.labels.labels import LOG, SNAPSHOT, Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.object_edits import ObjectExists
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.datasets.takes.take_folder import LABELS
from teachloop.labeler.diff import difference

TEXTS = st.text(max_size=12)
NAMES = st.sampled_from(["red cube", "赤い立方体", "é", "tray"])
SYNONYMS = st.sampled_from(["block", "ブロック", "platter"])
CAMERAS = st.sampled_from(["front", "wrist"])
FRAMES = st.integers(0, 3)
RLE = encode(np.tri(6, 8))
MASKS = st.builds(
    MaskRecord,
    rle=st.just(RLE),
    source=st.just(MaskSource.HUMAN),
    confidence=st.sampled_from([0.0, 0.5, 1.0]),
    locked=st.booleans(),
)
PROMPTS = st.builds(
    Prompt,
    camera=CAMERAS,
    frame=FRAMES,
    object=NAMES,
    kind=st.just("point"),
    values=st.sampled_from([(1.0, 2.5), (0.0, 0.0)]),
)
WORDS = ("instruction", "paraphrases", "objects", "synonyms")
REVIEWS = st.sampled_from(["open", "done", "approved", "returned"])
COMMENTS = st.builds(
    Comment, author=NAMES, time=st.just("2027-03-03T10:00:00+00:00"), review=REVIEWS, text=NAMES
)
EDIT: st.SearchStrategy[e.Edit] = st.one_of(
    st.builds(e.SetInstruction, st.none() | TEXTS),
    st.builds(e.SetParaphrases, st.lists(TEXTS, max_size=2).map(tuple)),
    st.builds(e.SetObjects, st.lists(st.builds(ObjectLabel, NAMES, st.booleans())).map(tuple)),
    st.builds(e.SetSegments, st.lists(st.builds(Segment, FRAMES, st.just(9), TEXTS)).map(tuple)),
    st.builds(e.SetTrim, st.none() | st.just(e.Trim(3, 9))),
    st.builds(e.SetSuccess, st.none() | st.booleans()),
    st.builds(e.SetDeleted, st.booleans()),
    st.builds(e.SetReview, REVIEWS),
    st.builds(e.AddComment, COMMENTS),
    st.builds(e.RemoveComment, COMMENTS),
    st.builds(e.SetNote, TEXTS),
    st.builds(e.SetTags, st.lists(TEXTS, max_size=2).map(tuple)),
    st.builds(e.SetSynonyms, NAMES | st.just("renamed"), st.lists(SYNONYMS, max_size=2).map(tuple)),
    st.builds(e.RenameObject, NAMES, st.just("renamed")),
    st.builds(e.RenameObject, st.just("renamed"), NAMES),
    st.builds(e.SetMask, CAMERAS, FRAMES, NAMES, MASKS),
    st.builds(e.DeleteMask, CAMERAS, FRAMES, NAMES),
    st.builds(e.LockMask, CAMERAS, FRAMES, NAMES, st.booleans()),
    st.builds(e.AddPrompt, PROMPTS),
    st.builds(e.RemovePrompt, PROMPTS),
)
AUTHORS = st.sampled_from(["Ada", "赤", ""])


class People(RuleBasedStateMachine):
    """Two processes with the same labels open, and a disk."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.one, self.other = Labels.open(self.folder), Labels.open(self.folder)
        self.said = [Snapshot()]  # by revision

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @property
    def log(self) -> Path:
        return self.folder / LABELS / LOG

    @property
    def written(self) -> bytes:
        return self.log.read_bytes() if self.log.exists() else b""

    @rule(edits=st.lists(EDIT, min_size=1, max_size=4), author=AUTHORS)
    def say(self, edits: list[e.Edit], author: str) -> None:
        revision, before = len(self.said), self.written
        try:
            assert self.one.apply(edits, revision - 1, author) == revision
        except ObjectExists:
            assert self.written == before
            return
        self.said.append(self.one.snapshot)
        assert self.one.history()[-1].edits == tuple(edits)

    @precondition(lambda self: len(self.said) > 1)
    @rule(edit=EDIT)
    def the_other_has_not_heard_of_it(self, edit: e.Edit) -> None:
        before = self.log.read_bytes()
        with pytest.raises(StaleRevision):
            self.other.apply([edit], len(self.said) - 2, "late")
        assert self.log.read_bytes() == before

    @rule()
    def they_change_places(self) -> None:
        self.other.refresh()
        self.one, self.other = self.other, self.one

    @rule(back=st.integers(0, 5))
    def go_back(self, back: int) -> None:
        revision = max(0, len(self.said) - 1 - back)
        self.one.refresh()
        self.one.restore(revision, len(self.said) - 1, "Ada")
        wanted = replace(self.said[revision], revision=len(self.said))
        assert self.one.snapshot == wanted
        self.said.append(wanted)

    @rule()
    def nobody_goes_back_to_what_was_never_said(self) -> None:
        before = self.written
        self.one.refresh()
        with pytest.raises(NoSuchRevision):
            self.one.restore(len(self.said), len(self.said) - 1, "Ada")
        assert self.written == before

    @precondition(lambda self: len(self.said) > 1)
    @rule(back=st.integers(1, 4))
    def undo(self, back: int) -> None:
        """By edits, as a page's undo does it: without locks, which are the person's own."""
        wanted = self.said[max(0, len(self.said) - 1 - back)]
        now = self.one.refresh()
        edits = difference(now, wanted)
        if edits:
            self.say(edits, "Ada")
        for name in (*WORDS, "segments", "success", "masks"):
            assert getattr(self.one.snapshot, name) == getattr(wanted, name)
        for name in ("prompts", "comments"):
            kept, meant = (getattr(each, name) for each in (self.one.snapshot, wanted))
            assert sorted(map(repr, kept)) == sorted(map(repr, meant))

    @rule()
    def cache(self) -> None:
        self.one.refresh()
        (self.folder / LABELS).mkdir(exist_ok=True)
        self.one.save_snapshot()

    @rule(content=st.sampled_from([b"", b"{}", b"[]", b"null", b'{"log_bytes": 0}', b"\xff"]))
    def the_cache_is_damaged(self, content: bytes) -> None:
        (self.folder / LABELS).mkdir(exist_ok=True)
        (self.folder / LABELS / SNAPSHOT).write_bytes(content)

    @rule()
    def the_cache_is_removed(self) -> None:
        (self.folder / LABELS / SNAPSHOT).unlink(missing_ok=True)

    @precondition(lambda self: self.log.exists())
    @rule(content=st.sampled_from([b"{", b'{"revision":99,"base"', b"\xff\xfe", b"\x00"]))
    def a_crash_tears_the_last_line(self, content: bytes) -> None:
        size = self.log.stat().st_size
        with self.log.open("ab") as file:
            file.write(content)
        assert Labels.open(self.folder).snapshot == self.said[-1]
        os.truncate(self.log, size)

    @precondition(lambda self: len(self.said) > 1)
    @rule(place=st.floats(0, 1), bit=st.integers(0, 7))
    def damage_is_named_by_its_line(self, place: float, bit: int) -> None:
        whole = self.log.read_bytes()
        at = min(len(whole) - 2, int(place * len(whole)))
        if whole[at] ^ (1 << bit) == 0x0A or whole[at] == 0x0A:
            return
        line = whole[:at].count(b"\n") + 1
        self.log.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :])
        (self.folder / LABELS / SNAPSHOT).unlink(missing_ok=True)
        with pytest.raises(LabelsDamaged, match=f"damaged in line {line}:"):
            Labels.open(self.folder)
        self.log.write_bytes(whole)

    @rule(back=st.integers(0, 5))
    def an_earlier_revision_is_had_back(self, back: int) -> None:
        revision = max(0, len(self.said) - 1 - back)
        assert Labels.open(self.folder).at(revision) == self.said[revision]

    @invariant()
    def who_opens_them_anew_reads_what_was_said_last(self) -> None:
        assert Labels.open(self.folder).snapshot == self.said[-1]


TestPeople = People.TestCase
TestPeople.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, database=None
)
