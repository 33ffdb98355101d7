"""A device process whose robot stops by itself beyond y = 0.05 m, until it is acknowledged.

Run as ``python -m reflex_device CONFIG`` in the place of ``teachloop.recorder.devices.process``.
"""

from teachloop.datasets.steps import Action
from teachloop.recorder import drivers
from teachloop.recorder.devices import process as device
from teachloop.recorder.devices.interfaces import Devices, RobotError
from teachloop.recorder.drivers.synthetic import SyntheticRobot, synthetic_devices


class ReflexRobot(SyntheticRobot):
    """Stops by itself, as a real one does on a collision."""

    def __init__(self) -> None:
        super().__init__()
        self._stopped = False

    def apply(self, action: Action) -> Action:
        if action.ee_pose[1, 3] > 0.05:
            self._stopped = True
        if self._stopped:
            raise RobotError("The robot stopped itself: cartesian reflex. Look, then acknowledge.")
        return super().apply(action)

    def acknowledge(self) -> None:
        self._stopped = False


def reflex_cell(_seed: int) -> Devices:
    """The synthetic devices with that robot."""
    return Devices(ReflexRobot(), synthetic_devices().cameras)


if __name__ == "__main__":
    drivers.MAKERS = {**drivers.MAKERS, "synthetic": reflex_cell}
    device.main()
