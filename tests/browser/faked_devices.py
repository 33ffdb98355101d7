"""Gamepads and SpaceMice for a browser; ``device_fakes.js`` plugs and moves them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

FAKES = (Path(__file__).parent / "device_fakes.js").read_text("utf-8")


@contextmanager
def context_with_devices(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(FAKES)
    yield context
    context.close()
