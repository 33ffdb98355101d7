"""How long a page takes to be there, how fresh its pictures are, how fast a click is answered.

Starts `teachloop serve` on an empty data folder and looks at it with a headless Chromium:
seconds from the start of the process to a page on which Record can be pressed; previews of
the simulator beside a running recording, and of the synthetic 640×480 cameras at 30 frames a
second (distinct frames drawn a second, age when drawn: p50, p95); clicks on a take's first
picture to the mask drawn, with and without the segmenter's own time.
"""

import contextlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from frame import Bar, Figures, Options, run
from playwright.sync_api import Browser, Page, sync_playwright

from teachloop.app.web.server import bind
from teachloop.recorder.station.endpoint import StationAway, read_endpoint

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WAIT_MS = 120_000
SETTLE_MS = 3000  # a person's browser is open already
RECORD_ENABLED = "document.querySelector('.tl-record button.record')?.disabled === false"
LATENCIES = "document.querySelector('.tl-label').latencies"
FRAMES = """(since) => [...document.querySelectorAll('.tl-record .camera')].map((figure) =>
  [figure.dataset.camera, figure.teachloopFrames.filter((frame) => frame.at > since)])"""


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    seconds: float = 20.0
    """How long to watch the previews; whole ones."""
    clicks: int = 15
    """How many clicks."""


def measure(asked: Asked) -> Figures:
    """Of the simulator beside a recording, then of the synthetic cameras."""
    seconds, count = (4.0, 4) if asked.quick else (asked.seconds, asked.clicks)
    results: dict[str, Any] = {"seconds": seconds}
    with chromium() as browser:
        browser.new_page().wait_for_timeout(SETTLE_MS)
        with serving(browser, "simulated") as (page, started):
            results["startup"] = started
            press(page, "r", "recording")
            results["simulated"] = watch(page, seconds, move)
            press(page, "r", "review")
            page.wait_for_selector(".tl-record .playback:not([hidden])")
            press(page, "Enter", "ready")
            results["clicks"] = click(page, count)
        with serving(browser, "synthetic") as (page, _):
            results["synthetic"] = watch(page, seconds)
    return results


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """What a person feels."""
    found: Any = figures
    simulated, synthetic = (list(found[name].values()) for name in ("simulated", "synthetic"))
    return [
        Bar("seconds to a usable page", found["startup"]["usable_s"], most=6.0),
        Bar("simulated previews a second", min(c["distinct_hz"] for c in simulated), least=15),
        Bar("synthetic previews a second", min(c["distinct_hz"] for c in synthetic), least=28),
        Bar("their age, p95 ms", max(c["age_p95_ms"] for c in synthetic), most=30),
        Bar("click to mask, median ms", found["clicks"]["median_ms"], most=120),
        Bar("that without the segmenter", found["clicks"]["median_without_segmenter_ms"], most=30),
    ]


def nothing(data: Path) -> None:
    """The data folder stays as it is."""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's where there is one, else the one that Playwright brought."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def serving(
    browser: Browser, source: str, fill: Callable[[Path], None] = nothing
) -> Iterator[tuple[Page, dict[str, float]]]:
    """A server on a folder that ``fill`` filled, a page of it on which Record can be pressed, and
    how long that took."""
    with bind("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="teachloop-browser-") as data:
        fill(Path(data))
        began = time.monotonic()
        command = [sys.executable, "-m", "teachloop.app.cli", "serve", "--data", data]
        command += ["--port", str(port), "--source", source]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            process.stdout.readline()
            started = {"answers_s": time.monotonic() - began}
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.set_default_timeout(WAIT_MS)
            page.goto(f"http://127.0.0.1:{port}/", wait_until="domcontentloaded")
            page.wait_for_selector(".tl-record .camera")
            started["usable_s"] = time.monotonic() - began
            page.wait_for_function(RECORD_ENABLED)
            started["recordable_s"] = time.monotonic() - began
            yield page, started
            page.close()
        finally:
            end(process, Path(data))


def end(process: "subprocess.Popen[str]", data: Path) -> None:
    """Stop the server, and wait for its station to put everything down."""
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    with contextlib.suppress(StationAway, psutil.Error):
        psutil.Process(read_endpoint(data).pid).wait(30)


def press(page: Page, key: str, phase: str) -> None:
    page.keyboard.press(key)
    page.wait_for_function(
        "text => document.querySelector('.tl-station').textContent.includes(text)", arg=phase
    )


def rest(page: Page, seconds: float) -> None:
    page.wait_for_timeout(1000 * seconds)


def move(page: Page, seconds: float) -> None:
    """To and fro: the simulator draws only once what stays as it is."""
    for number in range(round(seconds)):
        key = "ws"[number % 2]
        page.keyboard.down(key)
        page.wait_for_timeout(1000)
        page.keyboard.up(key)


def watch(page: Page, seconds: float, wait: Callable[[Page, float], None] = rest) -> dict[str, Any]:
    """Distinct frames a second and their ages, for each camera."""
    page.wait_for_timeout(2000)
    since = page.evaluate("performance.now()")
    wait(page, seconds)
    return {camera: summary(frames, seconds) for camera, frames in page.evaluate(FRAMES, since)}


def summary(frames: list[dict[str, float]], seconds: float) -> dict[str, float]:
    ages = sorted(frame["ageMs"] for frame in frames)
    return {
        "distinct_hz": len({frame["number"] for frame in frames}) / seconds,
        "age_p50_ms": ages[len(ages) // 2],
        "age_p95_ms": ages[int(0.95 * len(ages))],
    }


def click(page: Page, count: int) -> dict[str, float]:
    """Clicks on the first front picture of the newest take; the first, which warms up, does not
    count."""
    open_label(page)
    place_clicks(page, 1)
    return told(place_clicks(page, count))


def open_label(page: Page) -> None:
    page.click("[role=tab][data-tab-id=label]")
    page.wait_for_function("document.querySelector('.tl-label .where').textContent.includes('of')")
    page.wait_for_selector(".tl-label [data-camera=front] figcaption:has-text('front')")


def place_clicks(page: Page, count: int) -> list[dict[str, float]]:
    """One after the other, all over the front picture; each with its milliseconds."""
    box = page.locator(".tl-label [data-camera=front] .over").bounding_box()
    assert box is not None
    before = len(page.evaluate(LATENCIES))
    for number in range(count):
        across, down = 0.3 + 0.4 * (number % 4) / 3, 0.5 + 0.3 * (number // 4) / max(1, count // 4)
        page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
        page.wait_for_function(f"n => {LATENCIES}.length > n", arg=before + number)
    return page.evaluate(LATENCIES)[before:]


def told(clicks: list[dict[str, float]]) -> dict[str, float]:
    """From a click to its mask on the screen, and all of that but the segmenter's own part."""
    spent_ms = sorted(each["ms"] for each in clicks)
    return {
        "count": len(clicks),
        "median_ms": statistics.median(spent_ms),
        "p95_ms": spent_ms[int(0.95 * len(spent_ms))],
        "median_without_segmenter_ms": statistics.median(
            each["ms"] - each["segmenterMs"] for each in clicks
        ),
    }


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
