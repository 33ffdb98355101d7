"""Frames are looked at before anybody clicks in them, and nobody waits for that."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, TICKS, draw_take
from label_service import MADE_UP, Page
from made_up_methods import Deliberate, Keepers

from teachloop.datasets.labels.edits import SetMask
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.takes.computed import computed_folder
from teachloop.datasets.takes.trash import put_in_bin
from teachloop.labeler.frame_order import frames_ahead
from teachloop.labeler.look_ahead import LOOK_AHEAD
from teachloop.labeler.session import LabelingSession
from teachloop.labeler.take_frames import TakeFrames

CAMERAS = ("front", "wrist")


@pytest.fixture(autouse=True)
def nobody_looked() -> Iterator[None]:
    Keepers.may_compute.set()
    Keepers.computing.clear()
    Keepers.computed.clear()
    Keepers.given_up.clear()
    yield
    Keepers.may_compute.set()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    for seed, take in enumerate(("one", "two")):
        draw_take(tmp_path, take, labeled=False, wandering=seed)
    page = Page(tmp_path)
    yield page
    Keepers.may_compute.set()
    page.service.close()


def shown(page: Page, frame: int = 0, take: str = "one", segmenter: str = "keepers") -> None:
    places = [{"camera": camera, "frame": frame} for camera in CAMERAS]
    page.act("show", take, frames=places, segmenter=segmenter)


def kept(data: Path, take: str = "one") -> int:
    return len(list(computed_folder(data / "takes" / take).glob("*")))


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_at_work() -> bool:
    return LOOK_AHEAD in [thread.name for thread in threading.enumerate()]


def images(data: Path, take: str = "one") -> list[bytes]:
    with TakeFrames.open(data / "takes" / take) as frames:
        return [frames.image("front", index).tobytes() for index in range(TICKS)]


def test_all_frames_of_all_cameras_are_looked_at_the_nearest_first(
    page: Page, tmp_path: Path
) -> None:
    """Both cameras of the drawn take see the same, so one look serves both."""
    there = images(tmp_path)
    shown(page, 7)
    until(lambda: kept(tmp_path) == TICKS)
    order = [there.index(image) for image in Keepers.computed]
    assert sorted(order) == list(range(TICKS))
    assert [abs(each - 7) for each in order] == sorted(abs(each - 7) for each in order)


def test_where_somebody_clicked_or_a_mask_is_unsure_comes_before_what_is_nearer(
    page: Page, tmp_path: Path
) -> None:
    click: dict[str, Any] = {"camera": "front", "object": "cup", "x": 9.0, "y": 9.0}
    page.act("click", **click, frame=15, segmenter="squares")
    labels = Labels.open(tmp_path / "takes" / "one")
    for frame, confidence in ((3, 0.3), (4, 0.9)):
        mask = MaskRecord(
            rle=encode(np.eye(SIDE)), source=MaskSource.PROPAGATED, confidence=confidence
        )
        labels.apply([SetMask("wrist", frame, "cup", mask)], labels.revision, "test")
    with LabelingSession.open(tmp_path / "takes" / "one") as session:
        order = frames_ahead(session.take_frames, session.snapshot, [("wrist", 1), ("gone", 0)])
    assert order[:5] == [("wrist", 1), ("wrist", 3), ("front", 15), ("front", 1), ("front", 0)]
    assert len(order) == len(set(order)) == 2 * TICKS


def test_where_the_hand_grasps_is_likely_too(session: LabelingSession) -> None:
    frames = session.take_frames
    (grasp,) = frames.motion.grasps()
    order = frames_ahead(frames, session.snapshot, [("front", 0)])
    nearest = [(camera, int(abs(times - grasp.start_ns).argmin()))
               for camera, times in frames.times_ns.items()]  # fmt: skip
    assert order[0] == ("front", 0)
    assert sorted(order[1:3]) == sorted(nearest)


def test_a_click_on_a_frame_that_was_looked_at_gets_its_mask_at_once(
    page: Page, tmp_path: Path
) -> None:
    shown(page)
    until(lambda: kept(tmp_path) == TICKS)
    click = page.act("click", camera="front", frame=9, object="cup", x=9.0, y=9.0,
                     segmenter="keepers")  # fmt: skip
    assert not click.provisional
    assert len(Keepers.computed) == TICKS


def test_a_click_elsewhere_does_not_wait_for_a_look_that_was_begun(
    page: Page, tmp_path: Path
) -> None:
    there = images(tmp_path)
    Keepers.may_compute.clear()
    shown(page)
    assert Keepers.computing.wait(30)
    page.act("click", camera="front", frame=9, object="cup", x=9.0, y=9.0, segmenter="keepers")
    until(lambda: Keepers.given_up)
    Keepers.may_compute.set()
    until(lambda: kept(tmp_path) == TICKS)
    assert there.index(Keepers.computed[0]) == 9
    assert [there.index(image) for image in Keepers.given_up] == [0]
    assert len(Keepers.computed) == TICKS


def test_a_click_on_the_frame_that_is_looked_at_shares_that_look(
    page: Page, tmp_path: Path
) -> None:
    there = images(tmp_path)
    Keepers.may_compute.clear()
    shown(page)
    assert Keepers.computing.wait(30)
    page.act("click", camera="front", frame=0, object="cup", x=9.0, y=9.0, segmenter="keepers")
    Keepers.may_compute.set()
    until(lambda: not page.act("read").provisional)
    until(lambda: kept(tmp_path) == TICKS)
    assert there.index(Keepers.computed[0]) == 0
    assert Keepers.given_up == []


def test_a_look_stands_still_while_somebody_is_answered(page: Page, tmp_path: Path) -> None:
    Keepers.may_compute.clear()
    shown(page)
    assert Keepers.computing.wait(30)
    click = {"camera": "front", "frame": 3, "object": "cup", "x": 9.0, "y": 9.0}
    asked = {"action": "click", **click, "segmenter": "deliberate"}
    clicking = threading.Thread(target=page.act, kwargs=asked)
    clicking.start()
    assert Deliberate.deliberates.wait(30)
    Keepers.may_compute.set()
    time.sleep(0.3)
    assert Keepers.computed == []
    Deliberate.may_answer.set()
    clicking.join(30)
    until(lambda: kept(tmp_path) == TICKS)


def test_the_take_that_somebody_turned_to_last_comes_first(page: Page, tmp_path: Path) -> None:
    Keepers.may_compute.clear()
    shown(page, take="one")
    assert Keepers.computing.wait(30)
    shown(page, take="two")
    Keepers.may_compute.set()
    until(lambda: kept(tmp_path, "two") == TICKS and kept(tmp_path, "one") == TICKS)
    others = images(tmp_path, "two")
    assert all(image in others for image in Keepers.computed[1 : TICKS + 1])


def test_who_has_gone_is_not_worked_for(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teachloop.labeler.look_ahead.SAID_FOR_S", 0.0)
    shown(page)
    time.sleep(0.3)
    assert kept(tmp_path) == 0


def test_nothing_is_looked_at_beyond_the_bound(tmp_path: Path) -> None:
    draw_take(tmp_path, "one", labeled=False, wandering=0)
    one = 64 * 64 * 2 + 300  # bytes of a file, nearly
    page = Page(tmp_path, MADE_UP.model_copy(update={"embeddings_gb": 5.9 * one / 1e9}))
    with closing(page.service):
        shown(page, 7)
        until(lambda: kept(tmp_path) >= 5)
        time.sleep(0.3)
    there = images(tmp_path)
    assert sorted(there.index(image) for image in Keepers.computed) == [5, 6, 7, 8, 9]


def test_where_none_is_kept_on_disk_only_what_is_shown_is_looked_at(tmp_path: Path) -> None:
    draw_take(tmp_path, "one", labeled=False, wandering=0)
    page = Page(tmp_path, MADE_UP.model_copy(update={"embeddings_gb": 0.0}))
    with closing(page.service):
        shown(page, 7)
        until(lambda: Keepers.computed)
        time.sleep(0.3)
    assert set(Keepers.computed) == {images(tmp_path)[7]}


def test_of_a_take_in_the_bin_nothing_is_looked_at(page: Page, tmp_path: Path) -> None:
    put_in_bin(tmp_path / "takes" / "one", "Ada")
    shown(page)
    shown(page, take="two")
    until(lambda: kept(tmp_path, "two") == TICKS)
    assert kept(tmp_path) == 0


def test_a_segmenter_that_fails_is_said_once_and_left_alone(
    page: Page, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for frame in (0, 1, 2):
        shown(page, frame, segmenter="failing")
        assert Keepers.computing.wait(30)
        time.sleep(0.1)
    shown(page)
    until(lambda: kept(tmp_path) == TICKS)
    assert [record.message for record in caplog.records if "out of memory" in record.message] == [
        caplog.records[0].message
    ]


def test_the_end_of_the_labeler_waits_for_no_look(page: Page) -> None:
    Keepers.may_compute.clear()
    shown(page)
    assert Keepers.computing.wait(30)
    page.service.close()
    assert not is_at_work()


def test_others_than_those_that_keep_what_they_saw_are_not_asked(page: Page) -> None:
    shown(page, segmenter="squares")
    shown(page, segmenter="classical")
    assert not is_at_work()
    shown(page)
    assert is_at_work()
