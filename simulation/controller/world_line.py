"""What stands before a simulated controller, said to the cameras that look at it: a line of its
own beside FCI, since real cameras need none."""

import zmq

from ...runtime.validation import StrictModel
from .arm import Arm

PORT = 1339
EVERY = 50  # ticks, a millisecond each
TOPIC = b"world"


class SeenWorld(StrictModel):
    """The scene, and where everything in it is."""

    scene: str  # as JSON
    ticks: int  # milliseconds of the robot's clock
    qpos: list[float]


class WorldLine:
    """Tells whoever subscribes."""

    def __init__(self, arm: Arm, host: str) -> None:
        self._arm = arm
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.PUB)
        self._socket.bind(f"tcp://{host}:{PORT}")

    def tell(self, ticks: int) -> None:
        """Each 50th tick."""
        if ticks % EVERY == 0:
            world = SeenWorld(
                scene=self._arm.scene.to_json(), ticks=ticks, qpos=self._arm.qpos.tolist()
            )
            self._socket.send_multipart([TOPIC, world.model_dump_json().encode()], zmq.NOBLOCK)

    def close(self) -> None:
        self._context.destroy(linger=0)
