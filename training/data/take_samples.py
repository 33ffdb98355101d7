"""One take as training samples in any order: images are read when they are asked for."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...datasets.alignment import Ticks, align
from ...datasets.takes.reader import Take
from .learned_runs import LearnedRun
from .preprocessing import proprioception, shrink
from .samples import chunk_offsets


class TakeSample(NamedTuple):
    """C cameras, and a chunk of K actions."""

    images: NDArray[np.uint8]  # (C, s, s, 3)
    proprioception: NDArray[np.float32]  # (10,), or (9,) without a gripper
    offsets: NDArray[np.float32]  # (K, 6) targets seen from the measured pose
    grippers: NDArray[np.float32] | None  # (K,) 1 open … 0 closed; None: there was none


class TakeSamples:
    """N samples of an open take, whatever is small computed at once.

    ``cameras``: their names in the order of the images; ``size``: side of the images in pixels;
    one sample every ``stride`` ticks of ``rate_hz``, without those at which a frame was too old.
    ``run``: the part of the take that is learned from; all of it where none is given.
    Raises NothingToAlign.
    """

    def __init__(
        self,
        take: Take,
        cameras: Sequence[str],
        *,
        size: int,
        chunk: int,
        rate_hz: float,
        stride: int = 1,
        run: LearnedRun | None = None,
    ) -> None:
        run = run or LearnedRun(take.actions, corrects=False)
        ticks = align(take, rate_hz=rate_hz, actions=run.actions)
        rows = _fresh(ticks, cameras, stride)
        self._take, self._cameras, self._size = take, tuple(cameras), size
        self._frames = np.stack([ticks.frame_index[name][rows] for name in cameras], 1)
        self.ee_pose = ticks.ee_pose[rows]  # (N, 4, 4) measured
        self.weight = run.weights(ticks.decided_by[rows])  # (N,) how often each is drawn
        self.proprioception = proprioception(self.ee_pose, ticks.opening(rows))
        self.offsets, self.grippers = chunk_offsets(
            ticks.ee_pose, ticks.applied_pose, ticks.applied_gripper, rows, chunk
        )

    def __len__(self) -> int:
        return len(self._frames)

    def __getitem__(self, row: int) -> TakeSample:
        grippers = None if self.grippers is None else self.grippers[row]
        return TakeSample(self.images(row), self.proprioception[row], self.offsets[row], grippers)

    def frames(self, row: int) -> dict[str, int]:
        """Camera name -> index of the frame that it had taken last."""
        return dict(zip(self._cameras, self._frames[row].tolist(), strict=True))

    def images(self, row: int) -> NDArray[np.uint8]:
        """(C, s, s, 3). A robot's own images are not halved on the way, as large recorded ones
        are: on 24 scenes that moved the policy's targets by 0.5 mm of 98 on average, where JPEG
        alone moved them by 0.1."""
        size = self._size
        images = np.empty((len(self._cameras), size, size, 3), np.uint8)
        for out, (name, index) in zip(images, self.frames(row).items(), strict=True):
            shrink(self._take.image_at_least(name, index, size, size), size, out)
        return images


def _fresh(ticks: Ticks, cameras: Sequence[str], stride: int) -> NDArray[np.int64]:
    """Every ``stride``-th tick, without those at which a frame was too old."""
    stale = np.any([ticks.stale[name] for name in cameras], axis=0)
    chosen = np.arange(0, len(ticks.time_ns), stride)
    return chosen[~stale[chosen]]
