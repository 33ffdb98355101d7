"""Which thing each geom belongs to: what contacts and masks are named by."""

# MuJoCo's names come from a compiled module without stubs.
# pyright: reportAttributeAccessIssue=false

from collections.abc import Sequence

import mujoco
import numpy as np
from numpy.typing import NDArray

TABLE = "table"
ROBOT = "robot"
FINGERS = ("left_finger", "right_finger")


class GeomOwners:
    """Names the owner of every geom: an object, a finger, the rest of the robot, the table."""

    def __init__(self, model: mujoco.MjModel, objects: Sequence[str]) -> None:
        self._objects = tuple(objects)
        self._names = ("", TABLE, ROBOT, *FINGERS, *objects)
        self._of_geom = np.array([self._owner(model, g) for g in range(model.ngeom)])

    def touching(self, data: mujoco.MjData) -> frozenset[tuple[str, str]]:
        """The pairs of owners that are in contact."""
        pairs = {tuple(pair) for pair in self._of_geom[data.contact.geom].tolist()}
        return frozenset((self._names[one], self._names[other]) for one, other in pairs)

    def masks(self, geom_ids: NDArray[np.int32]) -> dict[str, NDArray[np.bool_]]:
        """Which pixels show each object and the robot, from the geom that each pixel shows."""
        owner = np.append(self._of_geom, 0)[geom_ids]  # geom −1 is the background
        first = len(self._names) - len(self._objects)
        masks = {name: owner == first + i for i, name in enumerate(self._objects)}
        masks[ROBOT] = (owner >= self._names.index(ROBOT)) & (owner < first)
        return masks

    def _owner(self, model: mujoco.MjModel, geom: int) -> int:
        body = model.body(model.geom_bodyid[geom]).name
        if body in self._names:
            return self._names.index(body)
        if body == "world":
            return self._names.index(TABLE) if model.geom(geom).name == TABLE else 0
        return self._names.index(ROBOT)
