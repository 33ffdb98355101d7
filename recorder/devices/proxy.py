"""A device process as the loop sees it: what it owns, what it said, and whether it is well."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ...datasets.steps import Pose
from ...runtime.ipc.messages import Failed
from ...runtime.ipc.worker_client import WorkerClient
from .interfaces import DeviceSilent, Twist
from .messages import Description, DeviceNews, DeviceRequest, Moved, Reset, RobotStopped
from .remote_robot import RemoteRobot
from .rings import Rings
from .settings import ProcessSettings

DeviceLine: TypeAlias = WorkerClient[DeviceRequest, DeviceNews]

SILENT_NS = 5_000_000_000  # a device that sent nothing for so long has hung


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who is told what devices say by themselves."""

    introduced: Callable[[Description], None]  # the robot, and before which scene
    failed: Callable[[str], None]  # the robot stopped by itself, in words
    moved: Callable[[str, Twist], None]  # an input's name, and what its hand asks for


class DeviceProxy:
    """Owns the line to one device process; the rings outlive it when it is started again."""

    def __init__(self, line: DeviceLine, rings: Rings, owns: ProcessSettings) -> None:
        self.line = line
        self.cameras = {name: rings.cameras[name] for name in owns.cameras}
        self.robot = RemoteRobot(line, rings.robot) if owns.robot else None
        self.description: Description | None = None  # what the devices say of themselves
        self.resetting = False
        self._heard_ns = 0
        self._first_frames: dict[str, int] = {}

    def start(self) -> None:
        """Start the process, or start it again."""
        self.description, self.resetting = None, False
        self._heard_ns = time.monotonic_ns()
        self._first_frames = {name: ring.head for name, ring in self.cameras.items()}
        if self.robot is not None:
            self.robot.begin()
        self.line.start()

    def hear(self, listeners: Listeners) -> None:
        """Listen to what the devices say by themselves."""
        for message in self.line.receive():
            if isinstance(message, RobotStopped):
                listeners.failed(message.error)
            elif isinstance(message, Moved):
                listeners.moved(message.input, message.twist)
            elif isinstance(message, Description):
                self.description, self._heard_ns = message, time.monotonic_ns()
                if self.robot is not None:
                    listeners.introduced(message)

    def reset(self, scene: Reset, then: Callable[[Description | Failed], None]) -> None:
        """Set up another scene; ``resetting`` until it stands."""
        self.resetting = True

        def done(answer: Description | Failed) -> None:
            self.resetting = False
            then(answer)

        self.line.ask(scene, done)

    def silent(self, now_ns: int) -> bool:
        """Whether devices that were there have sent nothing for too long."""
        if self.description is None or not (self.robot or self.cameras):
            return False
        return now_ns - max(self._heard_ns, self._newest_ns()) > SILENT_NS

    def _newest_ns(self) -> int:
        """When the robot was last read; without one, when the slowest camera's frame came."""
        if self.robot is not None:
            return _read_ns(self.robot)
        stamps = [ring.newest_stamp() for ring in self.cameras.values()]
        return min(stamp.time_ns if stamp else 0 for stamp in stamps)

    def is_new(self, camera: str, index: int) -> bool:
        """Whether a frame comes from the process that runs now."""
        return index >= self._first_frames.get(camera, 0)

    def object_poses(self) -> dict[str, Pose]:
        """The true poses (4, 4) of the simulated objects."""
        truth = self.robot.truth if self.robot else None
        return truth.object_poses() if truth else {}


def _read_ns(robot: RemoteRobot) -> int:
    try:
        return robot.read().time_ns
    except DeviceSilent:
        return 0
