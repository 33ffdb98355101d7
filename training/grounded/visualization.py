"""Pictures of what a policy looks at, for people who watch it learn."""

from pathlib import Path

import cv2
import numpy as np
import simplejpeg
import torch
from numpy.typing import NDArray

from ...datasets.steps import Image
from ...runtime.atomic_file import write_whole
from ..data.preprocessing import to_pixels
from ..data.samples import Samples
from ..policies.attention import brightness
from .grounding import around_peak
from .policy import GroundedPolicy

COLUMNS = 4
SIDE = 192  # pixels of one picture in the sheet


@torch.no_grad()
def grounding(policy: GroundedPolicy, samples: Samples, path: Path) -> None:
    """A sheet of sample frames, a row for each camera, with the attention over them."""
    was_training = policy.training
    policy.eval()
    index = np.linspace(0, len(samples) - 1, COLUMNS + 2).astype(int)[1:-1]
    runs = [samples.episodes[e] for e in samples.episode[index]]
    sentence = policy.words([run.instructions[0] for run in runs]).sentence
    rows = []
    for camera in range(samples.images.shape[1]):
        images = samples.images[index, camera]
        heat = _heat(policy, images, sentence)
        pairs = zip(images, heat, strict=True)
        rows.append(np.concatenate([overlay(image, h) for image, h in pairs], 1))
    policy.train(was_training)
    write_whole(path, simplejpeg.encode_jpeg(np.concatenate(rows, 0), quality=88))


def _heat(
    policy: GroundedPolicy, images: NDArray[np.uint8], sentence: torch.Tensor
) -> NDArray[np.float32]:
    grounded = policy.ground(to_pixels(images).to(policy.device), sentence)
    side = policy.policy_config.cells
    local = around_peak(grounded.logits[:, 0, :-1], side) * grounded.visible[:, :1]
    return local.reshape(-1, side, side).cpu().numpy()


def overlay(image: Image, heat: NDArray[np.float32]) -> Image:
    """An image (h, w, 3) at SIDE pixels with attention (p, p) glowing over it."""
    big = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    glow = cv2.resize(brightness(heat), (SIDE, SIDE))[..., None]
    colour = np.array([255, 170, 0], np.float32)
    mixed = big * (0.75 - 0.25 * glow) + colour * 0.5 * glow
    return np.ascontiguousarray(mixed.clip(0, 255).astype(np.uint8))
