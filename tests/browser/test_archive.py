"""Marked takes are archived, and played and labelled as before, in a real browser."""

from typing import Any

from teachloop.datasets.takes.reader import Take

SHOWN = """(() => {
  const [view] = document.querySelectorAll(".tl-data .player canvas");
  if (!view?.width) return false;
  const { data } = view.getContext("2d").getImageData(0, 0, view.width, view.height);
  return new Set(data).size > 50;  // not one colour, but a picture
})()"""


def test_marked_takes_are_archived_and_play_on(window: Any, server: Any) -> None:
    page = window.page
    takes = [window.record(1.0) for _ in range(2)]
    window.tab("data")
    assert page.is_hidden(".tl-data .archive")
    for take in takes:
        page.wait_for_selector(f".tl-data tr[data-take='{take}']")
        page.check(f".tl-data tr[data-take='{take}'] input")
    page.click(".tl-data .bulk .archiving")
    page.wait_for_selector("dialog:has-text('Archive 2 takes?')")
    page.keyboard.press("Enter")  # says no
    page.wait_for_selector("dialog", state="detached")
    assert page.is_hidden(".tl-data .archive")
    page.click(".tl-data .bulk .archiving")
    page.wait_for_selector("dialog:has-text('The recorded JPEGs are gone then')")
    page.screenshot(path=server.data / "archive.png")
    page.click("dialog button.primary")
    page.wait_for_selector(".tl-data .archive .outcome:has-text('2 takes archived')")
    page.screenshot(path=server.data / "archived.png")
    for take in takes:
        with Take.open(server.data / "takes" / take) as opened:
            assert opened.info.video is not None
    page.click(f".tl-data tr[data-take='{takes[0]}'] td:nth-child(2)")
    window.wait(SHOWN)
    page.keyboard.press("l")
    page.wait_for_selector(".tl-label [data-camera=front] figcaption:has-text('front')")
    box = page.locator(".tl-label [data-camera=front] .over").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 0.6 * box["height"])
    window.wait("document.querySelector('.tl-label').latencies.length > 0")  # a mask is drawn
