"""A real server with its simulated station, and a real browser that looks at it."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest
from faked_devices import context_with_devices
from filled_data import fill
from followed_station import FOLLOW, choose
from label_window import LabelWindow
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as WaitedTooLong

import teachloop.simulation.gl  # noqa: F401 - what draws is chosen before anything imports mujoco
from teachloop.app.web.server import bind
from teachloop.jobs.folder import list_jobs
from teachloop.recorder.station.endpoint import StationAway, read_endpoint

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SHOWN = """() => [".tl-station", ".tl-notice", ".tl-dialog", ".hint"].map((selector) =>
  [selector, ...[...document.querySelectorAll(selector)].map((each) => each.innerText)])"""
SLOW_MS = 60_000  # generous: a busy machine is slow, not wrong


class Server:
    """`teachloop serve` on a data folder of its own; may be killed and started again."""

    def __init__(
        self, data: Path, environment: Mapping[str, str] | None = None, *options: str
    ) -> None:
        self.data = data
        self.options = options
        self.environment = {**os.environ, **(environment or {})}
        with bind("127.0.0.1", 0) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "teachloop.app.cli", "serve"]
        command += ["--data", str(self.data), "--port", str(self.port), *self.options]
        with (self.data / "web.txt").open("a") as log:
            self.process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
                env=self.environment,
            )
        assert self.process.stdout is not None
        assert self.url in self.process.stdout.readline(), (self.data / "web.txt").read_text()

    def kill(self) -> None:
        """As if the machine's memory had run out; the station stays."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        assert self.process is not None
        for job in list_jobs(self.data):
            job.cancel()
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.process.kill()
        self._stop_station()

    def _stop_station(self) -> None:
        """One that a restarted server only attached to is left to us."""
        with contextlib.suppress(StationAway, psutil.NoSuchProcess, psutil.TimeoutExpired):
            station = psutil.Process(read_endpoint(self.data).pid)
            station.terminate()
            station.wait(10)


class Window:
    """One browser window, and what a person does in it again and again."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def phase(self, text: str) -> None:
        """Wait until the bar says it."""
        self.wait("document.querySelector('.tl-station').textContent.includes(given)", text)

    def said(self, pattern: str) -> None:
        """Wait until the bar says one of several things."""
        self.wait("RegExp(given).test(document.querySelector('.tl-station').textContent)", pattern)

    def wait(self, condition: str, given: object = None, timeout_ms: int = SLOW_MS) -> None:
        """Wait until a condition in JavaScript holds; it may speak of ``given``."""
        try:
            self.page.wait_for_function(f"given => {condition}", arg=given, timeout=timeout_ms)
        except WaitedTooLong as error:
            shown = self.page.evaluate(SHOWN)
            raise AssertionError(f"{condition} ({given!r}) never held. Shown: {shown}") from error

    def enabled(self, selector: str) -> None:
        """Wait until a button can be pressed."""
        self.wait("document.querySelector(given)?.disabled === false", selector)

    def drive(self) -> None:
        """Wait until this window drives."""
        self.wait("document.querySelector('.tl-control').textContent.startsWith('Driving')")

    def rest(self) -> None:
        """Drive, and leave nothing of an earlier test on the station."""
        self.drive()
        self.wait(
            "/ready|review|recor|practising/.test(document.querySelector('.tl-station').textContent)"
        )
        if re.search("record|practising", self.page.inner_text(".tl-station")):
            self.page.keyboard.press("Space")
            self.wait("/ready|review/.test(document.querySelector('.tl-station').textContent)")
        if "review" in self.page.inner_text(".tl-station"):
            self.enabled(".tl-record .discard")
            self.page.keyboard.press("Backspace")
        self.phase("ready")
        self.enabled(".tl-record button.record")

    def tab(self, name: str) -> None:
        self.page.click(f"[role=tab][data-tab-id={name}]")
        self.page.wait_for_selector(f".tl-{name}")

    def blur(self) -> None:
        """Leave whatever field has the focus, so that keys are keys again."""
        self.page.evaluate("document.activeElement.blur()")

    def hold(self, keys: str, seconds: float) -> None:
        """Keys that are held down together."""
        for key in keys:
            self.page.keyboard.down(key)
        time.sleep(seconds)
        for key in keys:
            self.page.keyboard.up(key)

    def ask(self, path: str, body: object = None) -> Any:
        """A request of the page itself: GET, or POST where there is a body."""
        return self.page.evaluate(
            """async ([path, body]) => {
              const headers = {"content-type": "application/json"};
              const post = {method: "POST", headers, body: JSON.stringify(body)};
              return (await fetch(path, body === null ? {} : post)).json();
            }""",
            [path, body],
        )

    def reload(self) -> None:
        self.page.reload(wait_until="domcontentloaded")
        self.page.wait_for_selector(".tl-record .camera")

    def frames(self, page: str = "record", camera: str = "front") -> int:
        """How many live pictures were drawn so far."""
        figure = self.page.locator(f".tl-{page} .camera[data-camera={camera}]")
        return int(figure.get_attribute("data-frames") or 0)

    def more_frames(self, count: int, page: str = "record", camera: str = "front") -> None:
        """Wait for as many further live pictures."""
        wanted = self.frames(page, camera) + count
        figure = f"document.querySelector('.tl-{page} .camera[data-camera={camera}]')"
        self.wait(f"Number({figure}.dataset.frames) >= given", wanted)

    def takes(self) -> list[dict[str, Any]]:
        """What the server lists, the newest first, without those in the bin."""
        return [row for row in self.ask("/api/takes")["takes"] if not row["deleted"]]

    def new_scene(self) -> None:
        """Leave what an earlier test did to the objects and to the gripper."""
        self.page.fill("#record-instruction", "of the scene before")
        self.blur()
        self.page.keyboard.press("x")
        self.wait("document.querySelector('#record-instruction').value !== 'of the scene before'")
        self.enabled(".tl-record button.record")

    def record(self, seconds: float, decision: str = "Enter") -> str:
        """One take of nothing, kept or discarded; returns its id."""
        self.page.keyboard.press("r")
        self.phase("recording")
        time.sleep(seconds)
        self.page.keyboard.press("r")
        return self.decide(decision)

    def reviewed(self, page: str = "record") -> str:
        """Wait until a take is there to be reviewed; its id."""
        self.phase("review")
        playback = self.page.wait_for_selector(f".tl-{page} .camera .playback:not([hidden])")
        self.enabled(f".tl-{page} .keep")
        return (playback.get_attribute("data-take") if playback else "") or ""

    def decide(self, decision: str = "Enter", page: str = "record") -> str:
        """Wait until the take is there to be reviewed, keep or discard it; returns its id."""
        take = self.reviewed(page)
        self.page.keyboard.press(decision)
        self.phase("ready")
        while (take in [row["id"] for row in self.takes()]) is (decision != "Enter"):
            self.page.wait_for_timeout(100)
        return take

    def record_expert(self, task: str = "pick") -> str:
        """One take of the script at work, kept; returns its id."""
        self.page.select_option("#record-task", task)
        self.page.select_option("#record-input", "expert")
        self.blur()
        self.enabled(".tl-record button.record")
        self.page.keyboard.press("r")
        self.phase("recording")
        take = self.decide()
        self.page.select_option("#record-input", "keyboard")
        self.blur()
        return take


@pytest.fixture(scope="session")
def new_server() -> Callable[..., Server]:
    """Makes servers, not yet started; see ``Server``."""
    return Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("data"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def own_server(
    request: pytest.FixtureRequest,
    new_server: Callable[..., Server],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """One for the tests of a file alone, whose station is as the file's STATION says."""
    data = tmp_path_factory.mktemp("own")
    (data / "station.yaml").write_text(request.module.STATION)
    server = new_server(data)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def filled_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for the tests of a file alone, with takes, an adapter and jobs."""
    server = Server(tmp_path_factory.mktemp("filled"))
    fill(server.data)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where there is one, else the browser that Playwright brought."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def windows(
    server: Server, new_context: Callable[..., BrowserContext]
) -> Iterator[Callable[..., Window]]:
    """Opens windows; at the end none may have failed or asked anybody else."""
    pages: list[Page] = []
    errors: list[str] = []
    outside: list[str] = []
    own = (server.url, server.url.replace("http", "ws"), "data:", "blob:")

    def open_window(**options: Any) -> Window:
        page = new_context(**options).new_page()
        pages.append(page)
        page.set_default_timeout(SLOW_MS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith(own) else outside.append(r.url))
        page.on("websocket", lambda s: None if s.url.startswith(own) else outside.append(s.url))
        page.goto(server.url, wait_until="domcontentloaded")
        page.wait_for_selector(".tl-record .camera")
        return Window(page)

    yield open_window
    for page in pages:
        page.close()
    assert outside == []
    assert errors == []


@contextlib.contextmanager
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts, each as a browser that was never here before."""
    with contextlib.ExitStack() as closing:

        def new_context(**options: Any) -> BrowserContext:
            size: ViewportSize = {"width": 1280, "height": 800}
            return closing.enter_context(browser.new_context(viewport=size, **options))

        yield new_context


@pytest.fixture
def new_window(browser: Browser, server: Server) -> Iterator[Callable[..., Window]]:
    """Opens windows; at the end of the test none may have failed or asked anybody else."""
    with contexts(browser) as new_context, windows(server, new_context) as opened:
        yield opened


@pytest.fixture
def open_take(new_window: Callable[..., Window], server: Server) -> Callable[[str], LabelWindow]:
    """Opens a window whose Label page shows a take."""

    def opened(take: str) -> LabelWindow:
        window = LabelWindow(new_window(), server.data)
        window.show(take)
        window.state("Saved")
        return window

    return opened


@pytest.fixture(scope="module")
def kept_context(browser: Browser) -> Iterator[BrowserContext]:
    """One for the tests of a file: what its pages loaded once they need not load again."""
    with contexts(browser) as new_context:
        yield new_context()


@pytest.fixture(scope="module")
def faked_context(browser: Browser) -> Iterator[BrowserContext]:
    """As ``kept_context``, with devices that ``device_fakes.js`` plugs and moves."""
    with context_with_devices(browser) as context:
        yield context


@pytest.fixture(scope="module")
def kept_window(server: Server, kept_context: BrowserContext) -> Iterator[Window]:
    """One window for all tests of a file."""
    with windows(server, lambda: kept_context) as opened:
        yield opened()


@pytest.fixture
def window_of() -> Callable[[Page], Window]:
    """A window of a page that a test opened itself."""
    return Window


@pytest.fixture
def window(server: Server, kept_context: BrowserContext) -> Iterator[Window]:
    """A window that drives, with the station at rest; nobody said anything in it before."""
    with windows(server, lambda: kept_context) as opened:
        window = opened()
        window.rest()
        yield window
        if not window.page.is_closed():
            window.page.evaluate("localStorage.clear()")


@pytest.fixture
def followed(window: Window) -> Iterator[Window]:
    """A window whose messages are looked at, see ``followed_station``; the keyboard is chosen."""
    window.page.evaluate(FOLLOW)
    window.wait("window.states.length > 0")
    yield window
    window.rest()
    choose(window, "keyboard")
