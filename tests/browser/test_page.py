"""What holds on every page: nothing from outside, no scrolling, names, contrast, coming back."""

from pathlib import Path
from typing import Any

import pytest

TABS = ["record", "label", "finetune", "rollout", "data", "setup"]
READABLE = (Path(__file__).parent / "readable.js").read_text("utf-8")


def complaints(window: Any, root: str) -> list[str]:
    """Controls without a name, and text too faint to be read."""
    return window.page.evaluate(
        f"(root) => {{ const check = {READABLE}; return [...check.nameless(root),"
        " ...check.faint(root)]; }",
        root,
    )


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everything_has_a_name_and_can_be_read(new_window: Any, colours: str) -> None:
    window = new_window(color_scheme=colours)
    window.phase("Hz")
    for tab in TABS:
        window.tab(tab)
        window.page.wait_for_timeout(400)
        assert complaints(window, f".tl-{tab}") == []
    assert complaints(window, ".tl-bar") == []


def test_a_small_screen_needs_no_scrolling(window: Any) -> None:
    for tab in TABS:
        window.tab(tab)
        window.page.wait_for_timeout(300)
        sizes = window.page.evaluate(
            """(tab) => {
              const page = document.querySelector(`.tl-${tab}`);
              return [page.scrollHeight - page.clientHeight, page.scrollWidth - page.clientWidth,
                page.getBoundingClientRect().bottom - innerHeight,
                document.documentElement.scrollHeight - innerHeight];
            }""",
            tab,
        )
        assert max(sizes) <= 0, tab


ZOOMED = {"125 %": (1024, 640), "150 %": (853, 533)}
OVERLAPS = """(tab) => {
  const boxes = [...document.querySelectorAll(`.tl-${tab} .card, .tl-${tab} .cameras,
    .tl-${tab} .health, .tl-${tab} .strip`)].filter((node) => node.offsetParent);
  const meets = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const inside = (a, b) => a.contains(b) || b.contains(a);
  const found = [];
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1)) {
      if (!inside(a, b) && meets(a.getBoundingClientRect(), b.getBoundingClientRect())) {
        found.push([a.className, b.className]);
      }
    }
    const over = [...a.querySelectorAll("button, select, input")].filter((node) =>
      node.offsetParent && !node.closest("ol, ul, .fields, .lists, .table")
      && node.getBoundingClientRect().right > a.getBoundingClientRect().right + 1);
    found.push(...over.map((node) => [a.className, node.className]));
  }
  return found;
}"""


@pytest.mark.parametrize("zoom", ZOOMED)
def test_a_magnified_window_has_all_tabs_and_keys_and_no_overlap(
    new_window: Any, zoom: str
) -> None:
    width, height = ZOOMED[zoom]
    window = new_window()
    window.page.set_viewport_size({"width": width, "height": height})
    window.rest()
    for key, tab in enumerate(TABS, start=1):
        window.page.keyboard.press(str(key))
        window.page.wait_for_selector(f".tl-{tab}")
        window.page.wait_for_timeout(300)
        assert window.page.evaluate(OVERLAPS, tab) == [], tab
    for tab in TABS:
        window.tab(tab)  # by the mouse
    assert window.page.evaluate(
        """() => {
          const tabs = document.querySelector("[role=tablist]").getBoundingClientRect();
          const tools = document.querySelector(".tl-tools").getBoundingClientRect();
          return tabs.right <= tools.left || tabs.bottom <= tools.top + 5;
        }"""
    ), "the tools lie beside the tabs or below"
    assert window.page.locator("[role=tab]").count() == len(TABS)


def test_a_long_word_about_the_station_covers_no_tab(window: Any) -> None:
    window.page.evaluate(
        "document.querySelector('.tl-station .what').textContent = 'a long story '.repeat(20)"
    )
    for tab in TABS:
        window.tab(tab)


def test_a_long_hint_moves_no_button(window: Any) -> None:
    where = """(text) => {
      document.querySelector(".tl-record .hint").textContent = text;
      return document.querySelector(".tl-record .home").getBoundingClientRect().top;
    }"""
    assert window.page.evaluate(where, "") == window.page.evaluate(where, "a long hint " * 12)


def test_what_takes_its_time_says_so(window: Any) -> None:
    asked: list[Any] = []
    window.page.route("**/api/tasks", lambda route: asked.append(route))
    window.page.reload(wait_until="domcontentloaded")
    said = "document.querySelector('.tl-station')?.textContent.includes(given)"
    window.wait(said, "reading the tasks …")
    for route in asked:
        route.continue_()
    window.phase("ready")


def test_no_button_is_cut_off(window: Any) -> None:
    for tab in TABS:
        window.tab(tab)
        cut = window.page.evaluate(
            """[...document.querySelectorAll("button")].filter((b) => b.offsetParent !== null)
            .filter((b) => !b.closest("[role=tablist], .overflow-menu, .queue, .take"))
            .filter((b) => b.scrollWidth > b.clientWidth + 1).map((b) => b.textContent)"""
        )
        assert cut == [], tab


def test_digits_change_tabs_and_the_question_mark_shows_all_keys(window: Any) -> None:
    window.page.keyboard.press("3")
    window.page.wait_for_selector(".tl-finetune")
    window.page.keyboard.press("1")
    window.page.wait_for_selector(".tl-record .camera")
    window.page.keyboard.press("?")
    text = window.page.inner_text(".tl-dialog[open]")
    assert all(word in text for word in ("Stop", "Practice", "Undo last", "Move", "Gripper"))
    window.page.keyboard.press("Escape")
    window.page.wait_for_selector(".tl-dialog", state="detached")


def test_every_button_with_a_key_shows_it(window: Any) -> None:
    for tab in TABS:
        window.tab(tab)
    window.wait("!document.querySelector('button[data-key]:not(:has(kbd))')")
    assert window.page.locator("button[data-key]").count() > 25


def test_the_choice_of_light_or_dark_outlives_a_reload(window: Any) -> None:
    dark = "document.body.classList.contains('dark')"
    before = window.page.evaluate(dark)
    window.page.keyboard.press("0")
    assert window.page.evaluate(dark) is not before
    window.reload()
    assert window.page.evaluate(dark) is not before


def test_text_from_people_is_never_run(window: Any) -> None:
    evil = "<img src=x onerror='window.ran = 1'>${window.ran = 1}{{value}}"
    window.ask("/api/tasks", {"instruction": evil})
    window.reload()
    texts = "[...document.querySelectorAll('#record-task option')].map((o) => o.textContent)"
    window.wait(f"{texts}.includes(given)", evil)
    assert window.page.evaluate("window.ran") is None


def test_a_page_that_is_not_shown_pulls_no_pictures(window: Any) -> None:
    window.more_frames(3)
    window.tab("data")
    window.page.wait_for_timeout(800)
    before = window.frames()
    window.page.wait_for_timeout(1000)
    assert window.frames() - before <= 2


def test_the_page_comes_back_after_the_server_was_killed(window: Any, server: Any) -> None:
    window.more_frames(3)
    takes = window.takes()
    server.kill()
    window.phase("no connection")
    server.start()
    window.more_frames(3)
    window.drive()
    assert window.takes() == takes
