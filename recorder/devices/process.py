"""The process that owns the devices: applies targets, publishes readings, frames, previews.

Run as ``python -m teachloop.recorder.devices.process CONFIG``. A vendor library that aborts
takes this process down and nothing else.
"""

import faulthandler
import logging
import sys
import threading
import time

import zmq

from ...runtime.errors import TeachloopError
from ...runtime.ipc.channel import Channel
from ...runtime.ipc.handlers import Handlers
from ...runtime.ipc.messages import Envelope, Failed
from ...runtime.ipc.worker_process import watch_parent
from ...runtime.processes.priority import set_priority
from ..drivers import camera_shapes, open_devices
from .interfaces import Devices, RobotError
from .messages import (
    DEVICE_REQUESTS,
    Acknowledge,
    Acknowledged,
    Apply,
    Calibration,
    Description,
    DeviceNews,
    DeviceRequest,
    DeviceSettings,
    Reset,
    Rest,
    RobotStopped,
    Stop,
)
from .previews import Previews
from .rings import Rings
from .serialization import pack_state

logger = logging.getLogger(__name__)
WAIT_MS = 5  # how long a free-running camera may wait to be looked at
HUNG_S = 20.0  # a vendor library that holds the interpreter this long is given up


class Device:
    """The devices of one cell, on their line to the loop."""

    def __init__(
        self, cell: Devices, channel: Channel[DeviceRequest], rings: Rings, previews: Previews
    ) -> None:
        self.cell, self.channel, self.rings, self.previews = cell, channel, rings, previews
        self._shown: dict[str, int] = {}
        self._resting = False
        self._since_ns = 0  # the scene stands as it is
        self._handlers: Handlers[DeviceNews | None] = Handlers()
        self._handlers.on(Apply, self._apply)
        self._handlers.on(Rest, self._rest)
        self._handlers.on(Stop, lambda _stop: cell.robot.stop())
        self._handlers.on(Acknowledge, self._acknowledge)
        self._handlers.on(Reset, self._reset)

    def run(self, gone: threading.Event) -> None:
        """Serve until the parent is gone."""
        self.channel.send(self._description())
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

    def _handle(self, asked: Envelope[DeviceRequest]) -> None:
        try:
            answer = self._handlers(asked.message)
        except TeachloopError as error:
            self._refuse(asked, error)
        except Exception as error:  # a vendor library may raise anything
            kind = asked.message.kind
            logger.exception("Cannot do %r.", kind)
            text = f"The device failed to do {kind!r}: {error!r}. Its log says more."
            # Nobody waits for an answer to a target: only a stop tells that it was not reached.
            waits = asked.ref is not None
            self._refuse(asked, TeachloopError(text) if waits else RobotError(text))
        else:
            if answer is not None:
                self.channel.send(answer, asked.ref)

    def _refuse(self, asked: Envelope[DeviceRequest], error: TeachloopError) -> None:
        if isinstance(error, RobotError):
            self.cell.robot.stop()
            self.channel.send(RobotStopped(error=str(error)))
        if asked.ref is not None:
            self.channel.send(Failed(error=str(error)), asked.ref)

    def _apply(self, target: Apply) -> None:
        scene = self.cell.scene
        if scene is None or not self._resting or self.previews.watched:
            self.cell.robot.apply(target.action.action)
        if scene is not None:
            self._publish_state()  # every tick, also where there is no time to draw it

    def _rest(self, rest: Rest) -> None:
        """The station has no use for pictures: a simulated world that nobody looks at stands
        still, and leaves the processor to others."""
        self._resting = rest.on

    def _acknowledge(self, _asked: Acknowledge) -> Acknowledged:
        self.cell.robot.acknowledge()
        return Acknowledged()

    def _reset(self, scene: Reset) -> Description:
        if self.cell.scene is None:
            raise TeachloopError("These devices have no scene to set up. Use `home`.")
        self.cell.scene.reset(scene.seed, scene.verb, scene.split)
        self._since_ns = time.monotonic_ns()
        self._publish_state()
        self._publish_frames()
        return self._description()

    def _description(self) -> Description:
        scene = self.cell.scene
        calibration = self.cell.calibration().items()
        return Description(
            robot=type(self.cell.robot).__name__,
            cameras={name: Calibration.of(camera) for name, camera in calibration},
            scene=scene.description() if scene else None,
            since_ns=self._since_ns,
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
    settings = DeviceSettings.model_validate_json(sys.argv[1])
    gone = watch_parent()
    set_priority(-10)
    context = zmq.Context()
    channel = Channel.listen(context, settings.address, DEVICE_REQUESTS)
    previews = Previews(context, settings.preview)
    rings = Rings.attach(camera_shapes(settings.source), settings.descriptors)
    with open_devices(settings.source, settings.seed) as cell:
        Device(cell, channel, rings, previews).run(gone)
    context.destroy(linger=0)


if __name__ == "__main__":
    main()
