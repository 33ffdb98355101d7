"""All devices of a station as one, whatever processes they are spread over."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

import zmq

from ...datasets.calibration import Calibration
from ...datasets.embodiment import Gripper
from ...datasets.steps import Pose
from ...runtime.ipc.frames import SharedFrame
from ...runtime.ipc.messages import Failed
from ...runtime.ipc.ring import Stamp
from ...runtime.ipc.worker_client import WorkerClient
from .camera_shape import CameraShape
from .messages import (
    Acknowledge,
    Acknowledged,
    Description,
    Reset,
    Rest,
    Stop,
    Watched,
)
from .proxy import SILENT_NS, DeviceProxy, Listeners
from .remote_robot import RemoteRobot
from .rings import Rings
from .scene import SceneDescription, SceneTruth

PreviewLine: TypeAlias = WorkerClient[Stop, Watched]

REVIVE_NS = 2_000_000_000  # pictures for pages that fail are started again that often


class StationDevices:
    """The device processes, the robot's first, and the one that makes previews."""

    def __init__(
        self,
        proxies: Sequence[DeviceProxy],
        previews: PreviewLine,
        rings: Rings,
        shapes: Mapping[str, CameraShape],
    ) -> None:
        self._proxies, self._previews = proxies, previews
        self.rings, self.shapes = rings, shapes
        self._main = proxies[0]
        assert self._main.robot is not None, "the first process owns the robot"
        self.robot: RemoteRobot = self._main.robot
        self.resting = False
        self._watched = False
        self._revived_ns = 0

    def start(self) -> None:
        """Start all processes, or start again those that are gone or hang."""
        now_ns = time.monotonic_ns()
        lost = [each for each in self._proxies if each.line.gone() or each.silent(now_ns)]
        self.resting = False
        for proxy in lost or self._proxies:
            proxy.start()
        self._revive(now_ns)

    def stop(self) -> None:
        """End all processes in good order."""
        for proxy in self._proxies:
            proxy.line.stop()
        self._previews.stop()

    def wake(self, listeners: Listeners) -> dict["zmq.Socket[bytes]", Callable[[], None]]:
        """Each process' socket, and what is to be done when it has something to say."""
        heard = [(each.line.socket, partial(each.hear, listeners)) for each in self._proxies]
        heard.append((self._previews.socket, partial(self._hear_previews)))
        return {socket: hear for socket, hear in heard if socket is not None}

    def _hear_previews(self) -> None:
        for message in self._previews.receive():
            self._watched = message.on

    def lost(self, now_ns: int) -> str | None:
        """Why devices cannot go on, in words; None while all is well."""
        if self._previews.gone():
            self._revive(now_ns)
        for proxy in self._proxies:
            reason = proxy.line.gone()
            if reason is None and proxy.silent(now_ns):
                name = proxy.line.child.name
                reason = f"The {name} process sent nothing for {SILENT_NS / 1e9:g} s."
            if reason is not None:
                proxy.line.fail(reason)
                return reason
        return None

    def _revive(self, now_ns: int) -> None:
        """Nobody is in danger without previews: they are started again, but not all the time."""
        running = self._previews.socket is not None and self._previews.gone() is None
        if not running and now_ns - self._revived_ns > REVIVE_NS:
            self._revived_ns, self._watched = now_ns, False
            self._previews.start()

    def rest(self, on: bool) -> bool:
        """Let simulated devices rest where nobody looks, or wake them; whether their frames were
        fresh before."""
        fresh, on = not self.resting, on and not self._watched
        if on != self.resting:
            self.resting = on
            for proxy in self._proxies:
                proxy.line.tell(Rest(on=on))
        return fresh

    def reset(self, scene: Reset, then: Callable[[Description | Failed], None]) -> None:
        """Set up another scene; ``resetting`` until it stands."""
        self._main.reset(scene, then)

    @property
    def resetting(self) -> bool:
        return self._main.resetting

    def acknowledge(self, then: Callable[[Acknowledged | Failed], None]) -> None:
        """A person saw the robot's error and wants to go on."""
        self._main.line.ask(Acknowledge(), then)

    def watch_frames(self, watch: Callable[[str, Stamp], None]) -> None:
        """Show the newest frame of each camera to whoever counts them."""
        for proxy in self._proxies:
            for name, ring in proxy.cameras.items():
                stamp = ring.newest_stamp()
                if stamp is not None and proxy.is_new(name, stamp.index):
                    watch(name, stamp)

    def heard(self) -> dict[str, int]:
        """When (ns) each camera's newest frame and the robot's newest state came; 0 before."""
        rings = {**self.rings.cameras, self.robot_name or "robot": self.rings.robot}
        stamps = {name: ring.newest_stamp() for name, ring in rings.items()}
        return {name: stamp.time_ns if stamp else 0 for name, stamp in stamps.items()}

    def frames(self) -> dict[str, tuple[int, SharedFrame]]:
        """When each camera's newest frame came, and where it lies in shared memory."""
        return {
            name: (stamp.time_ns, self._frame(name, stamp))
            for name, ring in self.rings.cameras.items()
            if (stamp := ring.newest_stamp()) is not None
        }

    def _frame(self, camera: str, stamp: Stamp) -> SharedFrame:
        shape, ring = self.shapes[camera], self.rings.cameras[camera]
        return SharedFrame.of(ring, stamp.index, shape.height, shape.width)

    @property
    def described(self) -> bool:
        """Whether all devices said what they are."""
        return all(proxy.description is not None for proxy in self._proxies)

    @property
    def cameras(self) -> dict[str, Calibration]:
        """Each camera's calibration, in the station's order."""
        known: dict[str, Calibration] = {}
        for proxy in self._proxies:
            known.update(proxy.description.cameras if proxy.description else {})
        return {name: known[name] for name in self.shapes if name in known}

    @property
    def robot_name(self) -> str:
        return self._main.description.robot if self._main.description else ""

    @property
    def gripper(self) -> Gripper | None:
        """That the robot has; None before it said so."""
        return self._main.description.gripper if self._main.description else None

    @property
    def scene(self) -> SceneDescription | None:
        """The simulated scene."""
        return self._main.description.scene if self._main.description else None

    @property
    def since_ns(self) -> int:
        """What was seen before this moment was seen of another scene."""
        return self._main.description.since_ns if self._main.description else 0

    @property
    def truth(self) -> SceneTruth | None:
        """What the simulator knows about its scene."""
        return self.robot.truth

    @property
    def success(self) -> bool | None:
        """Whether the simulated task is done; None where nobody can know."""
        return self.truth.success if self.truth else None

    def object_poses(self) -> dict[str, Pose]:
        """The true poses (4, 4) of the simulated objects."""
        return self._main.object_poses()
