"""The web process's line to the station: the newest of what it publishes, and commands."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil

from ...recorder.station.client import AsyncStationClient
from ...recorder.station.commands import Command
from ...recorder.station.endpoint import Endpoint, StationAway, read_endpoint
from ...recorder.station.published import EVENT, PREVIEW, STATE, Event, Preview
from ...recorder.station.status import Status

logger = logging.getLogger(__name__)
SILENT_S = 1.0
LOOK_S = 0.2
UNWATCHED_S = 2.0
LINK = "link"  # the topic of a station that came or went
Listener = Callable[[str], None]
Reply = TypeVar("Reply")


class StationProxy:
    """Follows the station of a data folder through its restarts.

    Listeners are called on the event loop with the topic of what is new: "state",
    "preview/<camera>", "event" or "link".
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.client: AsyncStationClient | None = None
        self.status: Status | None = None
        self.event: Event | None = None
        self.previews: dict[str, Preview] = {}
        self.listeners: set[Listener] = set()
        self._heard = 0.0
        self._wanted = 0.0
        self._watched = asyncio.Event()

    @property
    def alive(self) -> bool:
        """Whether the station spoke within the last second."""
        return time.monotonic() - self._heard < SILENT_S

    def watch(self) -> None:
        """Somebody waits for a picture. The station encodes none while nobody does."""
        self._wanted = time.monotonic()
        self._watched.set()

    async def send(self, command: Command[Reply]) -> Reply:
        """Send a command. Raises StationError in the station's words, StationAway without one."""
        if self.client is None:
            raise StationAway("The station is not running yet.")
        return await self.client.send(command)

    async def run(self) -> None:
        """Connect, and connect again whenever another station takes over the folder."""
        while True:
            endpoint = await self._endpoint()
            async with AsyncStationClient(endpoint) as client:
                self.client = client
                work = (self._listen(client), self._look(client))
                tasks = [asyncio.create_task(each) for each in work]
                tasks.append(asyncio.create_task(self._until_gone(endpoint)))
                try:
                    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for task in tasks:
                        await _ended(task)
                    self.client, self.status = None, None
                    self._tell(LINK)

    async def _endpoint(self) -> Endpoint:
        while True:
            with contextlib.suppress(StationAway):
                endpoint = read_endpoint(self.data)
                if psutil.pid_exists(endpoint.pid):
                    return endpoint
            await asyncio.sleep(LOOK_S)

    async def _until_gone(self, endpoint: Endpoint) -> None:
        spoke = self.alive
        while psutil.pid_exists(endpoint.pid):
            with contextlib.suppress(StationAway):
                if read_endpoint(self.data).pid != endpoint.pid:
                    return
            await asyncio.sleep(LOOK_S)
            if spoke != self.alive:
                spoke = self.alive
                self._tell(LINK)

    async def _listen(self, client: AsyncStationClient) -> None:
        async for message in client.subscribe(STATE, EVENT):
            self._heard = time.monotonic()
            if isinstance(message, Status):
                self.status = message
                self._tell(STATE)
            elif isinstance(message, Event):
                self.event = message
                self._tell(EVENT)

    async def _look(self, client: AsyncStationClient) -> None:
        while True:
            await self._watched.wait()
            async with contextlib.aclosing(client.subscribe(PREVIEW)) as pictures:
                async for picture in pictures:
                    if isinstance(picture, Preview):
                        self._show(picture)
                    if time.monotonic() - self._wanted > UNWATCHED_S:
                        break
            self._watched.clear()

    def _show(self, picture: Preview) -> None:
        self.previews[picture.camera] = picture
        self._tell(f"{PREVIEW}{picture.camera}")

    def _tell(self, topic: str) -> None:
        for listener in tuple(self.listeners):
            listener(topic)


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancel a task unless it ended; what made it fail goes to the log."""
    task.cancel()
    await asyncio.wait([task])
    error = None if task.cancelled() else task.exception()
    if error is not None:
        logger.error("The line to the station failed; it is opened again.", exc_info=error)
