"""The rings of a station: one for the robot's readings, one for each camera's frames."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...runtime.ipc.ring import Ring, memory
from .camera_shape import CameraShape

STATE_BYTES = 8192
STATE_SLOTS = 2048
FRAMES_S = 1.5  # how long the writer may be busy elsewhere, such as with closing a take


def _slots(shape: CameraShape) -> int:
    return round(FRAMES_S * shape.fps)


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """What the device process fills, and loop and writer read."""

    robot: Ring
    cameras: Mapping[str, Ring]

    @classmethod
    def create(cls, shapes: Mapping[str, CameraShape]) -> "Rings":
        """New rings; ``descriptors`` lets other processes attach."""
        sizes = [Ring.size(STATE_SLOTS, STATE_BYTES)]
        sizes += [Ring.size(_slots(shape), shape.record_bytes) for shape in shapes.values()]
        return cls.attach(shapes, [memory(size) for size in sizes])

    @classmethod
    def attach(cls, shapes: Mapping[str, CameraShape], descriptors: Sequence[int]) -> "Rings":
        """The rings behind inherited file descriptors."""
        robot = Ring(descriptors[0], STATE_SLOTS, STATE_BYTES)
        cameras = {
            name: Ring(descriptor, _slots(shape), shape.record_bytes)
            for (name, shape), descriptor in zip(shapes.items(), descriptors[1:], strict=True)
        }
        return cls(robot, cameras)

    @property
    def descriptors(self) -> list[int]:
        """To be inherited by the other processes, in order."""
        return [self.robot.descriptor, *(ring.descriptor for ring in self.cameras.values())]
