"""What is odd about a take is said while it is reviewed, and in the list, in a real browser."""

from typing import Any


def own_task(window: Any, instruction: str) -> None:
    """What is usual of another task, whose takes other tests made, is none of this one's."""
    window.page.fill("#record-instruction", instruction)
    window.page.click(".tl-record .task .add")
    window.wait("document.querySelector('#record-task').value.startsWith(given)", instruction)
    window.blur()


def record_a_rest(window: Any) -> str:
    """A take in whose middle nothing moves; its id."""
    window.page.keyboard.press("r")
    window.phase("recording")
    window.hold("w", 0.6)
    window.page.wait_for_timeout(2500)
    window.hold("s", 0.6)
    window.page.keyboard.press("r")
    return window.reviewed()


def test_a_take_with_a_long_pause_says_so_in_review_and_in_the_list(window: Any) -> None:
    page = window.page
    own_task(window, "rest in the middle")
    take = record_a_rest(window)
    said = "/^Nothing moves for .* s in the middle of it[.]/"
    window.wait(f"{said}.test(document.querySelector('.tl-record .hint').textContent)")
    window.decide()
    plain = window.record(0.5)
    window.tab("data")
    page.select_option(".tl-data .which", "odd")
    row = f".tl-data tbody tr[data-take='{take}']"
    page.wait_for_selector(f"{row} .odd[title*='in the middle']")
    odd = {each["id"]: each["findings"] for each in window.takes() if each["findings"]}
    assert not any("in the middle" in each for each in odd.get(plain, ()))
    rows = page.locator(".tl-data tbody tr[data-take]").all()
    assert {row.get_attribute("data-take") for row in rows} == set(odd)
    assert "showed one picture" not in page.inner_text(".tl-data tbody")
    page.click(f"{row} button")
    page.wait_for_selector(".tl-data .facts dd:has-text('in the middle of it')")


def test_an_odd_take_is_kept_where_somebody_insists(window: Any) -> None:
    page = window.page
    own_task(window, "rest again, and insist")
    page.check("#record-refuse")
    window.blur()
    plain = window.record(0.5)
    take = record_a_rest(window)
    window.wait("/in the middle/.test(document.querySelector('.tl-record .hint').textContent)")
    page.keyboard.press("Enter")
    page.wait_for_selector(".tl-notice:has-text('Not kept. Nothing moves for')")
    window.wait("document.querySelector('.tl-record .keep').textContent.includes('Keep anyway')")
    assert "review" in page.inner_text(".tl-station")
    page.keyboard.press("Enter")
    window.phase("ready")
    kept = [row["id"] for row in window.takes()]
    assert take in kept
    assert plain in kept
    window.reload()
    assert page.is_checked("#record-refuse")
    page.uncheck("#record-refuse")


def test_an_odd_take_is_not_replayed_without_a_word(window: Any) -> None:
    page = window.page
    own_task(window, "rest, then ask for a replay")
    page.check("#record-refuse")
    window.blur()
    record_a_rest(window)
    window.wait("/in the middle/.test(document.querySelector('.tl-record .hint').textContent)")
    page.keyboard.press("y")
    page.wait_for_selector(".tl-notice:has-text('Not kept. Nothing moves for')")
    assert "review" in page.inner_text(".tl-station")
    window.decide("Backspace")
    page.uncheck("#record-refuse")
