"""Recorded and labeled takes as training samples."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ...datasets.errors import TakeRefused
from ...datasets.labels.labels import Labels
from ...datasets.labels.masks import decode
from ...datasets.labels.snapshot import Snapshot
from ...datasets.steps import Pose
from ...datasets.takes.check import require_usable
from ...datasets.takes.reader import Take
from ...datasets.takes.take_folder import TAKE, TAKES
from ...geometry.camera import Camera
from ...runtime.errors import TeachloopError
from ..adapters.card import TakeReference
from ..adapters.registry import sha256_of
from . import preprocessing
from .instructions import called_of, instructions_of
from .learned_runs import learned_runs
from .samples import UNLABELED, Episode, Samples, Sampling, join
from .take_samples import TakeSamples


class NothingToLearn(TeachloopError):
    """The chosen takes hold nothing to train on."""


class OtherCameras(TeachloopError):
    """Takes that do not have the same cameras, or not those that were asked for."""

    def __init__(self, take_id: str, missing: Sequence[str], present: Sequence[str]) -> None:
        super().__init__(
            f"Take {take_id} has no camera {', '.join(missing)} (it has: {', '.join(present)}). "
            "Leave the take out, or say which cameras to learn from, such as all takes have."
        )


def cameras_of(
    data: Path, take_ids: Sequence[str], wanted: Sequence[str] = ()
) -> dict[str, Camera]:
    """The cameras to learn from: those that are wanted, or all of the first take, of which every
    other take must have them, too. One counts as calibrated where it is in every take.

    Raises NothingToLearn, NoSuchTake, TakeRefused, OtherCameras.
    """
    if not take_ids:
        raise NothingToLearn("Choose at least one take to learn from.")
    for take_id in take_ids:
        require_usable(data, take_id)
    each = {take_id: _cameras(data / TAKES / take_id) for take_id in take_ids}
    names = list(wanted or each[take_ids[0]])
    for take_id, cameras in each.items():
        if missing := [name for name in names if name not in cameras]:
            raise OtherCameras(take_id, missing, list(cameras))
    known = {name: all(cameras[name].calibrated for cameras in each.values()) for name in names}
    first = each[take_ids[0]]
    return {name: replace(first[name], calibrated=known[name]) for name in names}


def _cameras(folder: Path) -> Mapping[str, Camera]:
    with Take.open(folder) as take:
        return take.info.cameras


def read_takes(
    data: Path, take_ids: Sequence[str], sampling: Sampling, tell: Callable[[str, float], None]
) -> dict[str, Samples]:
    """The samples of each of some takes, which are usable and have the sampling's cameras (see
    ``cameras_of``). ``tell`` is told what was read, and which share of all that is; what it raises
    ends the reading.

    Raises NothingToLearn, NothingDecided, MissingCamera, and what reading damaged takes or labels
    raises.
    """
    found = {}
    for number, take_id in enumerate(take_ids, start=1):
        found[take_id] = read_take(data / TAKES / take_id, sampling)
        tell(f"reading take {number} of {len(take_ids)}", number / len(take_ids))
    return found


def learned_from(takes: Mapping[str, Samples], kept_out: Sequence[str] = ()) -> Samples:
    """The samples of all takes but those that are ``kept_out``. Raises NothingToLearn where no mask
    is among them."""
    samples = join([part for take_id, part in takes.items() if take_id not in kept_out])
    if (samples.masks[:, :, 0, 0] == UNLABELED).all():
        which = "the takes that are left to learn from" if kept_out else "these takes"
        raise NothingToLearn(f"None of {which} has a mask. Label their target first.")
    return samples


def require_target(labels: Snapshot, take_id: str) -> None:
    """Raise TakeRefused where nobody said which of the objects with a mask the instruction is
    about, or where several are said to be that."""
    found = len(labels.targets)
    if labels.masks and found != 1:
        wrong = f"it has {found} targets" if found else "it has masks, but none is of a target"
        hint = "Say on Label which object the instruction is about, or leave the take out."
        raise TakeRefused(take_id, wrong, hint)


def read_take(folder: Path, sampling: Sampling) -> Samples:
    """The samples of one take. Raises MissingCamera, NotCalibrated, and as ``read_takes``."""
    labels = Labels.open(folder).snapshot
    with Take.open(folder) as take:
        preprocessing.require_cameras(sampling.cameras, take.info.cameras)
        require_target(labels, take.info.take_id)
        recorded = take.info.instruction or take.info.task
        episode = episode_of(labels, recorded, sampling.reads)
        cameras = take.info.cameras
        runs = _parts(take, labels, sampling)
        return join([_samples(run, cameras, labels, episode, sampling) for run in runs])


def _parts(take: Take, labels: Snapshot, sampling: Sampling) -> list[TakeSamples]:
    """The parts of a take that are learned from. Raises NothingDecided, NothingToLearn."""
    parts = [
        TakeSamples(
            take,
            sampling.cameras,
            size=sampling.image_size,
            chunk=sampling.chunk,
            rate_hz=sampling.rate_hz,
            stride=sampling.stride,
            run=run,
        )
        for run in learned_runs(take, labels.success, labels.trim)
    ]
    if not any(parts):
        what = "has no tick at which every camera was live"
        raise NothingToLearn(f"Take {take.info.take_id} {what}.")
    return [part for part in parts if len(part)]


def episode_of(labels: Snapshot, recorded: str, reads: Callable[[str], bool]) -> Episode:
    """Who is the target, and where it goes: the second object, where there are two. Where the
    target alone was named, there is no destination; where the second has no mask, nobody said."""
    names = tuple(thing.name for thing in labels.objects)
    targets = [number for number, thing in enumerate(labels.objects) if thing.target]
    others = [number for number in range(len(names)) if number not in targets]
    drawn = {name for _, _, name in labels.masks}
    second = [number for number in others if names[number] in drawn] if len(others) == 1 else []
    return Episode(
        instructions=instructions_of(labels, recorded, reads),
        objects=names,
        synonyms=tuple(names[1:] for names in called_of(labels)),
        target=targets[0] if targets else None,
        destination=second[0] if second else None,
        destination_known=bool(targets) and (bool(second) or not others),
    )


def _samples(
    ticks: TakeSamples,
    cameras: Mapping[str, Camera],
    labels: Snapshot,
    episode: Episode,
    sampling: Sampling,
) -> Samples:
    rows = range(len(ticks))
    views = [_rays(cameras, pose, sampling) for pose in ticks.ee_pose]
    asked = {episode.objects[n] for n in (episode.target, episode.destination) if n is not None}
    maps = [_maps(labels, asked, ticks.frames(row), sampling.image_size) for row in rows]
    return Samples(
        images=np.stack([ticks.images(row) for row in rows]),
        masks=np.stack(maps),
        proprioception=ticks.proprioception,
        origin=np.stack([view[0] for view in views]),
        direction=np.stack([view[1] for view in views]),
        offsets=ticks.offsets,
        grippers=ticks.grippers,
        episode=np.zeros(len(ticks), np.int64),
        start=np.zeros(len(ticks), np.int64),
        weight=ticks.weight,
        episodes=(episode,),
    )


def _rays(
    cameras: Mapping[str, Camera], ee_pose: Pose, sampling: Sampling
) -> tuple[NDArray, NDArray]:
    if not sampling.lifted:
        return preprocessing.no_rays(len(sampling.cameras))
    return preprocessing.rays(cameras, ee_pose, sampling.cameras)


def _maps(
    labels: Snapshot, asked: Set[str], frames: Mapping[str, int], size: int
) -> NDArray[np.uint8]:
    return np.stack([_map(labels, asked, name, index, size) for name, index in frames.items()])


def _map(
    labels: Snapshot, asked: Set[str], camera: str, index: int, size: int
) -> NDArray[np.uint8]:
    """Which object covers which pixel; UNLABELED throughout where nobody said where one of those
    that are ``asked`` about is, or that it is nowhere: that is a mask, too, an empty one."""
    result = np.zeros((size, size), np.uint8)
    if not asked or any((camera, index, name) not in labels.masks for name in asked):
        return np.full_like(result, UNLABELED)
    for number, thing in enumerate(labels.objects, start=1):
        record = labels.masks.get((camera, index, thing.name))
        if record is None:
            continue
        share = cv2.resize(
            decode(record.rle).astype(np.float32), (size, size), interpolation=cv2.INTER_AREA
        )
        result[share > 0.5] = number
    return result


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
