"""Keeps of takes what a replay needs, as an adapter without weights: nothing is trained."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ....datasets.embodiment import Embodiment
from ....geometry.poses import apply_delta, from_nine_numbers
from ....jobs.folder import JobFolder
from ....jobs.progress import Progress
from ...adapters.card import AdapterCard, TakeReference, write_card
from ...adapters.registry import finished_path, free_name, new_adapter
from ...data.one_robot import embodiment_of
from ...data.preprocessing import NotCalibrated
from ...data.queries import Query
from ...data.samples import Samples, Sampling, query_masks
from ...data.takes import NothingToLearn, cameras_of, read_takes, references
from ..base import base_config, digest
from ..config import PolicyConfig
from ..finetune_config import FinetuneConfig
from ..grounding import grid_centres, lift, mask_targets
from ..layout import PolicyLayout, fit_layout
from ..lora import LAYOUT
from ..plan import PLAN
from ..policy import TABLE_M, sampling
from .demonstration import Demonstration, save

logger = logging.getLogger(__name__)
LONGEST_S = 120.0


class NothingToReplay(NothingToLearn):
    def __init__(self) -> None:
        super().__init__(
            "In none of these takes a mask says where the target is when it begins. Label it in "
            "the first frame."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What is kept of some takes."""

    config: FinetuneConfig
    layout: PolicyLayout
    mounted: Embodiment
    shown: Sequence[Demonstration]
    takes: tuple[TakeReference, ...]

    def write(self, folder: Path, name: str) -> None:
        """As an adapter of that name."""
        settings = self.config.model_dump(mode="json")
        card = AdapterCard(
            name=name,
            base=self.config.base,
            base_sha256=digest(self.config.base),
            takes=self.takes,
            embodiment=self.mounted,
            statistics={"demonstrations": len(self.shown), "time": time.time()},
            config=settings | {LAYOUT: self.layout.model_dump(mode="json")},
        )
        save(self.shown, folder)
        write_card(folder, card)


def memorise(config: FinetuneConfig, job: JobFolder) -> Path:
    """Make an adapter that replays; returns its folder. Raises JobCancelled when asked to stop, and
    what ``remember`` raises."""
    progress = Progress(job, [config.preset], PLAN.trials_s(config.rollouts))
    memory = remember(job.data, config, progress.reading)
    with new_adapter(job.data) as folder:
        memory.write(folder, free_name(job.data, config.name or memory.shown[0].said[0]))
        finished = finished_path(folder)
    return finished


def remember(data: Path, config: FinetuneConfig, tell: Callable[[str, float], None]) -> Memory:
    """What a replay of these takes needs. Raises NotCalibrated, NothingToReplay, and what ``tell``
    and reading takes raise."""
    tell("reading", 0.0)
    mounted = embodiment_of(data, config.takes)
    cameras = cameras_of(data, config.takes, config.cameras)
    policy = base_config(config.base)
    layout = fit_layout(policy, cameras, mounted.gripper is not None)
    if not layout.lifted:
        raise NotCalibrated([name for name, camera in cameras.items() if not camera.calibrated])
    takes = read_takes(data, config.takes, _whole(policy, layout), tell)
    shown = list(_demonstrations(takes, policy.queries))
    if not shown:
        raise NothingToReplay
    return Memory(
        config=config,
        layout=layout,
        mounted=mounted,
        shown=shown,
        takes=references(data, config.takes),
    )


def _whole(config: PolicyConfig, layout: PolicyLayout) -> Sampling:
    """One look at the beginning of each run, and all that follows as its chunk."""
    ticks = int(LONGEST_S * config.rate_hz)
    return replace(sampling(config, layout, stride=ticks), chunk=ticks)


def _demonstrations(
    takes: Mapping[str, Samples], queries: Sequence[Query]
) -> Iterator[Demonstration]:
    """One of each take, unless nobody said where its target is at the beginning."""
    for take_id, samples in takes.items():
        there = _places(samples, queries)
        target = there.get("target")
        if target is None:
            logger.info("Take %s is left out: no mask of its target when it begins.", take_id)
        else:
            yield _demonstration(samples, target, there.get("destination"))


def _places(samples: Samples, queries: Sequence[Query]) -> Mapping[Query, NDArray[np.float64]]:
    """Where things are on the table at the first sample, (3,) metres each, by the last camera that
    sees them, as ``TargetTracker`` has it."""
    places = {}
    first = np.zeros(1, np.int64)
    for camera in range(samples.images.shape[1]):
        masks, labeled = query_masks(samples, first, first + camera, queries)
        centroids = mask_targets(masks[0], samples.size)[:, :-1] @ grid_centres(samples.size)
        origin, direction = samples.origin[:1, camera], samples.direction[:1, camera]
        rays = torch.from_numpy(origin), torch.from_numpy(direction)
        lifted = lift(centroids[None], *rays, TABLE_M)[0].double().numpy()
        seen = masks[0].flatten(1).any(-1) & (labeled[0] > 0)
        places |= {query: lifted[n] for n, query in enumerate(queries) if seen[n]}
    return places


def _demonstration(
    samples: Samples, target: NDArray[np.float64], destination: NDArray[np.float64] | None
) -> Demonstration:
    """The first run of a take."""
    episode = samples.episodes[0]
    asked = [n for n in (episode.target, episode.destination) if n is not None]
    start = from_nine_numbers(samples.proprioception[0, :9])
    poses = apply_delta(start, samples.offsets[0].astype(np.float64))
    ticks = _moving(samples)
    grippers = None if samples.grippers is None else samples.grippers[0].astype(np.float64)
    return Demonstration(
        said=episode.instructions,
        names=tuple(name for n in asked for name in episode.called[n]),
        target=target,
        destination=destination,
        start=start,
        poses=poses[:ticks],
        grippers=None if grippers is None else grippers[:ticks],
    )


def _moving(samples: Samples) -> int:
    """How many ticks there are, before the last target is only held."""
    parts = [samples.offsets[0]]
    parts += [] if samples.grippers is None else [samples.grippers[0][:, None]]
    changes = np.flatnonzero(np.diff(np.concatenate(parts, -1), axis=0).any(-1))
    return int(changes[-1]) + 2 if len(changes) else 1
