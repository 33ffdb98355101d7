"""Stop says what came of it, and whoever drives is not replaced without a word."""

import signal
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from teachloop.recorder.station.endpoint import read_endpoint

ALARM = "document.querySelector('.tl-alarm').textContent.includes(given)"
BUTTON = "document.querySelector('.tl-stop').textContent.includes(given)"
NO_STOP = "Stop does not reach the robot. Use the hardware stop."
CONTROL = "document.querySelector('.tl-control').textContent"
NOTICES = "document.querySelector('.tl-notices')?.textContent.includes(given)"


def on_top(window: Any, selector: str) -> bool:
    """Whether the mouse would hit it."""
    return window.page.evaluate(
        """(selector) => {
          const node = document.querySelector(selector);
          const { x, y, width, height } = node.getBoundingClientRect();
          return node.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }""",
        selector,
    )


@pytest.fixture
def station(server: Any) -> Iterator[psutil.Process]:
    """The station's process, which runs again at the end of the test."""
    process = psutil.Process(read_endpoint(server.data).pid)
    yield process
    process.resume()


def test_a_stop_that_worked_is_confirmed(window: Any) -> None:
    window.page.keyboard.press("p")
    window.phase("practising")
    window.page.click(".tl-stop")
    window.wait(ALARM, "Stopped, holding")
    window.phase("ready")
    window.page.wait_for_selector(".tl-alarm", state="hidden")


def test_stop_says_that_it_does_not_reach_a_station_that_hangs(
    window: Any, station: psutil.Process
) -> None:
    station.suspend()
    window.wait(ALARM, NO_STOP)
    window.wait(BUTTON, "does not reach")
    assert window.page.evaluate(
        "getComputedStyle(document.querySelector('.tl-alarm')).display"
    ) == ("flex")
    width = window.page.locator(".tl-alarm").bounding_box()["width"]
    assert width == window.page.viewport_size["width"], "across the page"
    window.page.wait_for_function(
        "document.querySelector('.tl-record .health').textContent.includes('no figures for')"
    )
    assert (
        window.page.locator(".tl-station .light.green, .tl-record .health .light.green").count()
        == 0
    )
    station.resume()
    window.wait("document.querySelector('.tl-alarm').hidden")
    window.drive()


def test_a_stop_that_is_not_confirmed_says_so(window: Any, station: psutil.Process) -> None:
    window.page.keyboard.press("p")
    window.phase("practising")
    station.suspend()
    window.page.keyboard.press("Space")
    window.wait("document.querySelector('.tl-alarm').classList.contains('red')")
    station.resume()
    window.wait(ALARM, "Stopped, holding")
    window.rest()


def test_stop_says_that_it_does_not_reach_without_the_server(window: Any, server: Any) -> None:
    server.kill()
    window.wait(ALARM, NO_STOP)
    window.wait(ALARM, "no connection to the server")
    window.wait(BUTTON, "does not reach")
    server.start()
    window.wait("document.querySelector('.tl-alarm').hidden")
    window.wait("!document.querySelector('.tl-stop').textContent.includes('reach')")
    window.rest()


def test_the_figures_of_dead_devices_are_not_shown_as_fresh(
    window: Any, station: psutil.Process
) -> None:
    (devices,) = [p for p in station.children() if "devices.process" in " ".join(p.cmdline())]
    devices.send_signal(signal.SIGKILL)
    window.wait(ALARM, NO_STOP)
    page = window.page
    health = "document.querySelector('.tl-record .health').textContent"
    window.wait(f"/robot\\d+ s/.test({health}) && {health}.includes('skew–')")
    window.wait("document.querySelector('.tl-record .speed-now').textContent === '–'")
    assert page.locator(".tl-station .light.green").count() == 0
    page.click(".tl-record .fault .remedy")
    window.wait("document.querySelector('.tl-alarm').hidden")
    window.rest()


def test_taking_over_in_the_middle_of_a_take_is_asked_and_told(
    window: Any, new_window: Any
) -> None:
    other = new_window()
    other.wait(f"{CONTROL}.startsWith('Take over')")
    window.page.keyboard.press("r")
    window.phase("recording")
    other.phase("recording")
    other.page.keyboard.press("c")
    other.page.wait_for_selector(".tl-dialog[open]:has-text('in the middle of a take')")
    other.page.keyboard.press("Enter")
    other.page.wait_for_selector(".tl-dialog", state="detached")
    assert other.page.evaluate(CONTROL).startswith("Take over"), "who only presses Enter looks on"
    other.page.keyboard.press("c")
    other.page.click(".tl-dialog button:text-is('Take over')")
    other.drive()
    other.wait(NOTICES, "This window drives now")
    window.wait(NOTICES, "took over. This window looks on.")
    other.phase("recording")
    other.page.keyboard.press("Space")
    other.phase("review")
    other.rest()


def test_taking_over_at_rest_needs_no_question(window: Any, new_window: Any) -> None:
    other = new_window()
    other.wait(f"{CONTROL}.startsWith('Take over')")
    other.page.keyboard.press("c")
    other.drive()
    window.wait(NOTICES, "took over. This window looks on.")


def test_a_take_is_seen_from_every_page(window: Any) -> None:
    window.page.keyboard.press("r")
    window.phase("recording")
    window.page.keyboard.press("5")
    window.page.wait_for_selector(".tl-data .list")
    window.page.wait_for_selector(".tl-station .doing.recording")
    window.wait(
        "/\\d\\d:\\d\\d\\.\\d/.test(document.querySelector('.tl-station time').textContent)"
    )
    window.page.keyboard.press("Space")
    window.phase("review")
    window.page.keyboard.press("1")
    window.rest()
