"""A process that owns devices: applies targets, and passes on what the drivers push.

Run as ``python -m teachloop.recorder.devices.process CONFIG``. A vendor library that aborts
takes this process down and nothing else.
"""

import faulthandler
import logging
import queue
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

import zmq
from numpy.typing import NDArray

from ...datasets.calibration import Calibration
from ...runtime.disk_errors import in_words
from ...runtime.errors import TeachloopError
from ...runtime.ipc.channel import Channel
from ...runtime.ipc.handlers import Handlers
from ...runtime.ipc.messages import Envelope, Failed
from ...runtime.ipc.worker_process import watch_parent
from ...runtime.processes.priority import set_priority
from ..drivers.opening import open_devices
from .camera_shape import CameraShape
from .interfaces import Devices, Frame, GuidedRobot, RobotError, RobotState
from .messages import (
    DEVICE_REQUESTS,
    Acknowledge,
    Acknowledged,
    Apply,
    Description,
    DeviceNews,
    DeviceProcessSettings,
    DeviceRequest,
    Guide,
    Moved,
    Reset,
    Rest,
    RobotStopped,
    Stop,
)
from .rings import Rings
from .serialization import pack_state

logger = logging.getLogger(__name__)
WAIT_MS = 5  # how long what a driver's thread said may wait to be passed on
HUNG_S = 20.0  # a vendor library that holds the interpreter this long is given up


class WrongFrame(TeachloopError):
    """A frame that is not what the station's settings say of its camera."""


class NoRobot(TeachloopError):
    """A process was asked for what only the robot's process can do."""

    def __init__(self) -> None:
        super().__init__("This process owns no robot. Ask the one that does.")


class CannotBeGuided(TeachloopError):
    """A robot that nobody can lead by the hand."""

    def __init__(self, robot: str) -> None:
        super().__init__(f"The driver {robot} knows no guiding. Choose another input.")


class DeviceServer:
    """The devices of one process, on their line to the loop."""

    def __init__(
        self,
        devices: Devices,
        channel: Channel[DeviceRequest],
        rings: Rings,
        shapes: Mapping[str, CameraShape],
    ) -> None:
        self._devices, self._channel, self._rings = devices, channel, rings
        self._shapes = shapes
        self._resting = False
        self._since_ns = 0  # the scene stands as it is
        self._moved: queue.SimpleQueue[Moved] = queue.SimpleQueue()
        self._failed: queue.SimpleQueue[BaseException] = queue.SimpleQueue()
        self._handlers: Handlers[[], DeviceNews | None] = Handlers()
        self._handlers.on(Apply, self._apply)
        self._handlers.on(Guide, self._guide)
        self._handlers.on(Rest, self._rest)
        self._handlers.on(Stop, lambda _stop: self._hold())
        self._handlers.on(Acknowledge, self._acknowledge)
        self._handlers.on(Reset, self._reset)

    def run(self, gone: threading.Event) -> None:
        """Serve until the parent is gone. Raises what a driver's thread ended with."""
        before, threading.excepthook = threading.excepthook, self._thread_failed
        self._channel.send(self._description())
        self._stream()
        try:
            while not gone.is_set():
                faulthandler.dump_traceback_later(HUNG_S, exit=True)
                self.serve()
        finally:
            threading.excepthook = before
            self._hold()
            faulthandler.cancel_dump_traceback_later()

    def serve(self) -> None:
        """Do what was asked for, draw where there is a scene, pass on what hands said."""
        for asked in self._channel.receive(WAIT_MS):
            self._handle(asked)
        if self._devices.scene is not None:
            self._devices.scene.draw()
        while not self._moved.empty():
            self._channel.send(self._moved.get())
        if not self._failed.empty():
            raise self._failed.get()

    def _stream(self) -> None:
        if self._devices.robot is not None:
            self._devices.robot.stream(self._push_state)
        for camera in self._devices.cameras.values():
            camera.stream(self._push_frame)
        for name, hand in self._devices.inputs.items():
            hand.stream(lambda twist, name=name: self._moved.put(Moved.of(name, twist)))

    def _thread_failed(self, failure: threading.ExceptHookArgs) -> None:
        self._failed.put(failure.exc_value or SystemError("A driver's thread ended."))

    def _handle(self, asked: Envelope[DeviceRequest]) -> None:
        try:
            answer = self._handlers(asked.message)
        except TeachloopError as error:
            self._refuse(asked, error)
        except Exception as error:  # a vendor library may raise anything
            kind = asked.message.kind
            logger.exception("Cannot do %r.", kind)
            text = in_words(error, f"The device failed to do {kind!r}")
            # Nobody waits for an answer to a target: only a stop tells that it was not reached.
            waits = asked.ref is not None
            self._refuse(asked, TeachloopError(text) if waits else RobotError(text))
        else:
            if answer is not None:
                self._channel.send(answer, asked.ref)

    def _refuse(self, asked: Envelope[DeviceRequest], error: TeachloopError) -> None:
        if isinstance(error, RobotError):
            self._hold()
            self._channel.send(RobotStopped(error=str(error)))
        if asked.ref is not None:
            self._channel.send(Failed(error=str(error)), asked.ref)

    def _apply(self, target: Apply) -> None:
        if self._devices.robot is None:
            raise NoRobot
        if self._resting and self._devices.scene is not None:
            self._push_state(self._devices.robot.read())
        else:
            self._devices.robot.apply(target.action.action)

    def _guide(self, led: Guide) -> None:
        robot = self._devices.robot
        if not isinstance(robot, GuidedRobot):
            raise CannotBeGuided(self._devices.robot_name)
        robot.guide(led.action.action)

    def _rest(self, rest: Rest) -> None:
        """The station has no use for pictures: a simulated world that nobody looks at stands
        still, and leaves the processor to others."""
        self._resting = rest.on

    def _hold(self) -> None:
        if self._devices.robot is not None:
            self._devices.robot.stop()

    def _acknowledge(self, _asked: Acknowledge) -> Acknowledged:
        if self._devices.robot is None:
            raise NoRobot
        self._devices.robot.acknowledge()
        return Acknowledged()

    def _reset(self, asked: Reset) -> Description:
        scene, robot = self._devices.scene, self._devices.robot
        if scene is None or robot is None:
            raise TeachloopError("These devices have no scene to set up. Use `home`.")
        if asked.scene:
            scene.restore(asked.scene)
        else:
            scene.reset(asked.seed, asked.verb, asked.split)
        self._since_ns = time.monotonic_ns()
        self._push_state(robot.read())
        scene.draw()
        return self._description()

    def _description(self) -> Description:
        scene, robot = self._devices.scene, self._devices.robot
        calibration = self._devices.calibration().items()
        return Description(
            robot=self._devices.robot_name,
            guided=isinstance(robot, GuidedRobot),
            gripper=self._devices.gripper,
            cameras={name: Calibration.of(camera) for name, camera in calibration},
            scene=scene.description() if scene else None,
            since_ns=self._since_ns,
        )

    def _push_frame(self, frame: Frame) -> None:
        _require_fit(frame, self._shapes[frame.camera])
        parts: list[NDArray[Any] | bytes] = [frame.image.ravel()]
        if frame.depth_mm is not None:
            parts.append(frame.depth_mm.ravel())
        if frame.jpeg is not None:
            parts.append(frame.jpeg)
        ring = self._rings.cameras[frame.camera]
        ring.publish(frame.number, frame.time_ns, frame.device_time_ns, *parts)

    def _push_state(self, state: RobotState) -> None:
        scene, ring = self._devices.scene, self._rings.robot
        payload = pack_state(state, scene.truth() if scene else None)
        ring.publish(ring.head, state.time_ns, state.device_time_ns, payload)


def _require_fit(frame: Frame, shape: CameraShape) -> None:
    wanted = (shape.height, shape.width, 3)
    if frame.image.shape != wanted or frame.image.dtype != "uint8":
        raise WrongFrame(
            f"Camera {frame.camera!r} gave an image {frame.image.dtype} {frame.image.shape} where "
            f"the station's settings say uint8 {wanted}."
        )
    _require_jpeg(frame, shape)
    depth = frame.depth_mm
    if depth is not None and (not shape.depth or depth.shape != wanted[:2]):
        said = f"{wanted[:2]}" if shape.depth else "none"
        raise WrongFrame(
            f"Camera {frame.camera!r} gave depth {depth.shape}; the station's settings say {said}."
        )


def _require_jpeg(frame: Frame, shape: CameraShape) -> None:
    if (frame.jpeg is not None) == shape.jpeg:
        return
    said = "gives no JPEG pictures of its own" if shape.jpeg else "gave a JPEG picture unasked"
    raise WrongFrame(f"Camera {frame.camera!r} {said}: set `jpeg` of the camera otherwise.")


def main() -> int:
    """The process, from its configuration to the end of its parent."""
    settings = DeviceProcessSettings.model_validate_json(sys.argv[1])
    gone = watch_parent()
    set_priority(-10)
    context = zmq.Context()
    channel = Channel.listen(context, settings.address, DEVICE_REQUESTS)
    rings = Rings.attach(settings.shapes, settings.descriptors)
    try:
        with open_devices(settings.devices, settings.seed) as devices:
            DeviceServer(devices, channel, rings, settings.shapes).run(gone)
    except TeachloopError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        context.destroy(linger=0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
