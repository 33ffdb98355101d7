"""The labeler's process: it alone opens takes to label them, segments, propagates and
paraphrases."""

import contextlib
import logging
import socket
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Barrier, Event, Lock

import zmq

from ...datasets.errors import LabelsDamaged, NoSuchTake, NothingShown, StaleRevision
from ...labeler.methods import Methods
from ...labeler.models.settings_file import SettingsFile
from ...labeler.models.use import use_weights
from ...labeler.protocol import (
    ASKED,
    Answered,
    Asked,
    LabelerStart,
    Leave,
    MethodChoice,
    Offer,
    Picture,
    Poster,
    Reason,
    Refused,
    Spoken,
    UseWeights,
)
from ...labeler.requests import LabelRequest
from ...labeler.service import LabelingService
from ...labeler.settings import Method, WrongSettings
from ...runtime.disk_errors import in_words
from ...runtime.errors import TeachloopError
from ...runtime.ipc.channel import Channel
from ...runtime.ipc.messages import Envelope
from ...runtime.ipc.worker_process import watch_parent

logger = logging.getLogger(__name__)
THREADS = 8  # requests that are worked on at once
LOOK_MS = 200


class Outbox:
    """Messages of all threads, for the one that may send."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Envelope[Spoken]] = SimpleQueue()
        self.bell, self._rope = socket.socketpair()
        self.bell.setblocking(False)

    def put(self, message: Spoken, ref: int | None = None) -> None:
        """May be called from any thread."""
        self._waiting.put(Envelope(message, ref))
        self._rope.send(b"\0")

    def send_all(self, channel: Channel[Asked]) -> None:
        """Send what waits."""
        with contextlib.suppress(BlockingIOError):
            self.bell.recv(4096)
        while not self._waiting.empty():
            envelope = self._waiting.get()
            channel.send(envelope.message, envelope.ref)


class LabelerLoop:
    """Passes requests on to threads, and what they say back."""

    def __init__(self, data: Path, channel: Channel[Asked]) -> None:
        self._channel = channel
        self._outbox = Outbox()
        self._data = data
        self._settings = SettingsFile(data)
        self._methods = Methods(self._settings.read())
        self._service = LabelingService(data, self._methods, self._outbox.put)
        self._following = Lock()
        self._offered: Offer | None = None
        self._offer_news()

    def run(self, gone: Event) -> None:
        """Until the parent is gone."""
        poller = zmq.Poller()
        poller.register(self._channel.socket, zmq.POLLIN)
        poller.register(self._outbox.bell, zmq.POLLIN)
        with ThreadPoolExecutor(THREADS) as threads:
            all_there = Barrier(THREADS)  # from the beginning, so that load makes no new ones
            for _ in range(THREADS):
                threads.submit(all_there.wait)
            while not gone.is_set():
                poller.poll(LOOK_MS)
                for envelope in self._channel.receive():
                    threads.submit(self._answer, envelope)
                self._follow_settings()
                self._offer_news()
                self._tell_presence()
                self._outbox.send_all(self._channel)
            self._service.close()

    def _follow_settings(self) -> None:
        """Use what the settings name by now; those that are none leave it as it was."""
        with self._following:
            if not self._settings.changed:
                return
            try:
                self._service.use(self._settings.read())
            except WrongSettings as error:
                logger.warning("%s", error)

    def _offer_news(self) -> None:
        """What there is to choose from, and what it costs by now."""
        offer = _offer(self._methods)
        if offer != self._offered:
            self._offered = offer
            self._outbox.put(offer)

    def _tell_presence(self) -> None:
        """Who came to a take, left it, or was there for too long without a change."""
        news = self._service.presence.news()
        if news is not None:
            self._outbox.put(news)

    def _answer(self, envelope: Envelope[Asked]) -> None:
        request = envelope.message
        if isinstance(request, Leave):
            self._service.presence.left(request.window, request.take)
            return
        try:
            answer = self._done(request)
        except TeachloopError as error:
            answer = Refused(message=str(error), reason=_reason(error))
        except Exception as error:
            logger.exception("Cannot do %r.", request.action)
            words = in_words(error, f"The labeler failed to do {request.action!r}")
            answer = Refused(message=words)
        self._outbox.put(answer, envelope.ref)

    def _done(self, request: LabelRequest | Poster | UseWeights) -> Spoken:
        if isinstance(request, Poster):
            return Picture(jpeg=self._service.poster(request.take))
        if isinstance(request, UseWeights):
            use_weights(self._data, self._methods, request.method, request.weights)
            self._follow_settings()
            return _offer(self._methods)
        return Answered(patch=self._service.do(request))


def _reason(error: TeachloopError) -> Reason:
    if isinstance(error, NoSuchTake | NothingShown):
        return "missing"
    if isinstance(error, StaleRevision):
        return "stale"
    return "damaged" if isinstance(error, LabelsDamaged) else ""


def _offer(methods: Methods) -> Offer:
    return Offer(
        segmenters=_choices(methods.segmenters, methods.look_times.in_words),
        segmenter=methods.settings.segmenter,
        propagators=_choices(methods.propagators),
        propagator=methods.settings.propagator,
        finders=_choices(methods.finders),
        finder=methods.settings.finder,
        paraphrasers=_choices(methods.paraphrasers),
        paraphraser=methods.settings.paraphraser,
    )


def _choices(
    known: Mapping[str, Method], measured: Callable[[str], str] = lambda name: ""
) -> list[MethodChoice]:
    """With what was measured here instead of what is known of other machines."""
    return [
        MethodChoice(
            name=name,
            needs=method.needs,
            costs=measured(name) or method.costs,
            several=method.several,
        )
        for name, method in known.items()
        if method.offered
    ]


def main() -> int:
    """The process, from its settings to the end of its parent."""
    logging.basicConfig()
    start = LabelerStart.model_validate_json(sys.argv[1])
    gone = watch_parent()
    context = zmq.Context()
    channel = Channel.listen(context, start.address, ASKED)
    try:
        LabelerLoop(Path(start.data), channel).run(gone)
    except TeachloopError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        context.destroy(linger=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
