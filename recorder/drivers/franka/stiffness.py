"""How hard the arm holds on to where it should be."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ....geometry.rotations import Array

DRAG_NMS_RAD = np.array([3.0, 3.0, 3.0, 3.0, 1.0, 1.0, 1.0])  # of an arm that is led
Impedance = Literal["joint", "cartesian"]
Preset = Literal["soft", "medium", "stiff"]


@dataclass(frozen=True, slots=True)
class Stiffness:
    """A preset, as controllers take it. Stiff is what panda-py has by itself: with
    more, its limit on how fast torques change makes the arm swing."""

    share: float

    @property
    def joints(self) -> tuple[Array, Array]:
        """N m/rad and N m s/rad (7,) each."""
        stiffness = self.share * np.array([600.0, 600.0, 600.0, 600.0, 250.0, 150.0, 50.0])
        damping = np.sqrt(self.share) * np.array([50.0, 50.0, 50.0, 20.0, 20.0, 20.0, 10.0])
        return stiffness, damping

    @property
    def hand(self) -> tuple[Array, float]:
        """N/m and N m/rad (6,), and N m/rad of the posture beside."""
        return self.share * np.array([600.0, 600.0, 600.0, 30.0, 30.0, 30.0]), 10.0 * self.share


STIFFNESS: dict[Preset, Stiffness] = {
    "soft": Stiffness(0.4),
    "medium": Stiffness(0.7),
    "stiff": Stiffness(1.0),
}
