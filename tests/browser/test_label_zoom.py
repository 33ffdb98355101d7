"""Pictures of the Label page are magnified and moved, and clicks land where they are made."""

from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from drawn_takes import draw_take
from label_window import TEST_PICTURES, LabelWindow

from teachloop.datasets.labels.edits import SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels

TARGET = SetObjects((ObjectLabel("cup", target=True),))
Point = tuple[float, float]


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    data = tmp_path_factory.mktemp("zoom")
    for name in ("wheel", "middle", "space", "keys", "dropped"):
        draw_take(data, name, labeled=False)
    server = new_server(data, None, *TEST_PICTURES)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def open_take(kept_window: Any, server: Any) -> Callable[[str], LabelWindow]:
    def opened(take: str) -> LabelWindow:
        Labels.open(server.data / "takes" / take).apply([TARGET], 0, "test")
        window = LabelWindow(kept_window, server.data)
        window.show(take)
        return window

    return opened


def clicks(window: LabelWindow, take: str) -> list[Point]:
    return [
        (each.values[0] - 0.5, each.values[1] - 0.5)
        for each in window.labels(take).snapshot.prompts
    ]


def factor(window: LabelWindow, camera: str = "front") -> float:
    """How many times as large as the whole picture it is shown."""
    return window.page.evaluate(
        """(camera) => {
          const at = (name) => document.querySelector(`.tl-label [data-camera=${camera}] ${name}`);
          return at(".picture").getBoundingClientRect().width / at(".over").clientWidth;
        }""",
        camera,
    )


def beside(window: LabelWindow, middle: Point, away: Point) -> Point:
    """Where a pixel is shown that lies ``away`` from one that stayed in its place."""
    x, y = window.at(*middle)
    zoom = factor(window)
    there = window.at(middle[0] + away[0], middle[1] + away[1])
    return x + zoom * (there[0] - x), y + zoom * (there[1] - y)


def test_the_wheel_magnifies_what_is_under_the_pointer_and_clicks_land_there(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("wheel")
    mouse = window.page.mouse
    mouse.move(*window.at(40, 36))
    for _ in range(8):
        mouse.wheel(0, -120)
    window.caption("×")
    assert factor(window) > 4
    assert factor(window, "wrist") == pytest.approx(1, abs=0.01), "the other picture stays as it is"
    mouse.click(*window.at(40, 36))
    window.revision(2)
    mouse.click(*beside(window, (40, 36), (3.2, -2.4)))
    window.revision(3)
    assert clicks(window, "wheel")[0] == pytest.approx((40, 36), abs=0.1)
    assert clicks(window, "wheel")[1] == pytest.approx((43.2, 33.6), abs=0.1)
    before = factor(window)
    window.page.keyboard.press(".")
    window.caption("front 1")
    assert factor(window) == before, "it stays while one steps through the frames"
    window.page.keyboard.press("0")
    assert factor(window) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("take", "button", "key"), [("middle", "middle", None), ("space", "left", " ")]
)
def test_a_picture_is_dragged_and_nothing_is_clicked(
    open_take: Callable[..., LabelWindow], take: str, button: Any, key: str | None
) -> None:
    window = open_take(take)
    page, mouse = window.page, window.page.mouse
    x, y = window.at(32, 32)
    mouse.move(x, y)
    for _ in range(6):
        mouse.wheel(0, -120)
    window.caption("×")
    if key:
        page.keyboard.down(key)
    mouse.down(button=button)
    mouse.move(x + 70, y - 40, steps=4)
    mouse.up(button=button)
    if key:
        page.keyboard.up(key)
    mouse.click(x + 70, y - 40)
    window.revision(2)
    assert clicks(window, take) == [pytest.approx((32, 32), abs=0.1)]


def test_two_fingers_move_the_picture_and_a_pinch_magnifies(
    open_take: Callable[..., LabelWindow],
) -> None:
    window = open_take("keys")
    page, mouse = window.page, window.page.mouse
    x, y = window.at(32, 32)
    mouse.move(x, y)
    for _ in range(3):
        page.keyboard.press("+")
    before = factor(window)
    assert before == pytest.approx(1.5**3, rel=0.01)
    for _ in range(10):
        mouse.wheel(-4, -3)
    assert factor(window) == before
    mouse.click(x + 40, y + 30)
    window.revision(2)
    assert clicks(window, "keys") == [pytest.approx((32, 32), abs=0.1)]
    pinch = """([x, y]) => document.elementFromPoint(x, y).dispatchEvent(new WheelEvent("wheel",
      {deltaY: -10, ctrlKey: true, clientX: x, clientY: y, bubbles: true, cancelable: true}))"""
    page.evaluate(pinch, [x, y])
    assert before < factor(window) < 1.2 * before
    page.keyboard.press("-")
    assert factor(window) < before
    page.keyboard.press("0")
    assert factor(window) == pytest.approx(1, abs=0.01)


def test_a_magnified_picture_shows_its_pixels_and_what_lies_over_it_all_of_the_screens(
    new_window: Callable[..., Any], server: Any
) -> None:
    data = server.data
    draw_take(data, "fine", labeled=False)
    window = LabelWindow(new_window(device_scale_factor=2), data)
    window.show("fine")
    window.page.mouse.move(*window.at(17, 27))
    window.page.mouse.wheel(0, -480)
    window.caption("×")
    found = window.page.evaluate(
        """() => {
          const at = (name) => document.querySelector(`.tl-label [data-camera=front] ${name}`);
          const over = at(".over");
          return [over.width / over.clientWidth, getComputedStyle(at(".picture")).imageRendering];
        }"""
    )
    assert found == [2, "pixelated"]


def test_a_click_stays_where_it_was_dropped_until_its_mask_has_come(
    open_take: Callable[..., LabelWindow], server: Any
) -> None:
    window = open_take("dropped")
    window.click(14, 26)
    window.revision(2)
    children = psutil.Process(server.process.pid).children(recursive=True)
    (labeler,) = [each for each in children if "teachloop.app.processes.labeler" in each.cmdline()]
    marked = """([x, y]) => {
      const over = document.querySelector(".tl-label [data-camera=front] .over");
      const { left, top } = over.getBoundingClientRect();
      const [red, green, blue] = over.getContext("2d").getImageData(x - left, y - top, 1, 1).data;
      return red + green + blue;
    }"""
    mouse = window.page.mouse
    to_x, to_y = window.at(50, 50)
    assert window.page.evaluate(marked, [to_x + 4, to_y + 4]) == 0
    window.grasp(14, 26)
    labeler.suspend()
    try:
        mouse.move(to_x, to_y, steps=4)
        mouse.up()
        window.state("Saving …")
        window.page.wait_for_timeout(300)
        assert window.page.evaluate(marked, [to_x + 4, to_y + 4]) > 0
    finally:
        labeler.resume()
    window.revision(3)
    assert clicks(window, "dropped") == [pytest.approx((50, 50), abs=0.1)]
