"""A take that failed but did a part of its task, in a real browser."""

from typing import Any

from teachloop.datasets.labels.labels import Labels

FAILED = "document.querySelector('.tl-record .ending .failed')"
CHIP = "document.querySelector(`.tl-record .takes [data-take='${given}'] b`)"
LISTED = "[...document.querySelectorAll('.tl-data tbody tr')].map(row => row.dataset.take)"


def test_failed_said_twice_is_partly_done(window: Any, server: Any) -> None:
    page = window.page
    page.keyboard.press("r")
    window.phase("recording")
    window.hold("d", 0.5)
    page.keyboard.press("r")
    window.phase("review")
    window.wait("document.querySelector('.tl-record .playback input').max > 1")
    page.keyboard.press("f")
    window.wait(f"{FAILED}.textContent.includes('Failed') && {FAILED}.ariaPressed === 'true'")
    page.keyboard.press("f")
    window.wait(f"{FAILED}.textContent.includes('Partly') && {FAILED}.ariaPressed === 'true'")
    page.screenshot(path=server.data / "partly.png")
    page.keyboard.press("f")
    window.wait(f"{FAILED}.textContent.includes('Failed') && {FAILED}.ariaPressed === 'false'")
    page.keyboard.press("f")
    window.wait(f"{FAILED}.ariaPressed === 'true'")
    page.keyboard.press("f")
    window.wait(f"{FAILED}.textContent.includes('Partly')")
    take = window.decide("Enter")
    window.wait(f"{CHIP}?.textContent.includes('◐')", take)
    said = Labels.open(server.data / "takes" / take).snapshot
    assert (said.success, said.partly) == (False, True)
    window.tab("data")
    page.fill(".tl-data .search", "success:partly")
    window.wait(f"JSON.stringify({LISTED}) === JSON.stringify([given])", take)
    page.fill(".tl-data .search", "success:yes")
    window.wait(f"!{LISTED}.includes(given)", take)
