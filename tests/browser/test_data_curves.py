"""A take is looked at on Data: its curves, who decided, its sub-tasks, and its masks over the
pictures."""

from typing import Any

from drawn_takes import TICK_NS, TICKS, draw_take

from teachloop.datasets.labels.edits import SetSegments
from teachloop.datasets.labels.label_values import Segment
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.steps import Decider

TAKE = "20260101-000000-0009"
CURVES = ".tl-data .curves"
SAID = f"document.querySelector('{CURVES} output').textContent"
PIXELS = f"document.querySelector('{CURVES} canvas').toDataURL()"
MASKED = """[...document.querySelectorAll('.tl-data .player .over')].map(sheet => {
  const {width, height} = sheet;
  const data = sheet.getContext('2d').getImageData(0, 0, width, height).data;
  return data.some((value, at) => at % 4 === 3 && value > 0);
})"""


def opened(window: Any, server: Any) -> Any:
    """Driven by a policy first, then by a person, in two named parts."""
    half = TICKS // 2
    decided = (Decider.POLICY,) * half + (Decider.OPERATOR,) * half
    if not (server.data / "takes" / TAKE).exists():
        draw_take(server.data, TAKE, decided_by=decided)
        parts = (Segment(0, half * TICK_NS, "reach"), Segment(half * TICK_NS, 10**12, "push"))
        labels = Labels.open(server.data / "takes" / TAKE)
        labels.apply([SetSegments(parts)], labels.revision, "Ada")
    window.tab("data")
    window.page.click(f".tl-data tr[data-take='{TAKE}'] td:nth-child(3)")
    window.wait("document.querySelector('.tl-data .title').textContent.startsWith('Take ')")
    window.wait(f"/reach|push/.test({SAID})")
    window.page.keyboard.press("k")
    return window.page


def test_the_cursor_tells_when_who_and_what(window: Any, server: Any) -> None:
    page = opened(window, server)
    box = page.locator(f"{CURVES} canvas").bounding_box()
    page.mouse.click(box["x"] + 2, box["y"] + 20)
    window.wait(f"{SAID} === '0.0 s, decided by policy, reach'")
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + 20)
    window.wait(f"{SAID}.endsWith('decided by a person, push')")
    assert page.input_value(".tl-data .playback input") == str(TICKS - 1)
    page.focus(f"{CURVES} canvas")
    page.keyboard.press("ArrowLeft")
    assert page.input_value(".tl-data .playback input") == str(TICKS - 2)


def test_each_kind_of_curves_is_drawn_and_named(window: Any, server: Any) -> None:
    page = opened(window, server)
    drawn = {}
    kinds = {
        "gripper": ["gripper", "speed"],
        "hand": ["x", "y", "z", "applied"],
        "asked": ["x", "y", "z", "asked"],
        "joints": ["1", "2", "3", "4", "5", "6", "7"],
    }
    for kind, names in kinds.items():
        page.select_option(f"{CURVES} select", kind)
        assert page.locator(f"{CURVES} .legend li").all_inner_texts() == names
        drawn[kind] = page.evaluate(PIXELS)
    assert len(set(drawn.values())) == len(kinds)


def test_masks_lie_over_the_pictures_while_they_are_wanted(window: Any, server: Any) -> None:
    page = opened(window, server)
    assert page.evaluate(MASKED) == [False, False]
    page.keyboard.press("o")
    window.wait(f"({MASKED}).every(Boolean)")
    assert page.get_attribute(".tl-data .show-masks", "aria-pressed") == "true"
    page.keyboard.press("o")
    window.wait(f"!({MASKED}).some(Boolean)")
