"""The web process's line to the labeler: starts it, asks it, and notices its end."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import zmq.asyncio
from pydantic import BaseModel, ConfigDict

from ...labeler.protocol import (
    SPOKEN,
    Answered,
    LabelerStart,
    Leave,
    MethodChoice,
    Offer,
    Picture,
    Poster,
    Refused,
    Spoken,
    UseWeights,
)
from ...labeler.requests import LabelRequest
from ...labeler.updates import Patch, PresenceChanged, Update
from ...runtime.errors import TeachloopError
from ...runtime.ipc.async_channel import AsyncChannel
from ...runtime.ipc.socket_folder import socket_folder
from ...runtime.ipc.worker_process import WorkerProcess

MODULE = "teachloop.app.processes.labeler"
LOOK_S = 0.1
HEAD_START_S = 3.0  # of the first page, which shares its processors
NOTHING_YET = Offer(
    segmenters=[],
    segmenter="",
    propagators=[],
    propagator="",
    finders=[],
    finder="",
    paraphrasers=[],
    paraphraser="",
)
NOBODY = PresenceChanged(people=[])


class LabelerRefused(TeachloopError):
    """The labeler did not do what was asked; the text is its own."""


class NotThere(LabelerRefused):
    """There is no such take, or no picture of it."""


class ChangedMeanwhile(LabelerRefused):
    """Somebody else changed the words that were to be replaced."""


class DamagedLabels(LabelerRefused):
    """A line of a take's labels is not whole."""


class LabelerAway(TeachloopError):
    """No labeler runs."""


class LabelerSummary(BaseModel):
    """Whether the labeler runs, how it ended where it does not, and what it offers."""

    model_config = ConfigDict(frozen=True)

    running: bool
    message: str = ""
    segmenters: list[MethodChoice] = []
    """Those that may be chosen, once the labeler said so."""
    segmenter: str = ""
    """Name of the one that segments where nobody chooses."""
    propagators: list[MethodChoice] = []
    propagator: str = ""
    finders: list[MethodChoice] = []
    finder: str = ""
    paraphrasers: list[MethodChoice] = []
    paraphraser: str = ""


class LabelerProxy:
    """Lives on the event loop. ``heard`` gets what the labeler tells of takes by itself,
    ``changed`` is called when ``summary`` says something else."""

    def __init__(
        self, data: Path, heard: Callable[[Update], None], changed: Callable[[], None]
    ) -> None:
        self.data = data
        self._heard, self._changed = heard, changed
        self._channel: AsyncChannel[Spoken] | None = None
        self._waiting: dict[int, asyncio.Future[Spoken]] = {}
        self._refs = itertools.count(1)
        self._wanted, self._there = asyncio.Event(), asyncio.Event()
        self._resting = False
        self._offer = NOTHING_YET
        self._presence, self._presence_heard_s = NOBODY, 0.0
        self._ended = "The labeler is not running yet."

    @property
    def summary(self) -> LabelerSummary:
        if self._channel is None and not self._resting:
            return LabelerSummary(running=False, message=self._ended)
        offered = self._offer.model_dump(exclude={"kind"})
        return LabelerSummary.model_validate({"running": True, **offered})

    @property
    def presence(self) -> PresenceChanged:
        """Who is at which take by now."""
        passed_s = time.monotonic() - self._presence_heard_s
        people = self._presence.people
        older = [each.model_copy(update={"since_s": each.since_s + passed_s}) for each in people]
        return PresenceChanged(people=older)

    def start_again(self) -> None:
        """After it ended; nothing while it runs."""
        self._wanted.set()

    async def ask(self, request: LabelRequest) -> Patch:
        """What a request changed. Raises LabelerRefused, LabelerAway, NotThere."""
        answer = await self._ask(request)
        if isinstance(answer, Answered):
            return answer.patch
        raise _refusal(answer)

    async def leave(self, window: str, take: str = "") -> None:
        """A window is at a take no longer; "": at none. Nothing where no labeler runs."""
        if self._channel is not None:
            await self._channel.send(Leave(window=window, take=take))

    async def poster(self, take_id: str) -> bytes:
        """A small JPEG of a take. Raises LabelerRefused, LabelerAway, NotThere."""
        answer = await self._ask(Poster(take=take_id))
        if isinstance(answer, Picture):
            return answer.jpeg
        raise _refusal(answer)

    async def use_weights(self, method: str, weights: str) -> None:
        """From now on, once they were looked at. Raises LabelerRefused, LabelerAway."""
        answer = await self._ask(UseWeights(method=method, weights=weights))
        if not isinstance(answer, Offer):
            raise _refusal(answer)

    async def _ask(self, request: LabelRequest | Poster | UseWeights) -> Spoken:
        if self._resting:
            self._wanted.set()
            await self._there.wait()
        if self._channel is None:
            raise LabelerAway(self._ended)
        ref = next(self._refs)
        answer = self._waiting[ref] = asyncio.get_running_loop().create_future()
        try:
            await self._channel.send(request, ref)
            return await answer
        finally:
            self._waiting.pop(ref, None)

    async def run(self) -> None:
        """Keep a labeler, which begins when the first page had its time or somebody asks; once
        it ended, start the next when that is wished."""
        log = self.data / "labeler" / "log.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        with socket_folder("labeler-") as folder, zmq.asyncio.Context() as context:
            settings = LabelerStart(data=str(self.data))
            child = WorkerProcess("labeler", MODULE, folder, settings, log)
            try:
                await self._rest()
                while True:
                    await self._live(child, context)
                    await self._wanted.wait()
            finally:
                self._awake()
                await asyncio.to_thread(child.stop)

    async def _rest(self) -> None:
        self._resting = True
        with contextlib.suppress(TimeoutError, asyncio.TimeoutError):  # one and the same from 3.11
            await asyncio.wait_for(self._wanted.wait(), HEAD_START_S)

    def _awake(self) -> None:
        self._resting = False
        self._there.set()

    async def _live(self, child: WorkerProcess, context: zmq.asyncio.Context) -> None:
        """One labeler's life."""
        address = await asyncio.to_thread(child.start, ())
        self._channel = channel = AsyncChannel(context, address, SPOKEN)
        self._awake()
        self._changed()
        listening = asyncio.create_task(self._listen(channel))
        try:
            while (reason := child.gone()) is None:
                await asyncio.sleep(LOOK_S)
            self._ended = f"{reason} What was saved is kept. Start it again."
        finally:
            listening.cancel()
            await asyncio.wait([listening])
            self._channel, self._offer = None, NOTHING_YET
            self._wanted.clear()  # what was wished while it ran
            channel.close()
            self._fail()
            self._hear(NOBODY)
            self._changed()

    async def _listen(self, channel: AsyncChannel[Spoken]) -> None:
        while True:
            envelope = await channel.receive()
            message = envelope.message
            if isinstance(message, Update):
                self._hear(message)
                continue
            if isinstance(message, Offer):
                self._offer = message
                self._changed()
            if (answer := self._waiting.get(envelope.ref or 0)) and not answer.done():
                answer.set_result(message)

    def _hear(self, update: Update) -> None:
        if isinstance(update, PresenceChanged):
            self._presence, self._presence_heard_s = update, time.monotonic()
        self._heard(update)

    def _fail(self) -> None:
        """Nobody will answer any more."""
        for answer in self._waiting.values():
            with contextlib.suppress(asyncio.InvalidStateError):
                answer.set_exception(LabelerAway(self._ended))


def _refusal(answer: Spoken) -> TeachloopError:
    if not isinstance(answer, Refused):
        return LabelerRefused(f"Not understood: {answer!r}.")
    return _REFUSALS.get(answer.reason, LabelerRefused)(answer.message)


_REFUSALS: Mapping[str, type[LabelerRefused]] = {
    "missing": NotThere,
    "stale": ChangedMeanwhile,
    "damaged": DamagedLabels,
}
