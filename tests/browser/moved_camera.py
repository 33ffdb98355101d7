"""A made-up camera of the simulated scene that was pushed 6 cm aside once it was calibrated."""

from dataclasses import replace

import numpy as np

from teachloop.geometry.camera import Camera
from teachloop.geometry.poses import make_pose
from teachloop.recorder.drivers.cameras.simulated import SimulatedCamera

ASIDE = make_pose(np.eye(3), np.array([0.06, 0.0, 0.0]))


class MovedCamera(SimulatedCamera):
    """It says where it was."""

    @property
    def calibration(self) -> Camera:
        seen = super().calibration
        return replace(seen, pose=seen.pose @ ASIDE)
