"""Soft round shadows on the table: far cheaper than a shadow map, and they show heights."""

from collections.abc import Mapping

import mujoco
import numpy as np

from ..geometry.rotations import Array

_LAYERS = ((0.010, 0.05), (0.006, 0.06), (0.002, 0.07), (-0.003, 0.08))  # spread, darkness
_REACH_M = 0.30  # height at which a shadow has faded away
_LIFT_M = 0.0006  # above the table, so that the two do not flicker


class Shadows:
    """Shadows of things that are known by a body's position and a radius."""

    def __init__(self, light_direction: Array, radii_m: Mapping[int, float]) -> None:
        self._slant = light_direction[:2] / -light_direction[2]
        self._radii_m = dict(radii_m)

    def draw(self, data: mujoco.MjData, scene: mujoco.MjvScene) -> None:
        """Append the shadows to the scene's geoms; they are not part of any mask."""
        for body, radius in self._radii_m.items():
            x, y, z = data.xpos[body]
            fade = 1.0 - z / _REACH_M
            if fade > 0.05:
                middle = np.array([x, y]) + self._slant * z
                for spread_m, darkness in _LAYERS:
                    softer = spread_m * (1.0 + z / 0.05)
                    _disc(scene, middle, radius + softer, darkness * fade)


def _disc(scene: mujoco.MjvScene, middle: Array, radius_m: float, darkness: float) -> None:
    if scene.ngeom >= scene.maxgeom:
        return
    height = _LIFT_M + 0.0001 * (scene.ngeom % 3)
    mujoco.mjv_initGeom(
        scene.geoms[scene.ngeom],
        mujoco.mjtGeom.mjGEOM_CYLINDER,
        np.array([radius_m, 0.00005, 0.0]),
        np.array([*middle, height]),
        np.eye(3).ravel(),
        np.array([0.0, 0.0, 0.0, darkness], np.float32),
    )
    scene.ngeom += 1
