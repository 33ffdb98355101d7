"""Where an object is taken to be, and how the robot and the cameras move that."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ....datasets.steps import Pose
from ....geometry.camera import Camera
from ....geometry.poses import inverse, make_pose
from ...segmenters.classical.regions import Window
from ...segmenters.interface import Mask
from ...take_frames import Motion
from ..grasps import Grasp
from .cylinder_model import CylinderModel, float_before

MOST_LOST_M = 0.03  # of doubt
_LOST_GROWTH_M = 0.0015  # how much less sure the place gets with each frame without a sight
_IN_HAND_M = 0.06  # an object's centre is no further from the fingertips that hold it
_HAND_DOUBT_M = 0.01
_LOOKS_DOWN = 0.25  # share of the viewing direction that points down


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """The object's mask when it was last seen whole, to be laid over later frames."""

    window: Window
    mask: Mask  # of the window
    centre: NDArray[np.float64]  # (2,) pixel of the cylinder's centre then
    depth_m: float


@dataclass(slots=True, eq=False)
class PoseEstimate:
    """A pose, its time, and how far off it may be."""

    pose: Pose  # of the cylinder, base frame
    time_ns: int
    doubt_m: float = 0.0
    mistakable: bool = False  # something alike touched it since somebody said which one it is
    templates: dict[str, Template] = field(default_factory=dict)  # by camera

    def copy(self) -> "PoseEstimate":
        return replace(self, pose=self.pose.copy(), templates=dict(self.templates))

    def carry(self, motion: Motion, grasps: tuple[Grasp, ...], time_ns: int) -> None:
        """Move to another time: an object stands still, or goes with the hand that holds it."""
        first, last = sorted((self.time_ns, time_ns))
        for grasp in grasps:
            start, end = max(first, grasp.start_ns), min(last, grasp.end_ns)
            if start < end:
                came, went = (start, end) if time_ns > self.time_ns else (end, start)
                before = motion.ee_at(came)
                self._into_hand(before)
                self.pose = motion.ee_at(went) @ inverse(before) @ self.pose
        self.time_ns = time_ns

    def lose(self) -> None:
        """A frame without a sight of it."""
        self.doubt_m = min(MOST_LOST_M, self.doubt_m + _LOST_GROWTH_M)

    def _into_hand(self, ee_pose: Pose) -> None:
        """What is held is in the hand, whatever was believed."""
        if np.linalg.norm(self.pose[:3, 3] - ee_pose[:3, 3]) > _IN_HAND_M:
            self.pose = make_pose(self.pose[:3, :3], ee_pose[:3, 3])
            self.doubt_m = max(self.doubt_m, _HAND_DOUBT_M)

    def shift(self, camera: Camera, ee_pose: Pose, shift_px: NDArray[np.float64]) -> None:
        """Move by (u, v) pixels of a camera: sideways at its height, or, where the camera
        looks along the table or up, sideways to the camera."""
        if not shift_px.any():
            return
        axes = camera.pose_in_base(ee_pose)[:3, :3]
        plane = np.eye(3)[:2] if axes[2, 2] < -_LOOKS_DOWN else axes.T[:2]
        nudged = self.pose[:3, 3] + 1e-3 * np.vstack([np.zeros(3), plane])
        pixels, _ = camera.project(nudged, ee_pose)
        jacobian = (pixels[1:] - pixels[0]).T / 1e-3
        self.pose = self.pose.copy()
        self.pose[:3, 3] += np.linalg.solve(jacobian + 1e-6 * np.eye(2), shift_px) @ plane


def lifted(
    mask: Mask, camera: Camera, ee_pose: Pose, time_ns: int, cylinder: CylinderModel, held: bool
) -> PoseEstimate:
    """An object stood on the table where its mask is, or put into the hand that holds it.

    Where no ray through the mask meets the table, it floats before the camera.
    """
    rows, columns = np.nonzero(mask)
    centre = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
    point = (
        ee_pose[:3, 3] if held else camera.lift_to_height(centre, cylinder.height_m / 2, ee_pose)
    )
    if np.isfinite(point).all():
        return PoseEstimate(make_pose(np.eye(3), point), time_ns)
    return PoseEstimate(float_before(camera, ee_pose, mask)[1], time_ns)
