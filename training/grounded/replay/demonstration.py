"""What is kept of a take so that it can be replayed where the object is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from ....datasets.steps import Pose
from ....runtime.errors import TeachloopError
from ....runtime.json_file import BrokenJson, StoredModel, read_model, write_model
from ....runtime.regular_file import require_regular

WORDS, PATHS = "replay.json", "replay.safetensors"  # in an adapter's folder
NEAR_M = 0.04  # of the nearest, where fingers touch: a hand that only pushes is closed all along
SHAPES = {"start": (4, 4), "target": (3,), "destination": (3,)}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demonstration:
    """One run by a person or a script."""

    said: tuple[str, ...]
    """The ways to ask for it."""
    names: tuple[str, ...]
    """What the things in it are called there."""
    target: NDArray[np.float64]
    """(3,) metres, where the target was at the start."""
    destination: NDArray[np.float64] | None
    """(3,) where the target was to go, if that is a thing."""
    start: Pose
    """Of the hand."""
    poses: Pose
    """(ticks, 4, 4) what the hand was told."""
    grippers: NDArray[np.float64] | None
    """(ticks,) 1 open … 0 closed; None without a gripper."""

    @property
    def contact(self) -> int:
        """The tick from which the object may move: the first at which the hand is about as near
        as it comes, with its gripper closed where it has one; or else the nearest."""
        away_m = np.linalg.norm(self.poses[:, :3, 3] - self.target, axis=-1)
        near = away_m < away_m.min() + NEAR_M
        closed = near if self.grippers is None else self.grippers < 0.5
        touches = np.flatnonzero(near & closed)
        return int(touches[0] if len(touches) else away_m.argmin())


class Said(StoredModel):
    """What is said of one demonstration."""

    said: Annotated[tuple[str, ...], Field(min_length=1)]
    names: tuple[str, ...]


class AllSaid(StoredModel):
    """What ``WORDS`` holds."""

    demonstrations: Annotated[tuple[Said, ...], Field(min_length=1)]


class NotReplayable(TeachloopError):
    def __init__(self, folder: Path, reason: object) -> None:
        super().__init__(f"What the adapter in {folder} replays cannot be read: {reason}")


def save(demonstrations: Sequence[Demonstration], folder: Path) -> None:
    """Write them into an adapter's folder."""
    said = [Said(said=each.said, names=each.names) for each in demonstrations]
    write_model(folder / WORDS, AllSaid(demonstrations=tuple(said)))
    arrays = [_arrays(number, each) for number, each in enumerate(demonstrations)]
    save_file({name: array for part in arrays for name, array in part.items()}, folder / PATHS)


def _arrays(number: int, each: Demonstration) -> dict[str, NDArray[np.float64]]:
    parts = {
        "start": each.start,
        "target": each.target,
        "destination": each.destination,
        "poses": each.poses,
        "grippers": each.grippers,
    }
    there = {name: part for name, part in parts.items() if part is not None}
    return {f"{number}.{name}": np.ascontiguousarray(part) for name, part in there.items()}


def replays(folder: Path) -> bool:
    """Whether an adapter replays, in place of weights."""
    return (folder / WORDS).is_file()


def read(folder: Path) -> list[Demonstration]:
    """Raises NotReplayable."""
    try:
        said = read_model(folder / WORDS, AllSaid).demonstrations
        require_regular(folder / PATHS)
        arrays = load_file(folder / PATHS)
        return [_demonstration(number, each, arrays) for number, each in enumerate(said)]
    except (BrokenJson, OSError, SafetensorError, ValueError, KeyError) as error:
        raise NotReplayable(folder, error) from error


def _demonstration(number: int, said: Said, arrays: dict[str, NDArray]) -> Demonstration:
    """Raises KeyError, ValueError."""
    poses = arrays[f"{number}.poses"]
    ticks = len(poses) if poses.ndim else 0
    shapes = SHAPES | {"poses": (max(1, ticks), 4, 4), "grippers": (ticks,)}
    parts = {name: arrays[f"{number}.{name}"] for name in shapes if f"{number}.{name}" in arrays}
    for name, part in parts.items():
        if part.shape != shapes[name] or not np.isfinite(part).all():
            raise ValueError(f"{name} of {number} is not {shapes[name]} finite numbers")
    return Demonstration(
        said=said.said,
        names=said.names,
        target=parts["target"],
        destination=parts.get("destination"),
        start=parts["start"],
        poses=parts["poses"],
        grippers=parts.get("grippers"),
    )
