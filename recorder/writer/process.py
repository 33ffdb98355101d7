"""The process that writes: takes while they happen, and where they stay afterwards.

Run as ``python -m teachloop.recorder.writer.process CONFIG``. It alone waits for the disk.
"""

import logging
import shutil
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import zmq

from ...datasets.takes.take_folder import require_room
from ...runtime.disk_errors import in_words
from ...runtime.errors import TeachloopError
from ...runtime.ipc.channel import Channel
from ...runtime.ipc.handlers import Handlers
from ...runtime.ipc.messages import Envelope, Failed
from ...runtime.ipc.worker_process import watch_parent
from ...runtime.processes.priority import set_priority, set_real_time
from ..devices.camera_shape import CameraShape
from ..devices.rings import Rings
from .archive import Archive
from .memory import Memory
from .messages import (
    WRITER_REQUESTS,
    Begin,
    Discard,
    Disk,
    Done,
    Drop,
    Finish,
    Finished,
    Forget,
    Keep,
    Mark,
    Open,
    ReadPath,
    Recall,
    RecordEvent,
    RecordStep,
    Recovered,
    Remember,
    Restore,
    Taught,
    WriterRequest,
    WriterSettings,
)
from .recording import Recording
from .rows import Row, event_row, step_row

logger = logging.getLogger(__name__)
WAIT_MS = 10
DISK_S = 2.0
ON_ITS_WAY_NS = 20_000_000  # how long a message of the loop may take


class WriterLoop:
    """Does what the loop asks for, in the order in which it asks."""

    def __init__(
        self,
        archive: Archive,
        channel: Channel[WriterRequest],
        rings: Rings,
        shapes: Mapping[str, CameraShape],
    ) -> None:
        self._archive, self._channel = archive, channel
        self._rings, self._shapes = rings, shapes
        self._recording: Recording | None = None
        self._memory: Memory | None = None  # while something is done that nobody records
        self._disk_s = 0.0
        self._bytes_s: float | None = None  # of the newest take
        self._handlers = self._table()

    def _table(self) -> Handlers[[], Done | Finished | Taught | None]:
        handlers: Handlers[[], Done | Finished | Taught | None] = Handlers()
        handlers.on(Open, self._open)
        handlers.on(Begin, self._begin)
        handlers.on(Remember, self._remember)
        handlers.on(Recall, self._recall)
        handlers.on(Forget, self._forget)
        handlers.on(RecordStep, lambda step: self._add(step_row(step)))
        handlers.on(RecordEvent, lambda event: self._add(event_row(event)))
        handlers.on(Finish, self._finish)
        handlers.on(Drop, self._drop)
        handlers.on(Keep, self._keep)
        handlers.on(Mark, self._mark)
        handlers.on(Discard, self._discard)
        handlers.on(Restore, self._restore)
        handlers.on(ReadPath, lambda asked: self._archive.taught(asked.take))
        return handlers

    def run(self, gone: threading.Event) -> None:
        """Serve until the parent is gone; a take that is open then is closed."""
        done = self._archive.open()
        waiting = [str(each) for each in done if each.waits]
        self._channel.send(Recovered(what=[str(each) for each in done], waiting=waiting))
        self._tell_takes()
        while not gone.is_set():
            self._work()
        self._work()  # what the loop said last
        if self._recording is not None:
            self._recording.finish(time.monotonic_ns(), None, "the station ended")

    def _work(self) -> None:
        heard_ns = time.monotonic_ns() - ON_ITS_WAY_NS
        for message in self._channel.receive(WAIT_MS):
            self._handle(message)
        if self._recording is not None:
            self._recording.drain(heard_ns)  # what is newer may be after a stop
        elif self._memory is not None:
            self._memory.drain(heard_ns)
        self._tell_disk()

    def _handle(self, asked: Envelope[WriterRequest]) -> None:
        try:
            answer = self._handlers(asked.message)
        except Exception as error:
            if asked.ref is None or self._unfinished(asked.message):
                raise  # a take that cannot be written: give up loudly, so that it is recovered
            self._channel.send(Failed(error=_in_words(asked.message.kind, error)), asked.ref)
            self._tell_takes()  # the loop went on as if it were done
        else:
            if answer is not None:
                self._channel.send(answer, asked.ref)

    def _open(self, asked: Open) -> Done:
        if self._recording is not None and not self._recording.begun:
            self._drop(Drop(take=self._recording.take))  # it was stopped before it began
        memory = self._memory if asked.recalls_ns is not None else None
        try:
            self._recording = self._new_recording(asked, memory)
        except BaseException:
            if memory is not None and asked.recalls_ns is not None:
                memory.freeze(asked.recalls_ns)
            raise
        return Done(take=self._recording.take)

    def _new_recording(self, asked: Open, memory: Memory | None) -> Recording:
        began_ns = None
        if memory is not None and asked.recalls_ns is not None:
            require_room(self._archive.takes, memory.size)
            began_ns = memory.start_ns(asked.recalls_ns)
        folder = self._archive.new_folder()
        try:
            return Recording(folder, asked.facts, self._shapes, self._rings, began_ns)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)  # nothing is in it
            raise

    def _begin(self, begun: Begin) -> None:
        if self._recording is not None:
            self._recording.begin(begun.time_ns, begun.since_ns)

    def _remember(self, begun: Remember) -> None:
        self._memory = Memory(self._rings, self._shapes, begun.time_ns, begun.since_ns)

    def _recall(self, asked: Recall) -> None:
        memory, self._memory = self._memory, None
        if self._recording is not None and memory is not None:
            memory.freeze(asked.time_ns)  # before writing takes its time
            self._recording.recall(memory, asked.time_ns)

    def _forget(self, _forget: Forget) -> None:
        self._memory = None

    def _add(self, row: Row) -> None:
        for kept in (self._recording, self._memory):
            if kept is not None:
                kept.add(row)

    def _finish(self, asked: Finish) -> Finished:
        if self._recording is None:
            raise TeachloopError("No take is being written.")
        silent_s = self._recording.finish(asked.time_ns, asked.health)
        finished, self._recording = self._recording, None
        return Finished(take=finished.take, start_ns=finished.start_ns, silent_s=silent_s)

    def _unfinished(self, asked: WriterRequest) -> bool:
        """Whether a take was to be finished and is still open: the disk refused it."""
        return isinstance(asked, Finish) and self._recording is not None

    def _drop(self, asked: Drop) -> None:
        """Nobody wants a take that was opened; nothing is in it."""
        recording = self._recording
        if recording is not None and recording.take == asked.take and not recording.begun:
            self._recording = None
            recording.drop()

    def _keep(self, asked: Keep) -> Done:
        self._archive.keep(asked.take, asked.ending)
        return self._moved(asked.take)

    def _mark(self, asked: Mark) -> Done:
        self._archive.mark(asked.take, asked.ending)
        return self._moved(asked.take)

    def _discard(self, asked: Discard) -> Done:
        self._archive.discard(asked.take)
        return self._moved(asked.take)

    def _restore(self, asked: Restore) -> Done:
        self._archive.restore(asked.take)
        return self._moved(asked.take)

    def _moved(self, take: str) -> Done:
        self._tell_takes()
        return Done(take=take)

    def _tell_takes(self) -> None:
        self._channel.send(self._archive.newest())

    def _tell_disk(self) -> None:
        if time.monotonic() - self._disk_s > DISK_S:
            self._disk_s = time.monotonic()
            if self._recording is not None:
                self._bytes_s = self._recording.bytes_s() or self._bytes_s
            self._channel.send(Disk(free_gb=self._archive.free_gb(), bytes_s=self._bytes_s))


def _in_words(what: str, error: Exception) -> str:
    if not isinstance(error, TeachloopError):
        logger.exception("Cannot do %r.", what)
    return in_words(error, f"The writer failed to do {what!r}")


def main() -> None:
    """The process, from its configuration to the end of its parent."""
    settings = WriterSettings.model_validate_json(sys.argv[1])
    gone = watch_parent()
    set_priority(-10)
    set_real_time(inherited=True, priority=5)  # a few per cent of a core; what it loses is lost
    context = zmq.Context()
    channel = Channel.listen(context, settings.address, WRITER_REQUESTS)
    rings = Rings.attach(settings.shapes, settings.descriptors)
    loop = WriterLoop(Archive(Path(settings.data)), channel, rings, settings.shapes)
    try:
        loop.run(gone)
    except Exception as error:
        logger.exception("The writer ends.")
        sys.exit(in_words(error, "It failed"))  # the last line of its log
    finally:
        context.destroy(linger=0)


if __name__ == "__main__":
    main()
