"""What the pages share: the line to the station, who drives, jobs, takes, labels."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from starlette.websockets import WebSocket

from ...labeler.messages import REQUEST, Update
from ...recorder.station.commands import Twist
from ...recorder.station.endpoint import StationError
from ...runtime.errors import TeachloopError
from ...runtime.validation import validated
from ..processes.job_kinds import KINDS
from .control_lease import ControlLease
from .job_feed import JobFeed, plain
from .labeler_proxy import LabelerProxy
from .policy_runner import PolicyRunner
from .station_process import StationProcess
from .station_proxy import StationProxy
from .take_cache import TakeCache
from .websocket import Handler, WebSocketSession

DEATH_LOOK_S = 0.5


class AppState:
    """One per server. Lives on the event loop."""

    def __init__(self, data: Path, station: StationProcess) -> None:
        self.data = data
        self.station = station
        self.link = StationProxy(data)
        self.control = ControlLease(self.link)
        self.take_cache = TakeCache(data)
        self.labeler = LabelerProxy(data, self._tell_labels, self._tell_labeler)
        self.policies = PolicyRunner(data, self.control, self.tell_all)
        self.windows: dict[str, WebSocketSession] = {}
        self.jobs = JobFeed(data, KINDS, lambda jobs: self.tell_all("jobs", jobs=plain(jobs)))
        self.handlers: dict[Any, Handler] = {
            "beat": self._beat,
            "twist": self._twist,
            "control": self._take_control,
            "command": self._command,
            "start_station": self._start_station,
            "roll_out": self._roll_out,
            "label": self._label,
            "start_labeler": self._start_labeler,
        }
        self._names = itertools.count(1)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._cameras = list(station.settings.cameras)
        self.link.listeners.add(self._heard)

    @property
    def cameras(self) -> list[str]:
        """Names by index, as frames carry them, in the station's order; indices never change."""
        return self._cameras

    def call_soon(self, work: Callable[[], None]) -> None:
        """Run on the event loop; may be called from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(work)

    def start(self) -> None:
        """Begin to follow the station and the jobs."""
        self._loop = asyncio.get_running_loop()
        for work in (self.link.run(), self._watch_station(), self.jobs.run(), self.labeler.run()):
            self.spawn(work)

    async def close(self) -> None:
        await self.policies.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.take_cache.close()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run beside everything else; kept until it ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def serve(self, socket: WebSocket) -> None:
        """Serve one window for as long as it is open; when it goes, the robot holds."""
        await socket.accept()
        window = WebSocketSession(socket, self, f"window {next(self._names)}")
        self.windows[window.name] = window
        window.send(
            "hello",
            window=window.name,
            cameras=self._cameras,
            simulated=self.station.simulated,
            link=self.link_summary(),
            labeler=self.labeler.summary.model_dump(),
        )
        window.send("jobs", jobs=plain(self.jobs.summaries))
        try:
            await window.run()
        finally:
            del self.windows[window.name]
            await self.control.leave(window.name)

    def tell_all(self, kind: str, /, **content: Any) -> None:
        for window in self.windows.values():
            window.send(kind, **content)

    def _tell_labels(self, update: Update) -> None:
        self.tell_all(update.kind, **update.model_dump(exclude={"kind"}))

    def _tell_labeler(self) -> None:
        self.tell_all("labeler", **self.labeler.summary.model_dump())

    def state(self) -> dict[str, Any]:
        """The station's newest state, and which window drives."""
        status = self.link.status
        said = status.model_dump(mode="json") if status else {}
        return {**said, "driver": self.control.holder}

    def link_summary(self) -> dict[str, Any]:
        """Whether the station runs, and what it said last where it does not."""
        running = self.link.alive or self.station.running
        if running:
            return {"running": True}
        return {
            "running": False,
            "message": f"The station ended{self.station.how_it_ended}",
            "last_words": self.station.last_words(),
        }

    def _heard(self, topic: str) -> None:
        if topic == "state":
            self._learn_cameras()
        for window in self.windows.values():
            window.heard(topic)

    def _learn_cameras(self) -> None:
        said = [each.name for each in self.link.status.cameras] if self.link.status else []
        unknown = [name for name in said if name not in self._cameras]
        if unknown:
            self._cameras += unknown
            self.tell_all("cameras", cameras=self._cameras)

    async def _watch_station(self) -> None:
        before = True
        while True:
            now = self.link_summary()["running"]
            if now != before:
                self.tell_all("link", **self.link_summary())
                before = now
            await asyncio.sleep(DEATH_LOOK_S)

    async def _beat(self, window: WebSocketSession, message: dict[str, Any]) -> None:
        self.control.beat(window.name)

    async def _twist(self, window: WebSocketSession, message: dict[str, Any]) -> None:
        fields = {key: message.get(key) for key in ("linear", "angular", "gripper")}
        self.control.twist(window.name, Twist.model_validate(fields))

    async def _take_control(self, window: WebSocketSession, message: dict[str, Any]) -> None:
        await self.control.take(window.name, take_over=message.get("take_over") is True)

    async def _command(self, window: WebSocketSession, message: dict[str, Any]) -> dict[str, Any]:
        fields = message.get("fields") or {}
        if not isinstance(fields, dict):
            raise StationError("The fields of a command are a map.")
        reply = await self.control.command(window.name, message["name"], fields)
        return reply.model_dump(mode="json")

    async def _roll_out(self, window: WebSocketSession, message: dict[str, Any]) -> None:
        names = ("adapter", "base", "instruction")
        await self.policies.roll_out(window.name, *(str(message[name]) for name in names))

    async def _label(self, window: WebSocketSession, message: dict[str, Any]) -> dict[str, Any]:
        fields = {name: value for name, value in message.items() if name not in ("type", "id")}
        patch = await self.labeler.ask(validated(REQUEST, fields))
        return patch.model_dump()

    async def _start_labeler(self, window: WebSocketSession, message: dict[str, Any]) -> None:
        self.labeler.start_again()

    async def _start_station(self, window: WebSocketSession, message: dict[str, Any]) -> None:
        try:
            await asyncio.to_thread(self.station.start)
        except OSError as error:
            raise TeachloopError(f"The station cannot be started: {error}.") from error
