"""The process that writes: takes while they happen, and where they stay afterwards.

Run as ``python -m teachloop.recorder.writer.process CONFIG``. It alone waits for the disk.
"""

import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import zmq

from ...runtime.errors import TeachloopError
from ...runtime.ipc.channel import Channel
from ...runtime.ipc.worker_process import watch_parent
from ...runtime.processes.priority import set_priority, set_real_time
from ..devices.rings import Rings
from ..drivers import CameraShape, camera_shapes
from .archive import Archive
from .recording import Recording

logger = logging.getLogger(__name__)
WAIT_MS = 10
DISK_S = 2.0
ON_ITS_WAY_NS = 20_000_000  # how long a message of the loop may take

Message = dict[str, Any]


class WriterLoop:
    """Does what the loop asks for, in the order in which it asks."""

    def __init__(
        self, archive: Archive, channel: Channel, rings: Rings, shapes: Mapping[str, CameraShape]
    ) -> None:
        self._archive, self._channel = archive, channel
        self._rings, self._shapes = rings, shapes
        self._recording: Recording | None = None
        self._disk_s = 0.0

    def run(self, gone: threading.Event) -> None:
        """Serve until the parent is gone; a take that is open then is closed."""
        self._channel.send({"recovered": [str(done) for done in self._archive.open()]})
        self._tell_takes()
        while not gone.is_set():
            self._work()
        self._work()  # what the loop said last
        if self._recording is not None:
            self._recording.finish(time.monotonic_ns(), {}, "the station ended")

    def _work(self) -> None:
        heard_ns = time.monotonic_ns() - ON_ITS_WAY_NS
        for message in self._channel.receive(WAIT_MS):
            self._handle(message)
        if self._recording is not None:
            self._recording.drain(heard_ns)  # what is newer may be after a stop
        self._tell_disk()

    def _handle(self, message: Message) -> None:
        handler: Callable[[Message], Message | None] = getattr(self, f"_on_{message['do']}")
        try:
            answer = handler(message)
        except Exception as error:
            if "ref" not in message:  # a take that cannot be written: give up loudly
                raise
            answer = {"error": _in_words(message, error)}
        if "ref" in message:
            self._channel.send({"ref": message["ref"], **(answer or {})})

    def _on_open(self, message: Message) -> Message:
        folder = self._archive.new_folder()
        self._recording = Recording(
            folder, {**message["info"], "shapes": self._shapes}, self._rings
        )
        return {"take": folder.name}

    def _on_begin(self, message: Message) -> None:
        if self._recording is not None:
            self._recording.begin(message["time_ns"], message["since_ns"])

    def _on_step(self, message: Message) -> None:
        if self._recording is not None:
            self._recording.step(message)

    def _on_event(self, message: Message) -> None:
        if self._recording is not None:
            self._recording.event(message)

    def _on_stop(self, message: Message) -> Message:
        recording, self._recording = self._recording, None
        if recording is None:
            raise TeachloopError("No take is being written.")
        recording.finish(message["time_ns"], message["health"])
        return {"take": recording.take}

    def _on_drop(self, _message: Message) -> None:
        """Nobody wants the take that was just opened; nothing is in it."""
        recording, self._recording = self._recording, None
        if recording is not None:
            recording.drop()

    def _on_keep(self, message: Message) -> Message:
        self._archive.keep(message["take"], message["instruction"], message["success"])
        return self._moved(message)

    def _on_mark(self, message: Message) -> Message:
        self._archive.mark(message["take"], message["success"])
        return self._moved(message)

    def _on_discard(self, message: Message) -> Message:
        self._archive.discard(message["take"])
        return self._moved(message)

    def _on_restore(self, message: Message) -> Message:
        self._archive.restore(message["take"])
        return self._moved(message)

    def _moved(self, message: Message) -> Message:
        self._tell_takes()
        return {"take": message["take"]}

    def _tell_takes(self) -> None:
        self._channel.send({"takes": self._archive.recent, "bin": self._archive.binned()})

    def _tell_disk(self) -> None:
        if time.monotonic() - self._disk_s > DISK_S:
            self._disk_s = time.monotonic()
            self._channel.send({"disk_free_gb": self._archive.free_gb()})


def _in_words(message: Message, error: Exception) -> str:
    if isinstance(error, TeachloopError):
        return str(error)
    logger.exception("Cannot do %r.", message["do"])
    return f"The writer failed to do {message['do']!r}: {error!r}. Its log says more."


def main() -> None:
    """The process, from its configuration to the end of its parent."""
    config = json.loads(sys.argv[1])
    gone = watch_parent()
    set_priority(-10)
    set_real_time(inherited=True, priority=5)  # a few per cent of a core; what it loses is lost
    context: zmq.Context[Any] = zmq.Context()
    channel = Channel.listen(context, config["address"])
    shapes = camera_shapes(config["source"])
    rings = Rings.attach(shapes, config["descriptors"])
    WriterLoop(Archive(Path(config["data"])), channel, rings, shapes).run(gone)
    context.destroy(linger=0)


if __name__ == "__main__":
    main()
