"""Soft shadows, painted into the table's texture.

Shadow maps, and even a few transparent discs, double what software rendering costs; a texture
that is uploaded when something moved costs a tenth of that, and the shadows tell heights.
"""

# MuJoCo's names come from a compiled module without stubs.
# pyright: reportAttributeAccessIssue=false

from collections.abc import Mapping

import mujoco
import numpy as np
from numpy.typing import NDArray

from ..datasets.steps import Image
from ..geometry.rotations import Array

TABLE_MIDDLE_M = (0.40, 0.0)
TABLE_HALF_M = (0.60, 0.75)

_DARKNESS = 0.42
_SOFT_M = 0.006  # half-width of the edge of a shadow cast from the table itself
_SOFTER = 0.22  # growth of that edge with height
_REACH_M = 0.30  # height at which a shadow has faded away


class ShadedTable:
    """The table's picture with the shadows of bodies that are known by a radius."""

    def __init__(self, picture: Image, light_direction: Array, radii_m: Mapping[int, float]):
        self._picture = picture
        self._slant = light_direction[:2] / -light_direction[2]
        self._radii_m = dict(radii_m)
        self._bodies = list(self._radii_m)
        self._shown: bytes = b""

    def paint(self, model: mujoco.MjModel, data: mujoco.MjData) -> bool:
        """Write the texture into the model; False when nothing that casts has moved."""
        where = data.xpos[self._bodies].tobytes()
        if where == self._shown:
            return False
        self._shown = where
        shaded = self._picture.copy()
        upwards = shaded[::-1]  # MuJoCo lays the first row at the plane's greatest y
        for body, radius_m in self._radii_m.items():
            self._cast(upwards, data.xpos[body], radius_m)
        model.tex_data[: shaded.size] = shaded.ravel()
        return True

    def _cast(self, picture: Image, position: Array, radius_m: float) -> None:
        height = max(float(position[2]), 0.0)
        darkness = _DARKNESS * (1.0 - height / _REACH_M)
        if darkness <= 0.02:
            return
        soft = _SOFT_M + _SOFTER * height
        middle = position[:2] + self._slant * height
        rows, dy = _texels(middle[1], radius_m + soft, 1, picture.shape[0])
        columns, dx = _texels(middle[0], radius_m + soft, 0, picture.shape[1])
        distance = np.hypot(dy[:, None], dx)
        edge = np.clip((radius_m + soft - distance) / (2 * soft), 0, 1)
        share = 1 - darkness * edge * edge * (3 - 2 * edge)
        picture[rows, columns] = picture[rows, columns] * share[..., None]


def _texels(middle_m: float, reach_m: float, axis: int, count: int) -> tuple[slice, NDArray]:
    """The texels within reach along one axis of the table, and their offsets in metres."""
    size_m = 2 * TABLE_HALF_M[axis] / count
    low_m = TABLE_MIDDLE_M[axis] - TABLE_HALF_M[axis]
    first = int(np.clip((middle_m - reach_m - low_m) // size_m, 0, count))
    last = int(np.clip((middle_m + reach_m - low_m) // size_m + 1, first, count))
    centres = low_m + (np.arange(first, last) + 0.5) * size_m
    return slice(first, last), centres - middle_m
