"""The table's surface as a picture: calm enough to work on, different in every scene."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ..datasets.steps import Image
from .scenes import Look

SIZE = 384  # texels of a side; the picture covers the whole table
_PLANKS = 7

Shade = NDArray[np.floating]  # (SIZE, SIZE): 0 = the table's colour, 1 = its accent


def table_picture(look: Look, seed: int) -> Image:
    """RGB (SIZE, SIZE, 3) of the table in this look; the same for the same seed."""
    rng = np.random.default_rng([seed, 7])
    shade = TABLES[look.table](rng)
    base, accent = (np.array(c, np.float32) for c in (look.table_rgb, look.table_accent_rgb))
    picture = base + shade[..., None] * (accent - base)
    return (255 * np.clip(picture, 0, 1)).astype(np.uint8)


def _noise(rng: np.random.Generator, across: int, along: int) -> Shade:
    """Smooth noise of mean 0 and about unit size, of that many cells a side."""
    cells = rng.standard_normal((across, along), np.float32)
    return np.asarray(cv2.resize(cells, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC), np.float32)


def _plain(rng: np.random.Generator) -> Shade:
    return 0.25 * _noise(rng, 5, 5) + 0.15 * _noise(rng, 192, 192)


def _wood(rng: np.random.Generator) -> Shade:
    planks = np.arange(SIZE) * _PLANKS // SIZE
    tone = rng.uniform(-0.6, 0.6, _PLANKS).astype(np.float32)[planks]
    grain = 0.45 * _noise(rng, SIZE // 2, 4) + 0.35 * _noise(rng, SIZE // 5, 7)
    seams = np.zeros(SIZE, np.float32)
    seams[1:] = 2.0 * (planks[1:] != planks[:-1])
    return grain + (tone + seams)[:, None]


def _checker(rng: np.random.Generator) -> Shade:
    tiles = np.arange(SIZE) * 10 // SIZE
    return ((tiles[:, None] + tiles) % 2 + 0.1 * _noise(rng, 128, 128)).astype(np.float32)


def _speckle(rng: np.random.Generator) -> Shade:
    grains = (_noise(rng, 130, 130) > 1.7) * 1.6 - (_noise(rng, 150, 150) > 1.9) * 1.3
    return (0.15 * _noise(rng, 6, 6) + grains).astype(np.float32)


TABLES = {"plain": _plain, "wood": _wood, "checker": _checker, "speckle": _speckle}
