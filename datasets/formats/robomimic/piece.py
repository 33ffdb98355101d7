"""What is kept of one take: all of a demo but what depends on the other takes."""

import json
from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from ...takes.reader import Take
from ..episodes.episode import Episode, episode_of_take
from ..episodes.masks import calibrations, mask_rows
from ..episodes.pictures import pictures_at
from ..episodes.pieces import Told, part
from ..episodes.plan import Plan, plan_of
from .errors import LargerThanScale
from .numbers import action_dict, observations, states
from .options import RobomimicOptions

DEMO = "demo.hdf5"
MASKS, CALIBRATIONS = "masks", "calibrations"  # JSON, as bytes: robomimic has no place for them
VERSION = 2
Scale = tuple[float, float]
"""How many metres and how many radians an action of 1 is."""


def fill(
    plan: Plan, options: RobomimicOptions, take: Take, episode: Episode, folder: Path, tell: Told
) -> None:
    """Raises LargerThanScale, Unfit, WrongRecord, and what ``tell`` raises."""
    numbers = numbers_of(episode)
    _require_within(episode, numbers, options.scale)
    with h5py.File(folder / DEMO, "w") as file:
        for name, rows in numbers.items():
            file[name] = rows
        file[MASKS] = _as_bytes(mask_rows(episode, take, plan.sizes))
        file[CALIBRATIONS] = _as_bytes(calibrations(take.info.cameras, plan.sizes))
        for number, camera in enumerate(plan.sizes):
            own = part(tell, number, len(plan.sizes))
            _write_pictures(file, take, camera, episode, plan, options.compressed, own)


def require_fit(data: Path, like: str, take_id: str, options: RobomimicOptions) -> None:
    """Whether a take fits into a data set with another. Raises CannotExport, TakeRefused, and what
    opening a take raises."""
    episode = episode_of_take(data, take_id, plan_of(data, [like, take_id], options))
    _require_within(episode, numbers_of(episode), options.scale)


def _as_bytes(content: object) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(content, ensure_ascii=False).encode(), np.uint8)


def numbers_of(episode: Episode) -> dict[str, NDArray]:
    """All of a demo (T, …) that is no picture, by its place in it."""
    ticks = episode.ticks
    plain = {
        **{f"obs/{name}": rows for name, rows in observations(ticks).items()},
        **{f"action_dict/{name}": rows for name, rows in action_dict(ticks).items()},
        "states": states(ticks),
    }
    return {
        **{name: rows.astype(np.float32) for name, rows in plain.items()},
        "decided_by": ticks.decided_by,
        "stale": episode.stale,
        "subtask": episode.subtask,
    }


def largest(numbers: Mapping[str, NDArray]) -> Scale:
    """The largest deltas of an episode, in metres and in radians; 0 where it rests."""
    metres, radians = (np.abs(numbers[name]).max() for name in DELTAS)
    return float(metres), float(radians)


DELTAS = ("action_dict/rel_pos", "action_dict/rel_rot_axis_angle")


def _require_within(episode: Episode, numbers: Mapping[str, NDArray], scale: Scale | None) -> None:
    """Raises LargerThanScale."""
    if scale is None:
        return
    beyond = [np.abs(numbers[name]) > one for name, one in zip(DELTAS, scale, strict=True)]
    ticks = np.flatnonzero(np.concatenate(beyond, 1).any(1))
    if len(ticks):
        time_ns = episode.ticks.time_ns
        seconds = float(time_ns[ticks[0]] - time_ns[0]) / 1e9
        raise LargerThanScale(episode.take, seconds, largest(numbers))


def _write_pictures(
    file: h5py.File,
    take: Take,
    camera: str,
    episode: Episode,
    plan: Plan,
    compressed: bool,
    tell: Told,
) -> None:
    """A chunk for each."""
    length, size = len(episode), plan.sizes[camera]
    pictures = file.create_dataset(
        f"obs/{image_key(camera)}",
        (length, *size, 3),
        np.uint8,
        chunks=(1, *size, 3),
        compression="gzip" if compressed else None,
    )
    for tick, image in enumerate(pictures_at(take, camera, episode.frames[camera], size)):
        pictures[tick] = image
        tell(tick / length)


def image_key(camera: str) -> str:
    """As robosuite calls it."""
    return f"{camera}_image"
