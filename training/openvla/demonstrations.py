"""Recorded takes as OpenVLA reads them: a picture, an instruction, and where to go from here.

Ticks are RATE_HZ apart, as in most of what OpenVLA was trained on. An action is the target at
the end of its tick, seen from the pose measured at its beginning: a displacement in metres and a
rotation vector in radians (for such small turns roll, pitch and yaw), both in the base frame, and
the gripper, 1 open, where there is one. A chunk's later actions are seen from the same pose, so
nothing adds up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ...datasets.action_targets import targets_ahead
from ...datasets.alignment import Ticks, align
from ...datasets.labels.labels import Labels
from ...datasets.labels.masks import decode
from ...datasets.labels.snapshot import Snapshot
from ...datasets.takes.reader import Take
from ..data.instructions import instructions_of
from ..data.learned_runs import LearnedRun, learned_runs
from ..data.preprocessing import proprioception, require_cameras
from ..data.takes import NothingToLearn, require_target
from .actions import ARM_WIDTH
from .images import resized
from .settings import PATCH_GRID

RATE_HZ = 5.0
TICK_HZ = 20.0  # of the targets that a robot is given
TICKS = round(TICK_HZ / RATE_HZ)  # robot ticks to a tick of the policy
MASK_SIDE = 4 * PATCH_GRID  # finer than patches, so that masks can be cropped like pictures


@dataclass(frozen=True, slots=True, eq=False)
class Demonstrations:
    """N looks of some takes, with C cameras and chunks of K actions."""

    images: NDArray[np.uint8]  # (N, C, 224, 224, 3)
    masks: NDArray[np.float32]  # (N, 64, 64) how much of each cell the target covers in the first
    # camera; NaN: unlabelled
    actions: NDArray[np.float64]  # (N, K, 7); (N, K, 6) without a gripper
    proprioception: NDArray[np.float32]  # (N, 10); (N, 9) without a gripper
    instruction: NDArray[np.int64]  # (N,) index into instructions
    weight: NDArray[np.int64]  # (N,) how often each is drawn, beside others
    instructions: tuple[tuple[str, ...], ...]  # of each part of a take, said in all ways

    def __len__(self) -> int:
        return len(self.images)


def demonstrations(
    data: Path,
    take_ids: Sequence[str],
    cameras: Sequence[str],
    chunk: int,
    tell: Callable[[str, float], None],
) -> Demonstrations:
    """The looks of some takes, which are usable and have these cameras (see ``chosen_cameras``).
    ``tell`` as ``read_takes`` has it.

    Raises NothingToLearn, NothingDecided, MissingCamera, and what reading damaged takes or labels
    raises.
    """
    if not take_ids:
        raise NothingToLearn("Choose at least one take to learn from.")
    parts: list[Demonstrations] = []
    for number, take_id in enumerate(take_ids, start=1):
        parts += _read(data / "takes" / take_id, cameras, chunk)
        tell(f"reading take {number} of {len(take_ids)}", number / len(take_ids))
    return _join(parts)


def _read(folder: Path, cameras: Sequence[str], chunk: int) -> list[Demonstrations]:
    """The parts of a take that are learned from."""
    labels = Labels.open(folder).snapshot
    with Take.open(folder) as take:
        require_cameras(cameras, take.info.cameras)
        require_target(labels, take.info.take_id)
        runs = learned_runs(take, labels.success, labels.trim)
        parts = [_part(take, labels, run, cameras, chunk) for run in runs]
        seen = [part for part in parts if part is not None]
        if not seen:
            raise NothingToLearn(f"Take {folder.name} has no tick at which every camera was live.")
        return seen


def _part(
    take: Take, labels: Snapshot, run: LearnedRun, cameras: Sequence[str], chunk: int
) -> Demonstrations | None:
    """None where a camera was never live."""
    ticks = align(take, rate_hz=TICK_HZ, actions=run.actions)
    looks = _fresh(ticks, cameras)
    if not len(looks):
        return None
    frames = [{name: int(ticks.frame_index[name][t]) for name in cameras} for t in looks]
    return Demonstrations(
        images=np.stack([_images(take, seen) for seen in frames]),
        masks=np.stack([_mask(labels, cameras[0], seen) for seen in frames]),
        actions=targets_ahead(
            ticks.ee_pose, ticks.applied_pose, ticks.applied_gripper, looks, _ends(chunk)
        ),
        proprioception=proprioception(ticks.ee_pose[looks], ticks.opening(looks)),
        instruction=np.zeros(len(looks), np.int64),
        weight=run.weights(ticks.decided_by[looks]),
        instructions=(instructions_of(labels, take.info.instruction or take.info.task),),
    )


def scaled(numbers: int) -> tuple[bool, ...]:
    """Which of an action's numbers are normalised: the gripper is left as it is."""
    return tuple(place < ARM_WIDTH for place in range(numbers))


def _ends(chunk: int) -> NDArray[np.int64]:
    """How many ticks of TICK_HZ ahead each action of a chunk ends."""
    return TICKS * np.arange(1, chunk + 1) - 1


def _fresh(ticks: Ticks, cameras: Sequence[str]) -> NDArray[np.int64]:
    """One tick in TICKS, without those at which a frame was too old."""
    stale = np.any([ticks.stale[name] for name in cameras], axis=0)
    looks = np.arange(0, len(ticks.time_ns), TICKS)
    return looks[~stale[looks]]


def _images(take: Take, frames: Mapping[str, int]) -> NDArray[np.uint8]:
    return np.stack([resized(take.image(name, index)) for name, index in frames.items()])


def _mask(labels: Snapshot, camera: str, frames: Mapping[str, int]) -> NDArray[np.float32]:
    """How much of each cell the targets cover (64, 64); NaN where nobody said."""
    found = [labels.masks.get((camera, frames[camera], name)) for name in labels.targets]
    records = [record for record in found if record is not None]
    if not records:
        return np.full((MASK_SIDE, MASK_SIDE), np.nan, np.float32)
    covered = np.any([decode(record.rle) for record in records], axis=0).astype(np.float32)
    small = cv2.resize(covered, (MASK_SIDE, MASK_SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _join(parts: Sequence[Demonstrations]) -> Demonstrations:
    names = ("images", "masks", "actions", "proprioception", "weight")
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    counts = [len(part) for part in parts]
    return Demonstrations(
        **arrays,
        instruction=np.repeat(np.arange(len(parts)), counts),
        instructions=tuple(part.instructions[0] for part in parts),
    )
