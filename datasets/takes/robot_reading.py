"""What a robot's driver reads, as far as a take keeps it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..steps import Pose

Measured: TypeAlias = Mapping[str, NDArray[np.float64] | float]
NOTHING: Measured = MappingProxyType({})


class RobotReading(Protocol):
    """One reading of the arm and the hand."""

    @property
    def time_ns(self) -> int: ...
    @property
    def device_time_ns(self) -> int: ...
    @property
    def joint_positions_rad(self) -> NDArray[np.float64]: ...
    @property
    def joint_velocities_rad_s(self) -> NDArray[np.float64]: ...
    @property
    def ee_pose(self) -> Pose: ...
    @property
    def gripper_width_m(self) -> float | None: ...
