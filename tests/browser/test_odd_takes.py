"""What is odd about a take is said while it is reviewed, and in the list, in a real browser."""

from typing import Any


def test_a_take_with_a_long_pause_says_so_in_review_and_in_the_list(window: Any) -> None:
    page = window.page
    page.keyboard.press("r")
    window.phase("recording")
    window.hold("w", 0.6)
    page.wait_for_timeout(2500)
    window.hold("s", 0.6)
    page.keyboard.press("r")
    take = window.reviewed()
    said = "/^Nothing moves for .* s in the middle of it[.]/"
    window.wait(f"{said}.test(document.querySelector('.tl-record .hint').textContent)")
    window.decide()
    plain = window.record(0.5)
    window.tab("data")
    page.select_option(".tl-data .which", "odd")
    row = f".tl-data tbody tr[data-take='{take}']"
    page.wait_for_selector(f"{row} .odd[title*='in the middle']")
    assert not page.locator(f".tl-data tbody tr[data-take='{plain}']").count()
    assert "showed one picture" not in page.inner_text(".tl-data tbody")
    page.click(f"{row} button")
    page.wait_for_selector(".tl-data .facts dd:has-text('in the middle of it')")
