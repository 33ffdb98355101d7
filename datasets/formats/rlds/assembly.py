"""The pieces of all takes as one data set: records behind each other in shards, and what TensorFlow
Datasets asks to be said of them."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ....runtime.json_file import JsonObject
from ...steps import Decider
from ..episodes.held_out import held_out
from ..episodes.pieces import Piece, Told
from .features import features_json
from .numbers import ACTION, STATE
from .piece import numbers_of, record_of
from .plan import RldsPlan
from .statistics import statistics

SET_VERSION = "1.0.0"
FEATURES, INFO = "features.json", "dataset_info.json"
STATISTICS, ABOUT = "dataset_statistics.json", "teachloop.json"
PATHS = "{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}"
Shards = list[list[Piece]]


def assemble(
    plan: RldsPlan, shard_bytes: int, root: Path, pieces: Sequence[Piece], tell: Told
) -> None:
    """Write ``<name>/1.0.0``."""
    name = plan.options.name
    folder = root / name / SET_VERSION
    folder.mkdir(parents=True)
    splits = {split: _shards(those, shard_bytes) for split, those in _splits(pieces).items()}
    shares = iter(np.linspace(0, 1, len(pieces), endpoint=False).tolist())
    for split, shards in splits.items():
        for number, shard in enumerate(shards):
            file = folder / f"{name}-{split}.tfrecord-{number:05d}-of-{len(shards):05d}"
            _write_shard(file, shard, lambda: tell(next(shares)))
    _write(folder / STATISTICS, statistics(name, [numbers_of(piece) for piece in pieces]))
    _write(folder / ABOUT, _about(plan))
    _write(folder / FEATURES, features_json(plan))
    _write(folder / INFO, _info(plan, splits))


def _splits(pieces: Sequence[Piece]) -> dict[str, list[Piece]]:
    """Whole takes for training and for validation, by the names that OpenVLA looks for. None is
    empty."""
    valid = held_out(len(pieces))
    splits = {
        "train": [piece for number, piece in enumerate(pieces) if number not in valid],
        "val": [pieces[number] for number in valid],
    }
    return {name: those for name, those in splits.items() if those}


def _shards(pieces: Sequence[Piece], shard_bytes: int) -> Shards:
    """Files of so many bytes at most, or of one take."""
    shards: Shards = [[]]
    for piece in pieces:
        if shards[-1] and _size([*shards[-1], piece]) > shard_bytes:
            shards.append([])
        shards[-1].append(piece)
    return shards


def _size(pieces: Sequence[Piece]) -> int:
    """Bytes."""
    return sum(record_of(piece).stat().st_size for piece in pieces)


def _write_shard(path: Path, shard: Sequence[Piece], tell: Callable[[], None]) -> None:
    with path.open("wb") as file:
        for piece in shard:
            tell()
            with record_of(piece).open("rb") as record:
                shutil.copyfileobj(record, file)


def _write(path: Path, content: JsonObject) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _info(plan: RldsPlan, splits: dict[str, Shards]) -> JsonObject:
    """The fields are those of ``dataset_info.proto``; whole numbers of 64 bits are texts in the
    JSON of protobuf."""
    return {
        "name": plan.options.name,
        "version": SET_VERSION,
        "description": _description(plan),
        "fileFormat": "tfrecord",
        "splits": [
            {
                "name": split,
                "shardLengths": [str(len(shard)) for shard in shards],
                "numBytes": str(sum(_size(shard) for shard in shards)),
                "filepathTemplate": PATHS,
            }
            for split, shards in splits.items()
        ],
    }


def _description(plan: RldsPlan) -> str:
    without = "" if plan.has_gripper else " There is no gripper: its action is 1, its state 0."
    return (
        f"Takes of a Franka {plan.embodiment.arm} at {plan.rate_hz:g} Hz, recorded with teachloop. "
        "Actions lead from one applied target to the next, in the base frame, in metres and "
        "radians, where R2 = Rz(yaw) Ry(pitch) Rx(roll) R1; the gripper is 1 open, 0 closed."
        f"{without}"
    )


def _about(plan: RldsPlan) -> JsonObject:
    """What the format has no place for."""
    return {
        "rate_hz": plan.rate_hz,
        "action": list(ACTION),
        "state": list(STATE),
        "cameras": dict(plan.image_keys),
        "decided_by": {str(each.value): each.name.lower() for each in Decider},
        "embodiment": plan.embodiment.model_dump(mode="json"),
    }
