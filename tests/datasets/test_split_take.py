"""A take that holds two attempts becomes two, with all that was recorded and said of each part."""

from pathlib import Path

import numpy as np
import pytest
from full_takes import full_take
from numbered_takes import START_NS, NumberedTake, numbered_take

from teachloop.datasets.archive_take import archive_take
from teachloop.datasets.catalog import Catalog
from teachloop.datasets.errors import TakeRefused
from teachloop.datasets.labels.edits import (
    SetInstruction,
    SetMask,
    SetNote,
    SetSegments,
    SetSuccess,
    SetTags,
)
from teachloop.datasets.labels.item_edits import AddPrompt
from teachloop.datasets.labels.label_values import ObjectLabel, Prompt, Segment
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.object_edits import SetObjects, SetSynonyms
from teachloop.datasets.split_take import NoPart, split_take
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.trash import in_bin, take_out_of_bin

TICKS, AT = 60, 25
TICK_NS = 50_000_000
HOW = NumberedTake(ticks=TICKS, dropped={"front": {7, 30}})


def at(tick: float) -> int:
    return START_NS + round(tick * TICK_NS)


def mask(seed: int) -> MaskRecord:
    drawn = np.random.default_rng(seed).random((72, 96)) > 0.5
    return MaskRecord(rle=encode(drawn), source=MaskSource.HUMAN)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    clicks = [
        Prompt(camera="wrist", frame=frame, object="cup", kind="point", values=(3.0, 4.0))
        for frame in (2, 40)
    ]
    numbered_take(
        tmp_path, "20260101-000000-0000", HOW,
        SetInstruction("first lift, then push"), SetSuccess(True), SetTags(("spring",)),
        SetNote("two in one"), SetObjects((ObjectLabel("cup", True),)),
        SetSynonyms("cup", ("mug",)), *(AddPrompt(click) for click in clicks),
        *(SetMask("wrist", frame, "cup", mask(frame)) for frame in (24, 25, 59)),
        SetSegments((Segment(at(5), at(20), "lift"), Segment(at(20), at(50), "push"))),
    )  # fmt: skip
    return tmp_path


WHOLE = "20260101-000000-0000"


def opened(data: Path, take: str) -> Take:
    return Take.open(data / "takes" / take)


def said(data: Path, take: str):
    return Labels.open(data / "takes" / take).snapshot


def test_each_part_holds_what_was_recorded_in_it(data: Path) -> None:
    parts = split_take(data, WHOLE, at(AT), "Ada")
    with opened(data, WHOLE) as whole, opened(data, parts[0]) as one, opened(data, parts[1]) as two:
        for name in ("time_ns", "joint_positions_rad", "ee_pose", "gripper_width_m"):
            both = [getattr(each.robot, name) for each in (one, two)]
            np.testing.assert_array_equal(np.concatenate(both), getattr(whole.robot, name))
        for name in ("time_ns", "applied_pose", "decided_by", "applied_gripper"):
            both = [getattr(each.actions, name) for each in (one, two)]
            np.testing.assert_array_equal(np.concatenate(both), getattr(whole.actions, name))
        assert len(one.actions.time_ns) == AT
        for camera, frames in whole.frames.items():
            jpegs = [whole.jpeg(camera, index) for index in range(len(frames))]
            both = [(part, n) for part in (one, two) for n in range(len(part.frames[camera]))]
            assert [part.jpeg(camera, index) for part, index in both] == jpegs
        assert (one.info.take_id, two.info.take_id) == parts
        assert (one.info.duration_s, two.info.duration_s) == (1.25, 1.7)
        assert two.info.created == "2026-11-22T15:43:13.250000+00:00"
        assert (one.info.operator, one.info.instruction) == ("Ada", whole.info.instruction)


def test_each_part_is_whole_and_listed(data: Path) -> None:
    parts = split_take(data, WHOLE, at(AT), "Ada")
    assert not any(check(data / "takes" / part) for part in parts)
    with Catalog(data) as catalog:
        catalog.refresh()
        assert {row.take_id for row in catalog.takes()} == set(parts)
    assert not [path for path in (data / "takes").iterdir() if path.name.startswith(".")]


def test_what_was_said_goes_with_the_part_that_it_is_of(data: Path) -> None:
    one, two = (said(data, part) for part in split_take(data, WHOLE, at(AT), "Ada"))
    for each in (one, two):
        assert (each.instruction, each.tags) == ("first lift, then push", ("spring",))
        assert each.note == f"two in one\nSplit from take {WHOLE}."
        assert each.success is None, "of a part nobody said it"
        assert dict(each.synonyms) == {"cup": ("mug",)}
    assert list(one.masks) == [("wrist", 24, "cup")]
    assert list(two.masks) == [("wrist", 0, "cup"), ("wrist", 34, "cup")]
    assert two.masks["wrist", 34, "cup"] == mask(59)
    assert [click.frame for click in one.prompts] == [2]
    assert [click.frame for click in two.prompts] == [15]
    assert [(s.text, s.start_ns, s.end_ns) for s in one.segments] == [
        ("lift", at(5), at(20)),
        ("push", at(20), at(AT)),
    ]
    assert [(s.text, s.start_ns, s.end_ns) for s in two.segments] == [("push", at(AT), at(50))]


def test_the_whole_is_in_the_bin_and_comes_back(data: Path) -> None:
    before = (data / "takes" / WHOLE / "take.h5").read_bytes()
    split_take(data, WHOLE, at(AT), "Ada")
    assert in_bin(data / "takes" / WHOLE)
    take_out_of_bin(data / "takes" / WHOLE, "Ada")
    assert (data / "takes" / WHOLE / "take.h5").read_bytes() == before


def test_depth_events_and_the_simulator_s_states_are_split_as_well(tmp_path: Path) -> None:
    full_take(tmp_path)
    middle = START_NS + 6 * TICK_NS
    parts = split_take(tmp_path, "full", middle, "Ada")
    with opened(tmp_path, "full") as whole:
        events = [(each.time_ns, each.text) for each in whole.events]
        depth = [whole.depth_image("wrist", n).sum() for n in range(len(whole.depths["wrist"]))]
    found, found_depth = [], []
    for part in parts:
        with opened(tmp_path, part) as take:
            found += [(each.time_ns, each.text) for each in take.events]
            rows = range(len(take.depths["wrist"]))
            found_depth += [take.depth_image("wrist", n).sum() for n in rows]
            assert set(take.depths["wrist"].number) <= set(take.frames["wrist"].number)
    assert found == events
    assert found_depth == depth


@pytest.mark.parametrize("moment", [0, at(0), at(TICKS + 5)])
def test_where_one_side_would_be_empty_nothing_is_split(data: Path, moment: int) -> None:
    with pytest.raises(NoPart):
        split_take(data, WHOLE, moment, "Ada")
    assert [path.name for path in (data / "takes").iterdir()] == [WHOLE]
    assert not in_bin(data / "takes" / WHOLE)


def test_an_archived_take_is_refused(data: Path) -> None:
    archive_take(data / "takes" / WHOLE)
    with pytest.raises(TakeRefused, match="archived"):
        split_take(data, WHOLE, at(AT), "Ada")
