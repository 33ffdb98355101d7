"""Who is at which take: whoever changes something there, for some minutes, until they leave it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn_takes import draw_take
from label_service import Page

from teachloop.labeler.presence import STAY_S
from teachloop.runtime.errors import TeachloopError

ONE, OTHER = "window 1", "window 2"


class Clock:
    """Goes on where a test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def page(tmp_path: Path, clock: Clock) -> Iterator[Page]:
    for name in ("one", "two"):
        draw_take(tmp_path, name, labeled=False)
    page = Page(tmp_path, clock=clock)
    yield page
    page.service.close()


def judge(page: Page, author: str, window: str, take: str = "one", success: bool = True) -> None:
    page.act("success", take, success=success, author=author, window=window)


def at(page: Page) -> list[tuple[str, str]]:
    return [(each.take, each.author) for each in page.service.presence.people()]


def test_who_changes_something_is_at_the_take_and_who_reads_is_not(page: Page) -> None:
    page.act("read", author="Ada", window=ONE)
    page.act("show", author="Ada", window=ONE, frames=[{"camera": "front", "frame": 0}])
    with pytest.raises(TeachloopError):
        page.act("undo", author="Ada", window=ONE)
    assert at(page) == []
    judge(page, "Ada", ONE)
    assert at(page) == [("one", "Ada")]


def test_it_is_over_some_minutes_after_the_last_change(page: Page, clock: Clock) -> None:
    judge(page, "Ada", ONE)
    clock.now_s += STAY_S - 1
    judge(page, "Ada", ONE, success=False)
    clock.now_s += STAY_S - 1
    (ada,) = page.service.presence.people()
    assert ada.since_s == 2 * STAY_S - 2
    clock.now_s += 1
    assert at(page) == []
    judge(page, "Ada", ONE)
    assert page.service.presence.people()[0].since_s == 0


def test_two_authors_are_at_one_take_and_one_leaves(page: Page) -> None:
    judge(page, "Ada", ONE)
    judge(page, "Grace", OTHER, success=False)
    assert at(page) == [("one", "Ada"), ("one", "Grace")]
    page.service.presence.left(ONE, "one")
    assert at(page) == [("one", "Grace")]


def test_one_name_in_two_windows_is_one_person_until_both_left(page: Page, clock: Clock) -> None:
    judge(page, "Ada", ONE)
    clock.now_s += 10
    judge(page, "Ada", OTHER)
    (ada,) = page.service.presence.people()
    assert (ada.windows, ada.since_s) == ([ONE, OTHER], 10)
    page.service.presence.left(ONE)
    assert at(page) == [("one", "Ada")]
    page.service.presence.left(OTHER)
    assert at(page) == []


def test_windows_without_a_name_are_somebody_each(page: Page) -> None:
    judge(page, "", ONE)
    judge(page, "", OTHER)
    people = page.service.presence.people()
    assert [(each.author, each.windows) for each in people] == [("", [ONE]), ("", [OTHER])]


def test_a_window_is_at_the_take_that_it_changed_last(page: Page) -> None:
    judge(page, "Ada", ONE)
    judge(page, "Ada", ONE, take="two")
    page.service.presence.left(ONE, "one")
    assert at(page) == [("two", "Ada")], "it left that before it came here"


def test_what_no_window_asked_for_is_nobodys_stay(page: Page) -> None:
    page.act("success", success=True, author="a job")
    assert at(page) == []


def test_who_starts_a_propagation_is_at_the_take(page: Page) -> None:
    page.act("propagate", object="cup", author="Ada", window=ONE)
    page.last_word()
    assert at(page) == [("one", "Ada")]


def test_only_what_is_new_is_told(page: Page, clock: Clock) -> None:
    news = page.service.presence.news
    assert news() is None
    judge(page, "Ada", ONE)
    told = news()
    assert told is not None
    assert [each.author for each in told.people] == ["Ada"]
    judge(page, "Ada", ONE, success=False)
    assert news() is None
    clock.now_s += STAY_S
    over = news()
    assert over is not None
    assert over.people == []


def test_after_a_restart_nobody_is_at_anything(page: Page, tmp_path: Path) -> None:
    judge(page, "Ada", ONE)
    page.service.close()
    again = Page(tmp_path)
    assert again.act("read").success is True
    assert at(again) == []
    again.service.close()
