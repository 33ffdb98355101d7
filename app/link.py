"""The web process's line to the station: the newest of what it publishes, and commands."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from ..recorder.client import AsyncStationClient, StationAway, read_endpoint

SILENT_S = 1.0
LOOK_S = 0.2
TOPICS = ("state", "preview/", "event")
Listener = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Preview:
    """The newest picture of one camera, as the station encoded it."""

    number: int
    time_ns: int  # host monotonic clock
    width: int
    height: int
    jpeg: bytes

    @property
    def wall_ms(self) -> float:
        """When it was taken, in ms since the epoch: the clock that a browser shares."""
        return time.time() * 1e3 - (time.monotonic_ns() - self.time_ns) / 1e6


class StationLink:
    """Follows the station of a data folder through its restarts.

    Listeners are called on the event loop with the topic of what is new: "state",
    "preview/<camera>", "event" or "link".
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.client: AsyncStationClient | None = None
        self.state: dict[str, Any] | None = None
        self.event: dict[str, Any] | None = None
        self.previews: dict[str, Preview] = {}
        self.listeners: set[Listener] = set()
        self.watched = False  # whether anybody looks; without, no picture is encoded
        self._heard = 0.0

    @property
    def alive(self) -> bool:
        """Whether the station spoke within the last second."""
        return time.monotonic() - self._heard < SILENT_S

    async def command(self, name: str, **fields: Any) -> dict[str, Any]:
        """Send a command. Raises StationError in the station's words, StationAway without one."""
        if self.client is None:
            raise StationAway("The station is not running yet.")
        return await self.client.command(name, **fields)

    async def run(self) -> None:
        """Connect, and connect again whenever another station takes over the folder."""
        while True:
            endpoint = await self._endpoint()
            async with AsyncStationClient(endpoint) as client:
                self.client = client
                listening = asyncio.create_task(self._listen(client))
                try:
                    await self._until_gone(endpoint)
                finally:
                    await _cancel(listening)
                    self.client, self.state = None, None
                    self._tell("link")

    async def _endpoint(self) -> dict[str, Any]:
        while True:
            with contextlib.suppress(StationAway):
                endpoint = read_endpoint(self.data)
                if psutil.pid_exists(endpoint["pid"]):
                    return endpoint
            await asyncio.sleep(LOOK_S)

    async def _until_gone(self, endpoint: dict[str, Any]) -> None:
        spoke = self.alive
        while psutil.pid_exists(endpoint["pid"]):
            with contextlib.suppress(StationAway):
                if read_endpoint(self.data)["pid"] != endpoint["pid"]:
                    return
            await asyncio.sleep(LOOK_S)
            if spoke != self.alive:
                spoke = self.alive
                self._tell("link")

    async def _listen(self, client: AsyncStationClient) -> None:
        async for topic, message in client.subscribe(*TOPICS):
            self._heard = time.monotonic()
            if topic == "state":
                self.state = message
            elif topic == "event":
                self.event = message
            else:
                self.previews[topic.removeprefix("preview/")] = Preview(
                    **{key: message[key] for key in Preview.__slots__}
                )
            self._tell(topic)

    def _tell(self, topic: str) -> None:
        for listener in tuple(self.listeners):
            listener(topic)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
