"""What a page hears of its station and sends to it, while an input drives the arm."""

from collections.abc import Callable
from typing import Any

import numpy as np

OWN = """performance.getEntriesByType("resource").map((each) => each.name)
  .find((name) => name.endsWith("/shared/keys.js"))"""


def module(path: str) -> str:
    """In JavaScript: a module of the page, the one that the page itself has."""
    return f'await import({OWN}.replace("shared/keys.js", "{path}"))'


# All states that came, and what was sent, since the page was opened.
FOLLOW = f"""async () => {{
  const {{ connection }} = {module("shared/connection.js")};
  window.states = [];
  window.sent = [];
  connection.on("state", (state) => window.states.push(state));
  const send = connection.send.bind(connection);
  connection.send = (type, fields) => {{
    if (type === "twist") window.sent.push(fields);
    send(type, fields);
  }};
}}"""
NEWEST = "window.states.at(-1)"
REST_MS = 200
TICK_MS = 50


def choose(window: Any, name: str) -> None:
    window.page.select_option("#record-input", name)
    window.blur()
    window.wait(f"{NEWEST}?.agent === given", name)


def practise(window: Any, name: str) -> None:
    choose(window, name)
    window.page.keyboard.press("p")
    window.phase("practising")


def hinted(window: Any, words: str) -> None:
    """Wait until the page says it."""
    window.wait("document.querySelector('.tl-record .hint').textContent.includes(given)", words)


def pose(window: Any) -> np.ndarray:
    return np.reshape(window.page.evaluate(f"{NEWEST}.robot.ee_pose"), (4, 4))


def moved(window: Any, start: Callable[[], object], stop: Callable[[], object]) -> np.ndarray:
    """By how much the hand moved, in m in the base frame, while something was held."""
    window.wait(f"{NEWEST}.robot.speed_m_s < 0.005")
    before = pose(window)[:3, 3]
    start()
    window.wait(
        f"Math.hypot(...[3, 7, 11].map((i, n) => {NEWEST}.robot.ee_pose[i] - given[n])) > 0.03",
        before.tolist(),
    )
    stop()
    window.wait(f"{NEWEST}.decided_by === 'hold'")
    return pose(window)[:3, 3] - before


def direction(vector: np.ndarray) -> list[float]:
    return (vector / np.linalg.norm(vector)).round(1).tolist()


def rest_ms(window: Any, loss: str) -> float:
    """Milliseconds of the station's clock, from the last state before it until the robot holds."""
    before_ns = window.page.evaluate(f"() => {{ const at = {NEWEST}.time_ns; {loss}; return at; }}")
    held = "states.find((each) => each.time_ns > given && each.decided_by === 'hold')"
    window.wait(f"Boolean({held})", before_ns)
    held_ns = window.page.evaluate(f"given => {held}.time_ns", before_ns)
    return (held_ns - before_ns) / 1e6


def decided(window: Any, key: str) -> str:
    """A take of nothing, kept or discarded; its id."""
    window.page.keyboard.press("r")
    window.phase("recording")
    return ended(window, key)


def ended(window: Any, key: str) -> str:
    window.page.keyboard.press("r")
    take = window.reviewed()
    window.page.keyboard.press(key)
    return take


def own_task(window: Any, words: str) -> None:
    window.page.fill("#record-instruction", words)
    window.page.click(".tl-record .task .add")
    window.wait("document.querySelector('#record-task').value === given", words)
    window.blur()
