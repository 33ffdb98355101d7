"""What happens to a take is heard, in a real browser."""

from typing import Any

# the browser's own oscillators, whose tones are written down as they are started
LISTEN = """() => {
  window.heard = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) {
    window.heard.push(Math.round(this.frequency.value));
    return start.apply(this, at);
  };
}"""


def heard(window: Any, *tones: int) -> None:
    """Waits until exactly these came since the last time."""
    window.wait(f"window.heard.length >= {len(tones)}")
    assert window.page.evaluate("window.heard.splice(0)") == list(tones)


def test_a_take_is_heard_from_its_countdown_to_the_bin(window: Any) -> None:
    page = window.page
    page.evaluate(LISTEN)
    window.record(0.4)
    assert page.evaluate("window.heard") == []
    page.check("#record-sounds")
    heard(window, 660, 990)
    page.check("#record-countdown")
    window.blur()
    page.keyboard.press("r")
    window.phase("recording")
    heard(window, 660, 660, 660, 660, 990)
    page.keyboard.press("r")
    window.reviewed()
    heard(window, 990, 660)
    window.decide("Enter")
    heard(window, 880, 880)
    page.uncheck("#record-countdown")
    window.blur()
    window.record(0.4, "Backspace")
    heard(window, 660, 990, 990, 660, 330)
    window.reload()
    window.wait("document.querySelector('#record-sounds').checked")
    page.uncheck("#record-sounds")


def test_a_take_that_follows_by_itself_is_heard_after_what_was_decided(window: Any) -> None:
    page = window.page
    page.evaluate(LISTEN)
    page.check("#record-sounds")
    heard(window, 660, 990)
    page.check("#record-next")
    page.fill("#record-next-s", "2")
    window.blur()
    page.keyboard.press("r")
    window.phase("recording")
    page.keyboard.press("r")
    window.reviewed()
    heard(window, 660, 990, 990, 660)
    page.keyboard.press("Enter")
    window.phase("recording")
    heard(window, 880, 880, 660, 660, 660, 990)
    page.uncheck("#record-next")
    page.uncheck("#record-sounds")
    window.blur()
    page.keyboard.press("r")
    window.reviewed()
    window.decide("Backspace")
