"""A hand that leads the simulated arm: it pulls softly, and no motor resists."""

# MuJoCo's names come from a compiled module without stubs.
# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterator
from contextlib import contextmanager

import mujoco
import numpy as np

from ..datasets.steps import Pose
from ..geometry.poses import apply_delta, make_pose, pose_delta
from ..geometry.rotations import Array

DRAG_NMS_RAD = np.array([10.0, 10.0, 10.0, 10.0, 2.0, 2.0, 2.0])  # it stays where it is let go
PULL = np.repeat([1000.0, 60.0], 3)  # N/m and N m/rad
STRONGEST = 60.0, 12.0  # N and N m


class Leader:
    """Pulls the end effector of an arm whose joints are the first seven."""

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData) -> None:
        self._model, self._data = model, data
        self._site = model.site("end_effector").id
        self._columns = np.zeros((6, model.nv))
        self._hand = self._pose()

    @contextmanager
    def leading(self) -> Iterator[None]:
        """Meanwhile no motor of the arm holds it."""
        motors = self._model.actuator_gainprm, self._model.actuator_biasprm
        before = [part[:7].copy() for part in motors]
        drag = self._model.dof_damping[:7].copy()
        for part in motors:
            part[:7] = 0.0
        self._model.dof_damping[:7] = DRAG_NMS_RAD
        try:
            yield
        finally:
            self._data.qfrc_applied[:7] = 0.0
            self._model.dof_damping[:7] = drag
            for part, was in zip(motors, before, strict=True):
                part[:7] = was

    def way(self, pose: Pose, shares: Array) -> Iterator[Pose]:
        """Where the hand is at shares (n,) of its way to a pose (4, 4)."""
        start, self._hand = self._hand, pose
        delta = pose_delta(start, pose)
        for share in shares:
            yield apply_delta(start, share * delta)

    def pull(self, towards: Pose) -> None:
        """For the next step, pull the end effector to a pose (4, 4)."""
        columns = self._columns
        mujoco.mj_jacSite(self._model, self._data, columns[:3], columns[3:], self._site)
        wrench = PULL * pose_delta(self._pose(), towards)
        for part, most in zip((wrench[:3], wrench[3:]), STRONGEST, strict=True):
            part *= min(1.0, most / max(float(np.linalg.norm(part)), 1e-9))
        self._data.qfrc_applied[:7] = columns[:, :7].T @ wrench

    def _pose(self) -> Pose:
        rotation = self._data.site_xmat[self._site].reshape(3, 3)
        return make_pose(rotation, self._data.site_xpos[self._site])
