"""An object that is not to be seen: said by a person, of some frames of one camera."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, TICKS, camera, draw_take
from label_service import Page

from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, area, decode, encode
from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.labeler.errors import NoSuchFrame, NoSuchObject, NothingPrompted, WrongPlace
from teachloop.labeler.session import LabelingSession
from teachloop.recorder.devices.interfaces import RobotState

CLICK: dict[str, Any] = {"camera": "front", "object": "cup", "x": 17.0, "y": 27.0}
CUP: dict[str, Any] = {"camera": "front", "object": "cup"}
NOTHING = MaskRecord(rle=encode(np.zeros((SIDE, SIDE))), source=MaskSource.HUMAN)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    draw_take(tmp_path, "one", labeled=False)
    page = Page(tmp_path)
    yield page
    page.service.close()


@pytest.fixture
def clicked(page: Page) -> Page:
    """The cup is clicked on in frame 0 of the front camera."""
    page.act("click", **CLICK, frame=0)
    return page


def labels(tmp_path: Path) -> Labels:
    return Labels.open(tmp_path / "takes" / "one")


def hidden(tmp_path: Path) -> list[tuple[str, int]]:
    masks = labels(tmp_path).snapshot.masks
    return sorted(place[:2] for place, record in masks.items() if record.hidden)


def test_a_range_is_hidden_in_one_camera_in_one_step_and_comes_back_in_one(
    clicked: Page, tmp_path: Path
) -> None:
    clicked.act("click", **CLICK, frame=5)
    before = labels(tmp_path).snapshot
    said = clicked.act("hide", **CUP, frame=4, last=7)
    assert hidden(tmp_path) == [("front", frame) for frame in (4, 5, 6, 7)]
    assert [prompt.frame for prompt in said.prompts] == [0], "a click there is not meant any more"
    assert labels(tmp_path).snapshot.masks["front", 6, "cup"] == NOTHING
    clicked.act("undo")
    assert labels(tmp_path).snapshot.masks == before.masks
    assert labels(tmp_path).snapshot.prompts == before.prompts
    clicked.act("redo")
    assert len(hidden(tmp_path)) == 4
    assert clicked.act("hide", **CUP, frame=5, last=6).revision == labels(tmp_path).revision


def test_no_mask_and_an_empty_one_of_a_program_are_not_what_a_person_said(
    clicked: Page, tmp_path: Path
) -> None:
    empty = encode(np.zeros((SIDE, SIDE)))
    found = MaskRecord(rle=empty, source=MaskSource.PROPAGATED, confidence=0.9)
    assert not found.hidden
    assert MaskRecord(rle=empty, source=MaskSource.PROPAGATED, locked=True).hidden
    assert not labels(tmp_path).snapshot.masks["front", 0, "cup"].hidden
    assert ("front", 3, "cup") not in labels(tmp_path).snapshot.masks


def test_what_is_hidden_is_locked_cleared_and_clicked_on_like_any_mask(
    clicked: Page, tmp_path: Path
) -> None:
    clicked.act("hide", **CUP, frame=4, last=7)
    clicked.act("lock", places=[{"camera": "front", "frame": 4}], locked=True)
    clicked.act("hide", **CUP, frame=3, last=4)
    assert labels(tmp_path).snapshot.masks["front", 4, "cup"].locked
    clicked.act("clear", object="cup", places=[{"camera": "front", "frame": 5}])
    clicked.act("click", **CLICK, frame=6)
    assert hidden(tmp_path) == [("front", 3), ("front", 4), ("front", 7)]
    drawn = labels(tmp_path).snapshot.masks["front", 6, "cup"]
    assert area(drawn.rle) > 100, "a click begins anew"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"frame": 0, "last": TICKS}, NoSuchFrame),
        ({"frame": 0, "last": 10**15}, NoSuchFrame),
        ({"frame": 3, "last": 2}, WrongPlace),
        ({"frame": 0, "last": 0, "camera": "ceiling"}, NoSuchFrame),
        ({"frame": 0, "last": 0, "object": "bowl"}, NoSuchObject),
    ],
)
def test_frames_and_objects_that_are_not_there_are_refused(
    clicked: Page, fields: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        clicked.act("hide", **{**CUP, **fields})
    assert clicked.act("read").revision == 1


def test_what_is_nowhere_to_be_seen_cannot_be_followed(page: Page) -> None:
    page.act("objects", objects=[{"name": "cup", "target": False}])
    page.act("hide", **CUP, frame=0, last=TICKS - 1)
    page.act("propagate")
    assert page.last_word().state == "failed"
    assert str(NothingPrompted()) in page.last_word().message


def test_propagation_leaves_hidden_frames_as_they_are(clicked: Page, tmp_path: Path) -> None:
    clicked.act("hide", **CUP, frame=4, last=7)
    clicked.act("propagate")
    assert clicked.last_word().state == "done"
    masks = labels(tmp_path).snapshot.masks
    assert hidden(tmp_path) == [("front", frame) for frame in (4, 5, 6, 7)]
    assert all(area(masks["front", frame, "cup"].rle) > 100 for frame in (0, 3, 8, 19))
    assert len(masks) == 2 * TICKS


def test_a_twin_that_passes_while_the_object_is_hidden_is_not_followed(tmp_path: Path) -> None:
    """Without being told the propagator goes away with the twin."""
    draw_twin(tmp_path)
    with LabelingSession.open(tmp_path / "takes" / "twin") as session:
        session.click("front", 0, "cup", 27.0, 27.0)
        session.propagate()
        assert not covers(session, 15, column=27)
        session.undo()
        session.hide("front", range(GONE.start, GONE.stop), "cup")
        session.propagate()
        assert covers(session, 15, column=27)
        assert not covers(session, 15, column=50)


GONE = range(5, 12)  # ticks at which the object is behind something


def draw_twin(data: Path) -> None:
    """A red square stands still. While it is gone, one like it comes from where it stood and goes
    to the right, where it stays."""
    info = TakeInfo(
        take_id="twin", created="2026-01-01T00:00:00+00:00", created_time_ns=0,
        instruction="", cameras={"front": camera("front")},
    )  # fmt: skip
    with TakeWriter(data / "takes" / "twin", info) as writer:
        for tick in range(TICKS):
            image = np.full((SIDE, SIDE, 3), 90, np.uint8)
            if tick not in GONE:
                image[20:34, 20:34] = (210, 30, 30)
            if tick >= GONE.start:
                column = min(44, 22 + 4 * (tick - GONE.start))
                image[20:34, column : column + 14] = (210, 30, 30)
            write_tick(writer, tick, image)


def write_tick(writer: TakeWriter, tick: int, image: np.ndarray) -> None:
    at = (tick + 1) * 50_000_000
    pose = np.eye(4)
    state = RobotState(
        time_ns=at, device_time_ns=at, joint_positions_rad=np.zeros(7),
        joint_velocities_rad_s=np.zeros(7), ee_pose=pose, gripper_width_m=0.08,
    )  # fmt: skip
    writer.append_robot(state)
    action = Action(ee_pose=pose, gripper=1.0, decided_by=Decider.SCRIPT)
    writer.append_action(at, action, action)
    writer.append_frame("front", tick, at, at, encode_jpeg(image))


def covers(session: LabelingSession, frame: int, column: int) -> bool:
    return bool(decode(session.snapshot.masks["front", frame, "cup"].rle)[27, column])
