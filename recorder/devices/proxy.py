"""The device process as the loop sees it: what it is, what it knows, and whether it is well."""

import time
from collections.abc import Callable
from typing import TypeAlias

from ...datasets.steps import Image, Pose
from ...runtime.ipc.messages import Failed
from ...runtime.ipc.ring import Stamp
from ...runtime.ipc.worker_client import WorkerClient
from ..drivers import camera_shapes
from ..station.health import Health
from .interfaces import RobotState
from .messages import (
    Calibration,
    Description,
    DeviceNews,
    DeviceRequest,
    Reset,
    Rest,
    RobotStopped,
)
from .remote_robot import RemoteRobot
from .rings import Rings
from .scene import SceneDescription, SceneTruth

DeviceLine: TypeAlias = WorkerClient[DeviceRequest, DeviceNews]

SILENT_NS = 5_000_000_000  # a device that sent nothing for so long has hung


class DeviceProxy:
    """Owns the line to the device process; the rings outlive it when it is started again."""

    def __init__(self, line: DeviceLine, rings: Rings, source: str) -> None:
        self.line, self.rings = line, rings
        self.robot = RemoteRobot(line, rings.robot)
        self.description: Description | None = None  # what the devices say of themselves
        self.resetting = False
        self.resting = False
        self._shapes = camera_shapes(source)
        self._heard_ns = 0
        self._first_frames: dict[str, int] = {}

    def start(self) -> None:
        """Start the process, or start it again."""
        self.description, self.resetting, self.resting = None, False, False
        self._heard_ns = time.monotonic_ns()
        self._first_frames = {name: ring.head for name, ring in self.rings.cameras.items()}
        self.robot.begin()
        self.line.start()

    def hear(
        self, introduced: Callable[[Description], None], failed: Callable[[str], None]
    ) -> None:
        """Listen: the devices introduce themselves, and say when the robot stopped by itself."""
        for message in self.line.receive():
            if isinstance(message, RobotStopped):
                failed(message.error)
            if isinstance(message, Description):
                self.description, self._heard_ns = message, time.monotonic_ns()
                introduced(message)

    def reset(self, scene: Reset, then: Callable[[Description | Failed], None]) -> None:
        """Set up another scene; ``resetting`` until it stands."""
        self.resetting = True

        def done(answer: Description | Failed) -> None:
            self.resetting = False
            then(answer)

        self.line.ask(scene, done)

    def rest(self, on: bool) -> bool:
        """Let the devices rest, or wake them; whether their frames were fresh before."""
        fresh = not self.resting
        if on != self.resting:
            self.resting = on
            self.line.tell(Rest(on=on))
        return fresh

    def silent(self, now_ns: int, reading: RobotState | None) -> bool:
        """Whether devices that were there have sent nothing for too long."""
        last_ns = max(self._heard_ns, reading.time_ns if reading else 0)
        return self.description is not None and now_ns - last_ns > SILENT_NS

    def watch_frames(self, health: Health) -> None:
        """Show the newest frames of this process to whoever counts them."""
        for name, ring in self.rings.cameras.items():
            stamp = ring.newest_stamp()
            if stamp is not None and stamp.index >= self._first_frames.get(name, 0):
                health.watch_frame(name, stamp)

    def images(self) -> dict[str, tuple[Stamp, Image]]:
        """The newest image (height, width, 3) of each camera, and its stamp."""
        newest = {name: ring.newest() for name, ring in self.rings.cameras.items()}
        return {
            name: (record.stamp, self._shapes[name].image(record.payload))
            for name, record in newest.items()
            if record is not None
        }

    @property
    def cameras(self) -> dict[str, Calibration]:
        """Each camera's calibration."""
        return self.description.cameras if self.description else {}

    @property
    def robot_name(self) -> str:
        return self.description.robot if self.description else ""

    @property
    def scene(self) -> SceneDescription | None:
        """The simulated scene's description."""
        return self.description.scene if self.description else None

    @property
    def truth(self) -> SceneTruth | None:
        """What the simulator knows about its scene."""
        return self.robot.truth

    @property
    def success(self) -> bool | None:
        """Whether the simulated task is done; None where nobody can know."""
        return self.truth.success if self.truth else None

    @property
    def since_ns(self) -> int:
        """What was seen before this moment was seen of another scene."""
        return self.description.since_ns if self.description else 0

    def object_poses(self) -> dict[str, Pose]:
        """The true poses (4, 4) of the simulated objects."""
        return self.truth.object_poses() if self.truth else {}
