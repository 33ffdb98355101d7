"""Which part of a take counts is marked at the frame that is shown, by mouse and by key."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from drawn_takes import TICKS, draw_take

from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.reader import Take


@pytest.fixture(scope="module")
def server(
    new_server: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """With takes of its own: by their names they would be the newest of all."""
    server = new_server(tmp_path_factory.mktemp("counted"))
    server.start()
    yield server
    server.stop()


SPAN = ".tl-data .counting"


def counted(server: Any, take: str) -> list[int]:
    """The ticks of which something is learned, by the take's own clock."""
    folder = server.data / "takes" / take
    trim = Labels.open(folder).snapshot.trim
    with Take.open(folder) as opened:
        times = opened.actions.time_ns.tolist()
    inside = [trim is None or trim.start_ns <= time < trim.end_ns for time in times]
    return [number for number, counts in enumerate(inside) if counts]


def chosen(window: Any, server: Any, name: str) -> str:
    take = draw_take(server.data, name)
    window.tab("data")
    window.page.click(f".tl-data tr[data-take={take}] td:nth-child(2)")
    says(window, "all counts")
    window.page.keyboard.press("k")  # it plays as it opens
    return take


def go_to(window: Any, tick: int) -> None:
    slider = window.page.locator(".tl-data .playback input")
    slider.evaluate(f"node => {{ node.value = {tick}; node.dispatchEvent(new Event('input')) }}")


def says(window: Any, words: str) -> None:
    window.wait(f"document.querySelector('{SPAN} output').textContent === '{words}'")


def test_ends_are_marked_by_key_and_button_and_undone(window: Any, server: Any) -> None:
    take, page = chosen(window, server, "marked"), window.page
    go_to(window, 4)
    page.keyboard.press("s")
    says(window, "0.2 to 1.0 s count")
    assert counted(server, take) == list(range(4, TICKS))
    go_to(window, 14)
    page.click(f"{SPAN} .to")
    says(window, "0.2 to 0.8 s count")
    assert counted(server, take) == list(range(4, 15))
    page.keyboard.press("z")
    says(window, "0.2 to 1.0 s count")
    assert counted(server, take) == list(range(4, TICKS))


def test_an_end_that_would_lie_before_goes_to_the_take_s_own(window: Any, server: Any) -> None:
    take, page = chosen(window, server, "turned"), window.page
    go_to(window, 7)
    page.keyboard.press("d")
    says(window, "0.0 to 0.4 s count")
    go_to(window, 10)
    page.keyboard.press("s")
    says(window, "0.5 to 1.0 s count")
    go_to(window, 0)
    page.keyboard.press("s")
    says(window, "all counts")
    assert counted(server, take) == list(range(TICKS))
    assert Labels.open(server.data / "takes" / take).snapshot.trim is None


def test_a_take_is_split_at_the_frame_that_is_shown_and_joined_again(
    window: Any, server: Any
) -> None:
    take, page = chosen(window, server, "twofold"), window.page
    go_to(window, 8)
    page.keyboard.press("p")
    page.wait_for_selector(".tl-notice:has-text('are its parts') .undo")
    listed = {row["id"]: row for row in window.takes()}
    parts = [id for id, row in listed.items() if f"Split from take {take}" in row["note"]]
    assert take not in listed
    lengths = []
    for part in sorted(parts):
        with Take.open(server.data / "takes" / part) as opened:
            lengths.append(len(opened.actions.time_ns))
    assert lengths == [8, TICKS - 8]
    page.keyboard.press("z")
    page.wait_for_selector(".tl-notice:has-text('whole again')")
    listed = {row["id"] for row in window.takes()}
    assert take in listed
    assert not listed & set(parts)
