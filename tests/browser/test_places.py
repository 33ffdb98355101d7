"""Where takes took something is drawn on the table, in a real browser."""

from typing import Any

INK = """(() => {
  const over = document.querySelector(".tl-record [data-camera=front] canvas.over");
  if (!over.width) return 0;
  const { data } = over.getContext("2d").getImageData(0, 0, over.width, over.height);
  return data.filter((value, index) => index % 4 === 3 && value > 0).length;
})()"""
HINT = "document.querySelector('.tl-record .hint').textContent"


def grasp(window: Any) -> None:
    """A take in which the hand closes, where it is."""
    window.new_scene()
    window.page.keyboard.press("r")
    window.phase("recording")
    window.hold("g", 0.4)
    window.page.wait_for_timeout(300)
    window.page.keyboard.press("r")
    window.decide()


def test_places_are_drawn_once_there_are_some(window: Any, server: Any) -> None:
    page = window.page
    page.select_option("#record-task", "pick")
    window.blur()
    window.enabled(".tl-record button.record")
    page.check("#record-places")
    window.blur()
    window.wait(f"{HINT}.includes('Places are drawn once 4 takes')")
    assert page.evaluate(INK) == 0
    for _ in range(4):
        grasp(window)
    window.wait(f"{HINT}.includes('Fewest takes')")
    window.wait(f"{INK} > 1000")
    page.screenshot(path=server.data / "places.png")
    page.keyboard.press("p")
    window.wait(f"{INK} === 0")
    page.keyboard.press("p")
    window.wait(f"{INK} > 1000")
    page.uncheck("#record-places")
    window.blur()
    window.wait(f"{INK} === 0")
    window.wait(f"!{HINT}.includes('Fewest')")
