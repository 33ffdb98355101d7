"""An object that is not to be seen, said by a key: in the picture that is pointed at, in one frame
or up to the next mask that somebody drew."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from drawn_takes import SIDE, TICKS, draw_take
from label_window import TEST_PICTURES, LabelWindow

from teachloop.datasets.labels.edits import Edit, SetMask, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode

CUP = SetObjects((ObjectLabel("cup", target=True),))
SOMETHING, NOTHING = encode(np.eye(SIDE)), encode(np.zeros((SIDE, SIDE)))


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("hiding")
    for name in ("pointed", "onward", "spread", "shown", "nameless", "lanes"):
        draw_take(data, name, labeled=False)
    server = new_server(data, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_take(kept_window: Any, server: Any) -> Callable[..., LabelWindow]:
    def opened(take: str, *edits: Edit) -> LabelWindow:
        if edits:
            Labels.open(server.data / "takes" / take).apply(edits, 0, "test")
        window = LabelWindow(kept_window, server.data)
        window.show(take)
        window.page.keyboard.press("Home")
        return window

    return opened


def mask(camera: str, frame: int, source: MaskSource, rle: Any = SOMETHING) -> SetMask:
    return SetMask(camera, frame, "cup", MaskRecord(rle=rle, source=source, confidence=0.9))


def point_at(window: LabelWindow, camera: str) -> None:
    window.page.mouse.move(*window.at(5, 60, camera))


def hidden(window: LabelWindow, take: str) -> list[tuple[str, int]]:
    masks = window.labels(take).snapshot.masks
    return sorted(place[:2] for place, record in masks.items() if record.hidden)


def test_it_is_said_of_the_picture_that_is_pointed_at_and_taken_back(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("pointed", CUP, mask("wrist", 0, MaskSource.PROPAGATED))
    window.caption("90 % sure", "wrist")
    point_at(window, "wrist")
    window.page.keyboard.press("h")
    window.caption("unseen, as somebody said", "wrist")
    window.without_mask("front")
    assert hidden(window, "pointed") == [("wrist", 0)]
    point_at(window, "front")
    window.page.click(".tl-label .hide")
    window.caption("unseen", "front")
    window.page.keyboard.press("l")
    window.caption("locked", "front")
    for _ in range(3):
        window.page.keyboard.press("z")
    window.caption("90 % sure", "wrist")
    window.without_mask("front")


def test_with_shift_it_holds_up_to_the_next_mask_that_somebody_drew(
    open_take: Callable[..., LabelWindow],
) -> None:
    drawn, found = MaskSource.HUMAN, MaskSource.PROPAGATED
    window = open_take(
        "onward", CUP, mask("front", 2, drawn), mask("front", 5, found), mask("front", 9, drawn),
        mask("wrist", 6, drawn),
    )  # fmt: skip
    for _ in range(4):
        window.page.keyboard.press("ArrowRight")
    point_at(window, "front")
    window.page.keyboard.press("Shift+H")
    window.revision(2)
    assert hidden(window, "onward") == [("front", frame) for frame in range(4, 9)]
    window.page.keyboard.press("End")
    window.page.keyboard.press("Shift+H")
    window.revision(3)
    assert hidden(window, "onward")[-1] == ("front", TICKS - 1)
    window.page.keyboard.press("z")
    window.page.keyboard.press("z")
    window.revision(5)
    assert hidden(window, "onward") == []


def test_propagation_and_the_key_for_unsure_frames_leave_it_alone(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("spread")
    page = window.page
    window.click(14, 26)
    window.caption("clicked")
    window.revision(2)
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    point_at(window, "front")
    page.keyboard.press("Shift+H")
    window.revision(3)
    page.keyboard.press("p")
    window.revision(4)
    window.caption("unseen, as somebody said")
    assert hidden(window, "spread") == [("front", frame) for frame in range(6, TICKS)]
    looks = set()
    for _ in range(TICKS):
        page.keyboard.press("n")
        looks.add(window.tick - 1)
    assert looks, "of the other camera"
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    window.caption("propagated")


def test_the_timeline_tells_it_from_no_mask_and_from_what_a_program_did_not_see(
    open_take: Callable[..., LabelWindow],
) -> None:
    said, found = MaskSource.HUMAN, MaskSource.PROPAGATED
    window = open_take(
        "shown", CUP, mask("front", 0, said, NOTHING), mask("front", 1, found, NOTHING),
        mask("front", 2, found),
    )  # fmt: skip
    window.caption("unseen")
    columns = [painted(window, tick) for tick in (0, 1, 2, 3)]
    assert len(set(columns)) == 4


def test_each_object_has_a_lane_in_the_row_of_a_camera(
    open_take: Callable[..., LabelWindow],
) -> None:
    both = SetObjects((ObjectLabel("cup", target=True), ObjectLabel("bin")))
    found = MaskRecord(rle=SOMETHING, source=MaskSource.PROPAGATED, confidence=0.9)
    window = open_take(
        "lanes", both, mask("front", 0, MaskSource.PROPAGATED), SetMask("front", 1, "bin", found)
    )
    window.caption("90 % sure")
    cup, other, none = (painted(window, tick).split(";") for tick in (0, 1, 2))
    half = len(none) // 2
    assert cup[: half - 2] != none[: half - 2]
    assert cup[half + 2 :] == none[half + 2 :]
    assert other[: half - 2] == none[: half - 2]
    assert other[half + 2 :] != none[half + 2 :]


def test_without_an_object_there_is_nothing_to_say(open_take: Callable[..., LabelWindow]) -> None:
    window = open_take("nameless")
    window.page.keyboard.press("h")
    window.page.wait_for_selector(".tl-notice:has-text('Name the object first')")
    assert window.labels("nameless").revision == 0


def painted(window: LabelWindow, tick: int) -> str:
    """The timeline's column of pixels at a tick of the first camera."""
    return window.page.evaluate(
        """([tick, ticks]) => {
          const track = document.querySelector(".tl-label .track");
          const scale = track.width / track.clientWidth;
          const [names, right] = [52, 8];
          const x = names + (tick / (ticks - 1)) * (track.clientWidth - names - right) + 4;
          const height = Math.floor(track.height / 3) - 4;
          const { data } = track.getContext("2d").getImageData(x * scale, 0, 1, height);
          return Array.from({ length: height }, (_, y) => data.slice(4 * y, 4 * y + 4)).join(";");
        }""",
        [tick, TICKS],
    )
