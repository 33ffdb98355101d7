"""The process that makes pictures for the pages, of the same rings that takes are written from.

Run as ``python -m teachloop.recorder.devices.preview_process CONFIG``.
"""

import sys
import threading
import time
from collections.abc import Mapping

import zmq

from ...runtime.ipc.channel import Channel
from ...runtime.ipc.worker_process import watch_parent
from .camera_shape import CameraShape
from .messages import PREVIEW_REQUESTS, PreviewSettings, Stop, Watched
from .previews import Previews
from .rings import Rings

LOOK_S = 0.004  # how old a frame may get before it is seen
UNWATCHED_MS = 100


class PreviewEncoder:
    """Looks at the rings while somebody looks at the previews; says which of both is the case."""

    def __init__(
        self,
        channel: Channel[Stop],
        rings: Rings,
        previews: Previews,
        shapes: Mapping[str, CameraShape],
    ) -> None:
        self._channel, self._rings = channel, rings
        self._previews, self._shapes = previews, shapes
        self._shown = dict.fromkeys(shapes, -1)
        self._watched = False

    def run(self, gone: threading.Event) -> None:
        """Serve until the parent is gone."""
        while not gone.is_set():
            self.look()

    def look(self) -> None:
        """Send what is new to whoever looks."""
        watched = self._previews.watched(0 if self._watched else UNWATCHED_MS)
        if watched != self._watched:
            self._watched = watched
            self._channel.send(Watched(on=watched))
        if watched:
            for name in self._shapes:
                self._show(name)
            time.sleep(LOOK_S)

    def _show(self, name: str) -> None:
        ring = self._rings.cameras[name]
        if ring.head - 1 == self._shown[name] or not self._previews.wanted(name):
            return
        record = ring.newest()
        if record is not None:
            self._shown[name] = record.stamp.index
            self._previews.publish(name, record.stamp, self._shapes[name].image(record.payload))


def main() -> None:
    """The process, from its configuration to the end of its parent."""
    settings = PreviewSettings.model_validate_json(sys.argv[1])
    gone = watch_parent()
    context = zmq.Context()
    previews = Previews(context, settings.preview)
    channel = Channel.listen(context, settings.address, PREVIEW_REQUESTS)
    rings = Rings.attach(settings.shapes, settings.descriptors)
    PreviewEncoder(channel, rings, previews, settings.shapes).run(gone)
    context.destroy(linger=0)


if __name__ == "__main__":
    main()
