"""Recorded and labeled takes as training samples."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ...datasets.errors import TakeDamaged
from ...datasets.labels.edits import Snapshot
from ...datasets.labels.label_faults import Views, mask_faults
from ...datasets.labels.labels import Labels
from ...datasets.labels.masks import decode
from ...datasets.takes.checksum import verify
from ...datasets.takes.reader import Take
from ...datasets.takes.take_folder import TAKE, TAKES
from ...geometry.camera import Camera
from ...jobs.progress import Progress
from ...runtime.errors import TeachloopError
from ..adapters.card import TakeReference
from ..adapters.registry import sha256_of
from ..grounded.config import CAMERAS, PolicyConfig
from . import preprocessing
from .samples import UNLABELED, Episode, Samples, join
from .take_samples import TakeSamples


class NothingToLearn(TeachloopError):
    """The chosen takes hold nothing to train on."""


class NotLearnedFrom(TeachloopError):
    """A take that is not what was recorded, or whose labels are another's."""

    def __init__(self, take_id: str, reason: str, remedy: str) -> None:
        super().__init__(f"Take {take_id} is not learned from: {reason}. {remedy}")


def samples_of(
    data: Path, take_ids: Sequence[str], stride: int, config: PolicyConfig, progress: Progress
) -> Samples:
    """The samples of some takes, one every ``stride`` ticks.

    Raises NothingToLearn, NotLearnedFrom, MissingCamera, and what reading damaged takes or
    labels raises.
    """
    if not take_ids:
        raise NothingToLearn("Choose at least one take to learn from.")
    require_whole(data, take_ids)
    parts = []
    for number, take_id in enumerate(take_ids, start=1):
        parts.append(read_take(data / TAKES / take_id, stride, config))
        progress.share("takes", f"reading take {number} of {len(take_ids)}", number / len(take_ids))
    samples = join(parts)
    if (samples.masks[:, :, 0, 0] == UNLABELED).all():
        raise NothingToLearn("None of these takes has a mask. Label their target first.")
    return samples


def require_whole(data: Path, take_ids: Sequence[str]) -> None:
    """Raise NotLearnedFrom where any byte of a take changed since it was recorded.

    A changed picture still opens, so reading it would not tell. Costs less than 1 ms for 1 MB.
    """
    for take_id in take_ids:
        try:
            verify(data / TAKES / take_id / TAKE)
        except TakeDamaged as error:
            remedy = "Bring its file back from a copy, or leave it out."
            raise NotLearnedFrom(take_id, error.reason, remedy) from error


def require_fitting(labels: Snapshot, take: Take) -> None:
    """Raise NotLearnedFrom where a mask is of no frame of the take, or of another size."""
    for what, remedy in mask_faults(labels, Views(take)):
        raise NotLearnedFrom(take.info.take_id, what, remedy)


def read_take(folder: Path, stride: int, config: PolicyConfig) -> Samples:
    """The samples of one take."""
    labels = Labels.open(folder).snapshot
    with Take.open(folder) as take:
        preprocessing.require_cameras(list(take.info.cameras))
        require_fitting(labels, take)
        episode = episode_of(labels, take.info.instruction or take.info.task)
        ticks = TakeSamples(
            take,
            CAMERAS,
            size=config.image_size,
            chunk=config.chunk,
            rate_hz=config.rate_hz,
            stride=stride,
        )
        if not len(ticks):
            raise NothingToLearn(f"Take {folder.name} has no tick at which every camera was live.")
        return _samples(ticks, take.info.cameras, labels, episode, config.image_size)


def episode_of(labels: Snapshot, recorded: str) -> Episode:
    """Who is the target, and where it goes: the second object, where there are two. Where the
    target alone was named, there is no destination."""
    names = tuple(thing.name for thing in labels.objects)
    targets = [number for number, thing in enumerate(labels.objects) if thing.target]
    others = [number for number in range(len(names)) if number not in targets]
    return Episode(
        instructions=(labels.instruction or recorded, *labels.paraphrases),
        objects=names,
        target=targets[0] if targets else None,
        destination=others[0] if len(others) == 1 else None,
        destination_known=len(others) <= 1 and bool(targets),
    )


def _samples(
    ticks: TakeSamples,
    cameras: Mapping[str, Camera],
    labels: Snapshot,
    episode: Episode,
    size: int,
) -> Samples:
    rows = range(len(ticks))
    views = [preprocessing.rays(cameras, pose) for pose in ticks.ee_pose]
    return Samples(
        images=np.stack([ticks.images(row) for row in rows]),
        masks=np.stack([_maps(labels, ticks.frames(row), size) for row in rows]),
        proprioception=ticks.proprioception,
        origin=np.stack([view[0] for view in views]),
        direction=np.stack([view[1] for view in views]),
        offsets=ticks.offsets,
        grippers=ticks.grippers,
        episode=np.zeros(len(ticks), np.int64),
        start=np.zeros(len(ticks), np.int64),
        episodes=(episode,),
    )


def _maps(labels: Snapshot, frames: dict[str, int], size: int) -> NDArray[np.uint8]:
    return np.stack([_map(labels, name, index, size) for name, index in frames.items()])


def _map(labels: Snapshot, camera: str, index: int, size: int) -> NDArray[np.uint8]:
    """Which object covers which pixel; UNLABELED throughout where nothing was said."""
    result = np.zeros((size, size), np.uint8)
    labeled = False
    for number, thing in enumerate(labels.objects, start=1):
        record = labels.masks.get((camera, index, thing.name))
        if record is None:
            continue
        labeled = True
        share = cv2.resize(
            decode(record.rle).astype(np.float32), (size, size), interpolation=cv2.INTER_AREA
        )
        result[share > 0.5] = number
    return result if labeled else np.full_like(result, UNLABELED)


def references(data: Path, take_ids: Sequence[str]) -> tuple[TakeReference, ...]:
    """What an adapter remembers of the takes that it learned from."""
    folders = [data / TAKES / take_id for take_id in take_ids]
    return tuple(
        TakeReference(
            id=folder.name,
            sha256=sha256_of(folder / TAKE),
            labels_revision=Labels.open(folder).revision,
        )
        for folder in folders
    )
