"""Takes whose cameras are not quite where their calibration says."""

from dataclasses import replace

import numpy as np

from teachloop.labeler.take_frames import TakeFrames


def move_cameras(take_frames: TakeFrames, by_m: float, seed: int) -> None:
    """Let the calibration be wrong by that much, each camera's in a direction of its own."""
    rng = np.random.default_rng(seed)
    for name, camera in take_frames.cameras.items():
        direction, pose = rng.normal(size=3), camera.pose.copy()
        pose[:3, 3] += by_m * direction / np.linalg.norm(direction)
        take_frames.cameras[name] = replace(camera, pose=pose)
