"""The robot of the device process, as the loop sees it."""

from ...datasets.steps import Action
from ...runtime.ipc.ring import Ring
from ...runtime.ipc.worker_client import WorkerClient
from .interfaces import DeviceSilent, RobotState
from .messages import Acknowledge, Apply, DeviceNews, DeviceRequest, Guide, Stop
from .scene import SceneTruth
from .serialization import PackedAction, unpack_state


class RemoteRobot:
    """Reads from the ring, sends over the line; never waits for either."""

    def __init__(self, line: WorkerClient[DeviceRequest, DeviceNews], ring: Ring) -> None:
        self._line, self._ring = line, ring
        self._first = 0  # readings before this one are an earlier process'
        self.truth: SceneTruth | None = None

    def __enter__(self) -> "RemoteRobot":
        return self

    def __exit__(self, *error: object) -> None:
        """The device process ends with its line."""

    def begin(self) -> None:
        """A new device process: what is in the ring is no longer true."""
        self._first = self._ring.head
        self.truth = None

    def read(self) -> RobotState:
        record = self._ring.newest() if self._ring.head > self._first else None
        if record is None:
            raise DeviceSilent("The robot has sent no reading yet.")
        state, self.truth = unpack_state(record)
        return state

    def apply(self, action: Action) -> Action:
        self._line.tell(Apply(action=PackedAction.of(action)))
        return action

    def guide(self, action: Action) -> None:
        self._line.tell(Guide(action=PackedAction.of(action)))

    def stop(self) -> None:
        self._line.tell(Stop())

    def acknowledge(self) -> None:
        self._line.tell(Acknowledge())
