"""A take whose pictures have something to see everywhere."""

from pathlib import Path

import numpy as np
from drawn_takes import SIDE, draw_take

from teachloop.datasets.steps import Image
from teachloop.labeler.take_frames import TakeFrames


class NoisyFrames(TakeFrames):
    """Coloured noise, another in each frame and camera."""

    def image(self, camera: str, index: int) -> Image:
        return noise(camera, index)


def noise(camera: str, index: int) -> Image:
    seed = [index, *camera.encode()]
    return np.random.default_rng(seed).integers(0, 255, (SIDE, SIDE, 3), np.uint8)


def open_noisy(data: Path) -> NoisyFrames:
    """Twenty frames of two cameras; close it."""
    draw_take(data, "noisy", labeled=False)
    return NoisyFrames.open(data / "takes" / "noisy")  # type: ignore[return-value]
