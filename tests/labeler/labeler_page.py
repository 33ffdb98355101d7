"""A labeler in its own process as a page has it, played with on a loop."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
from own_loop import run_async

from teachloop.app.web.labeler_proxy import LabelerProxy
from teachloop.labeler.requests import REQUEST
from teachloop.labeler.updates import Patch, Update
from teachloop.runtime.validation import validated

METHODS = Path(__file__).parent  # where methods of somebody else lie
PLACE = {"camera": "front", "object": "cup"}
WAIT_S = 30.0


class Page:
    """A proxy, and what it told."""

    def __init__(self, data: Path) -> None:
        self.told: list[Update] = []
        self.changes: list[bool] = []
        self.proxy = LabelerProxy(data, self.told.append, self._changed)

    def _changed(self) -> None:
        running = self.proxy.summary.running
        if self.changes[-1:] != [running]:
            self.changes.append(running)

    async def act(self, action: str, **fields: Any) -> Patch:
        request = validated(REQUEST, {"action": action, "take": "one", "author": "Ada", **fields})
        return await self.proxy.ask(request)


def labelers() -> list[psutil.Process]:
    """The labeler processes that this one started."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if any("labeler" in word for word in child.cmdline())]


async def until(holds: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < WAIT_S
        await asyncio.sleep(0.02)


@asynccontextmanager
async def open_page(data: Path) -> AsyncIterator[Page]:
    page = Page(data)
    running = asyncio.create_task(page.proxy.run())
    await until(lambda: page.proxy.summary.running)
    try:
        yield page
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


def play(data: Path, scene: Callable[[Page], Awaitable[None]]) -> None:
    async def played() -> None:
        async with open_page(data) as page:
            await scene(page)

    run_async(played())
