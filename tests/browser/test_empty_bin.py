"""The bin is emptied on Data, in a real browser."""

from typing import Any


def test_what_is_in_the_bin_goes_for_good_once_it_is_asked(window: Any, server: Any) -> None:
    page = window.page
    kept = window.record(0.4)
    binned = [window.record(0.4, "Backspace") for _ in range(2)]
    window.tab("data")
    assert page.is_hidden(".tl-data .empty-bin")
    page.select_option(".tl-data .which", "bin")
    page.check(f".tl-data tr[data-take='{binned[0]}'] input")
    page.click(".tl-data .empty-bin:has-text('Remove 1 for good')")
    page.wait_for_selector("dialog:has-text('Remove 1 take for good?')")
    page.keyboard.press("Enter")  # says no
    page.wait_for_selector("dialog", state="detached")
    assert (server.data / "takes" / binned[0]).is_dir()
    page.click(".tl-data .empty-bin")
    page.wait_for_selector("dialog:has-text('nothing brings them back')")
    page.screenshot(path=server.data / "empty_bin.png")
    page.click("dialog button.primary")
    page.wait_for_selector(".tl-data .removal .outcome:has-text('1 take removed')")
    page.wait_for_selector(f".tl-data tr[data-take='{binned[0]}']", state="detached")
    assert not (server.data / "takes" / binned[0]).exists()
    page.click(".tl-data .empty-bin:has-text('Empty the bin')")
    page.click("dialog button.primary")
    window.wait("document.querySelectorAll('.tl-data tr[data-take]').length === 0")
    assert page.inner_text(".tl-data tbody") == "The bin is empty."
    page.screenshot(path=server.data / "emptied_bin.png")
    assert not (server.data / "takes" / binned[1]).exists()
    assert kept in [row["id"] for row in window.takes()]
    page.select_option(".tl-data .which", "kept")
    assert page.is_hidden(".tl-data .removal")
