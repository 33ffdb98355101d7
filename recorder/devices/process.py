"""The process that owns the devices: applies targets, publishes readings, frames, previews.

Run as ``python -m teachloop.recorder.devices.process CONFIG``. A vendor library that aborts
takes this process down and nothing else.
"""

import faulthandler
import json
import logging
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import zmq

from ...runtime.errors import TeachloopError
from ...runtime.ipc.channel import Channel
from ...runtime.ipc.worker_process import watch_parent
from ...runtime.processes.priority import set_priority
from ..drivers import camera_shapes, open_devices
from .interfaces import Devices, RobotError
from .previews import Previews
from .rings import Rings
from .serialization import pack_state, unpack_action

logger = logging.getLogger(__name__)
WAIT_MS = 5  # how long a free-running camera may wait to be looked at
HUNG_S = 20.0  # a vendor library that holds the interpreter this long is given up


@dataclass
class Device:
    """The devices of one cell, on their line to the loop."""

    cell: Devices
    channel: Channel
    rings: Rings
    previews: Previews
    _shown: dict[str, int] = field(default_factory=dict)
    _resting: bool = False
    _since_ns: int = 0  # the scene stands as it is

    def run(self, gone: threading.Event) -> None:
        """Serve until the parent is gone."""
        self._describe()
        self._publish_state()
        self._publish_frames()
        while not gone.is_set():
            faulthandler.dump_traceback_later(HUNG_S, exit=True)
            for message in self.channel.receive(WAIT_MS):
                self._handle(message)
            if self.cell.scene is None:  # a real arm moves by itself
                self._publish_state()
            self._publish_frames()
        self.cell.robot.stop()
        faulthandler.cancel_dump_traceback_later()

    def _handle(self, message: dict[str, Any]) -> None:
        handler = getattr(self, f"_on_{message['do']}")
        try:
            handler(message)
        except TeachloopError as error:
            self._refuse(message, error)
        except Exception as error:  # a vendor library may raise anything
            logger.exception("Cannot do %r.", message["do"])
            text = f"The device failed to do {message['do']!r}: {error!r}. Its log says more."
            # Nobody waits for an answer to a target: only a stop tells that it was not reached.
            self._refuse(message, TeachloopError(text) if "ref" in message else RobotError(text))

    def _refuse(self, message: dict[str, Any], error: TeachloopError) -> None:
        if isinstance(error, RobotError):
            self.cell.robot.stop()
            self.channel.send({"robot_error": str(error)})
        if "ref" in message or not isinstance(error, RobotError):
            self.channel.send({"ref": message.get("ref"), "error": str(error)})

    def _on_apply(self, message: dict[str, Any]) -> None:
        scene = self.cell.scene
        if scene is None or not self._resting or self.previews.watched:
            self.cell.robot.apply(unpack_action(message))
        if scene is not None:
            self._publish_state()  # every tick, also where there is no time to draw it

    def _on_rest(self, message: dict[str, Any]) -> None:
        """The station has no use for pictures: a simulated world that nobody looks at stands
        still, and leaves the processor to others."""
        self._resting = message["on"]

    def _on_stop(self, _message: dict[str, Any]) -> None:
        self.cell.robot.stop()

    def _on_acknowledge(self, message: dict[str, Any]) -> None:
        self.cell.robot.acknowledge()
        self.channel.send({"ref": message["ref"], "ok": True})

    def _on_reset(self, message: dict[str, Any]) -> None:
        if self.cell.scene is None:
            raise TeachloopError("These devices have no scene to set up. Use `home`.")
        self.cell.scene.reset(message["seed"], message["verb"], message["split"])
        self._since_ns = time.monotonic_ns()
        self._publish_state()
        self._publish_frames()
        self._describe(message["ref"])

    def _describe(self, ref: int | None = None) -> None:
        scene = self.cell.scene
        cameras = {name: camera.to_dict() for name, camera in self.cell.calibration().items()}
        self.channel.send(
            {
                "ref": ref,
                "cameras": cameras,
                "robot": type(self.cell.robot).__name__,
                "scene": scene.description() if scene else None,
                "since_ns": self._since_ns,
            }
        )

    def _publish_frames(self) -> None:
        for name, camera in self.cell.cameras.items():
            frame = camera.newest()
            if frame is None or self._shown.get(name) == frame.number:
                continue
            self._shown[name] = frame.number
            parts = [part.ravel() for part in (frame.image, frame.depth_mm) if part is not None]
            ring = self.rings.cameras[name]
            ring.publish(frame.number, frame.time_ns, frame.device_time_ns, *parts)
            self.previews.publish(frame)

    def _publish_state(self) -> None:
        state = self.cell.robot.read()
        scene = self.cell.scene
        payload = pack_state(state, scene.truth() if scene else None)
        self.rings.robot.publish(
            self.rings.robot.head, state.time_ns, state.device_time_ns, payload
        )


def main() -> None:
    """The process, from its configuration to the end of its parent."""
    config = json.loads(sys.argv[1])
    gone = watch_parent()
    set_priority(-10)
    context: zmq.Context[Any] = zmq.Context()
    channel = Channel.listen(context, config["address"])
    previews = Previews(context, config["preview"])
    rings = Rings.attach(camera_shapes(config["source"]), config["descriptors"])
    with open_devices(config["source"], config["seed"]) as cell:
        Device(cell, channel, rings, previews).run(gone)
    context.destroy(linger=0)


if __name__ == "__main__":
    main()
