"""What agents that plan some ticks ahead have in common. Imports nothing heavy."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Action, Decider, Observation


def policy_actions(
    poses: NDArray[np.float64], grippers: NDArray[np.floating] | None
) -> list[Action]:
    """Targets (ticks, 4, 4) with how open a gripper is likely to be (ticks,), which is either open
    or closed; None where there is no gripper."""
    asked = [None] * len(poses) if grippers is None else [float(each > 0.5) for each in grippers]
    return [
        Action(ee_pose=pose, gripper=gripper, decided_by=Decider.POLICY)
        for pose, gripper in zip(poses, asked, strict=True)
    ]


class ChunkAgent(ABC):
    """Carries out ``execute`` ticks of a chunk before it looks again. For one thread at a time.

    ``cameras``: those that it looks through; none where it takes what there is. ``exchanged``:
    words that it was never told, and which of its own it reads instead: *crimson as red*.
    """

    def __init__(self, execute: int, cameras: Sequence[str] = ()) -> None:
        self.execute = execute
        self.cameras = tuple(cameras)
        self.attention: Mapping[str, NDArray[np.float32]] = {}  # camera → (rows, columns)
        self.exchanged = ""
        self._pending: list[Action] = []

    @property
    def looks(self) -> bool:
        """Whether the next action takes a look; between two looks, images are not needed."""
        return not self._pending

    def reset(self) -> None:
        """Forget the run so far; the next observation is the start of a new one."""
        self._pending = []

    def close(self) -> None:
        """Nobody will ask it again."""
        self._pending = []

    def act(self, observation: Observation) -> Action:
        """The next action; a new chunk is computed every ``execute`` ticks."""
        if not self._pending:
            self._pending = self.chunk(observation)[: self.execute]
        return self._pending.pop(0)

    @abstractmethod
    def chunk(self, observation: Observation) -> list[Action]:
        """The whole plan from here, a target for each tick. May set ``attention``."""
