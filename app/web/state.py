"""What the pages share: the line to the station, who drives, jobs, takes, labels."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path

from pydantic import BaseModel
from starlette.websockets import WebSocket

from ...labeler.updates import Update
from ...recorder.remote.take_copier import COPIED
from ...recorder.station.published import EVENT, STATE, Preview
from ...runtime.ipc.handlers import Handlers
from ...training.trials.store import StudyStore
from ..processes.job_kinds import KINDS
from .control_lease import ControlLease
from .handlers.control import add_control
from .handlers.labeling import add_labeling
from .handlers.rollout import add_rollout
from .handlers.station import add_station
from .handlers.table import WindowHandlers
from .handlers.trials import add_trials
from .job_feed import JobFeed
from .labeler_proxy import LabelerProxy
from .policy_runner import PolicyRunner
from .roles import NAMES
from .schemas.to_window import (
    Cameras,
    Happened,
    Hello,
    Jobs,
    Labeler,
    LabelsUpdated,
    Link,
    LinkSummary,
    State,
    TakesChanged,
    TrialsChanged,
)
from .station_process import StationProcess
from .station_proxy import LINK, StationProxy
from .take_cache import TakeCache
from .trial_runner import TrialRunner
from .websocket import WebSocketSession

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
        self.studies = StudyStore(data)
        self.windows: dict[str, WebSocketSession] = {}
        self.jobs = JobFeed(data, KINDS, lambda jobs: self.tell_all(Jobs(jobs=jobs)))
        self.handlers = self._table()
        self._names = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._cameras = list(station.settings.cameras)
        self.link.listeners.add(self._heard)

    def _table(self) -> WindowHandlers:
        handlers: WindowHandlers = Handlers()
        add_control(handlers, self.control)
        add_station(handlers, self.station)
        add_rollout(handlers, self.policies)
        add_trials(handlers, self._trials())
        add_labeling(handlers, self.labeler)
        return handlers

    def _trials(self) -> TrialRunner:
        def changed() -> None:
            self.tell_all(TrialsChanged())

        return TrialRunner(self.studies, self.control, self.policies, changed)

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

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
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
        window.send(self._hello(window))
        window.send(Jobs(jobs=self.jobs.summaries))
        window.send(LabelsUpdated.of(self.labeler.presence))
        try:
            await window.run()
        finally:
            del self.windows[window.name]
            await self.control.leave(window.name)
            await self.labeler.leave(window.name)

    def _hello(self, window: WebSocketSession) -> Hello:
        return Hello(
            window=window.name,
            may=[name for role, name in NAMES.items() if role <= window.role],
            cameras=self._cameras,
            simulated=self.station.simulated,
            link=self.link_summary(),
            labeler=self.labeler.summary,
        )

    def tell_all(self, message: BaseModel) -> None:
        for window in self.windows.values():
            window.send(message)

    def _tell_labels(self, update: Update) -> None:
        self.tell_all(LabelsUpdated.of(update))

    def _tell_labeler(self) -> None:
        self.tell_all(Labeler(**dict(self.labeler.summary)))

    @property
    def previews(self) -> Mapping[str, Preview]:
        """The newest picture of each camera."""
        return self.link.previews

    def watch(self) -> None:
        """A window waits for a picture."""
        self.link.watch()

    def state(self) -> State | None:
        """The station's newest status, and which window drives."""
        status = self.link.status
        return State(**dict(status), driver=self.control.holder) if status else None

    def link_summary(self) -> LinkSummary:
        """Whether the station runs, and what it said last where it does not."""
        if self.link.alive or self.station.running:
            return LinkSummary(running=True)
        return LinkSummary(
            running=False,
            message=f"The station ended{self.station.how_it_ended}",
            last_words=self.station.last_words(),
        )

    def _heard(self, topic: str) -> None:
        if topic == STATE:
            self._learn_cameras()
        elif topic == EVENT and self.link.event is not None:
            self.tell_all(Happened(**dict(self.link.event)))
            if self.link.event.kind == COPIED:
                self.tell_all(TakesChanged())
        elif topic == LINK:
            self._tell_link()
        for window in self.windows.values():
            window.wake(state=topic == STATE)

    def _tell_link(self) -> None:
        self.tell_all(Link(**dict(self.link_summary())))

    def _learn_cameras(self) -> None:
        said = [each.name for each in self.link.status.cameras] if self.link.status else []
        unknown = [name for name in said if name not in self._cameras]
        if unknown:
            self._cameras += unknown
            self.tell_all(Cameras(cameras=self._cameras))

    async def _watch_station(self) -> None:
        before = True
        while True:
            now = self.link_summary().running
            if now != before:
                self._tell_link()
                before = now
            await asyncio.sleep(DEATH_LOOK_S)
