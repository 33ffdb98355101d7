"""The pieces of all takes as one file: demos with actions of one scale, and masks that name some of
them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from ....runtime.json_file import JsonObject
from ...steps import Decider
from ..episodes.held_out import held_out
from ..episodes.pieces import EpisodeNote, Piece, Told, part
from ..episodes.plan import Plan
from .numbers import GRIPPER, action_names, shifted
from .options import RobomimicOptions
from .piece import DELTAS, DEMO, Scale, image_key, largest

FILE, PARTIAL = "dataset.hdf5", "dataset.partial"
GYM = 2  # of the kinds of environment that robomimic tells apart, the one with fewest promises
LEAST: Scale = (1e-3, 1e-2)  # where takes hardly move or turn, noise stays small
Demo = h5py.Group


def assemble(
    plan: Plan, options: RobomimicOptions, root: Path, pieces: Sequence[Piece], tell: Told
) -> None:
    """Write ``dataset.hdf5``."""
    scale = options.scale or _scale(pieces)
    with h5py.File(root / PARTIAL, "w") as file:
        data = file.create_group("data")
        for number, piece in enumerate(pieces):
            own, demo = part(tell, number, len(pieces)), data.create_group(_name(number))
            own(0.0)
            _copy(piece, demo)
            _complete(demo, piece.note, plan, scale)
            for each, camera in enumerate(plan.sizes if options.next_pictures else ()):
                _write_next(demo, image_key(camera), part(own, each, len(plan.sizes)))
        data.attrs.update(_about(plan, pieces, scale))
        for name, numbers in _masks([piece.note for piece in pieces]).items():
            file[f"mask/{name}"] = np.array([_name(number) for number in numbers], "S")
    (root / PARTIAL).rename(root / FILE)


def _name(number: int) -> str:
    return f"demo_{number}"


def _scale(pieces: Sequence[Piece]) -> Scale:
    """The largest deltas of all takes."""
    metres, radians = LEAST
    for piece in pieces:
        with h5py.File(piece.folder / DEMO, "r") as source:
            own = largest({name: _rows(source, name) for name in DELTAS})
        metres, radians = max(metres, own[0]), max(radians, own[1])
    return metres, radians


def _rows(group: h5py.Group, name: str) -> NDArray:
    """All of a column. Raises KeyError."""
    return _column(group, name)[()]


def _column(group: h5py.Group, name: str) -> h5py.Dataset:
    """Raises KeyError."""
    return group[name]  # pyright: ignore[reportReturnType]


def _copy(piece: Piece, demo: Demo) -> None:
    with h5py.File(piece.folder / DEMO, "r") as source:
        for name in source:
            source.copy(name, demo)


def _complete(demo: Demo, note: EpisodeNote, plan: Plan, scale: Scale) -> None:
    """All of a demo that is not in its piece, but for the pictures."""
    demo["actions"] = _actions(demo, scale)
    ends = np.arange(note.length) == note.length - 1
    demo["dones"] = ends.astype(np.int64)
    demo["rewards"] = (ends & bool(note.success)).astype(np.float64)
    for name in set(demo.require_group("obs")) - {image_key(camera) for camera in plan.sizes}:
        demo[f"next_obs/{name}"] = shifted(_rows(demo, f"obs/{name}"))
    demo.attrs.update(_said(note))


def _actions(demo: Demo, scale: Scale) -> NDArray[np.float32]:
    """Deltas of which 1 is the scale, and the gripper, (T, 7); (T, 6) without one."""
    parts = [_rows(demo, name) / one for name, one in zip(DELTAS, scale, strict=True)]
    if (gripper := f"action_dict/{GRIPPER}") in demo:
        parts.append(_rows(demo, gripper))
    return np.concatenate(parts, 1).astype(np.float32)


def _write_next(demo: Demo, name: str, tell: Told) -> None:
    """The pictures of the next tick, copied as they are stored."""
    source = _column(demo, f"obs/{name}")
    target = demo.create_dataset_like(f"next_obs/{name}", source)
    for tick in range(len(source)):
        after = min(tick + 1, len(source) - 1)
        mask, content = source.id.read_direct_chunk((after, 0, 0, 0))
        target.id.write_direct_chunk((tick, 0, 0, 0), content, mask)
        tell(tick / len(source))


def _said(note: EpisodeNote) -> dict[str, object]:
    """What the takes say has a place here, although robomimic asks for ``num_samples`` alone."""
    return {
        "num_samples": note.length,
        "take": note.take,
        "instruction": note.instruction,
        "paraphrases": json.dumps(note.paraphrases, ensure_ascii=False),
        "subtasks": json.dumps(note.subtasks, ensure_ascii=False),
        **({} if note.success is None else {"success": note.success}),
        **({"operator": note.operator} if note.operator else {}),
    }


def _about(plan: Plan, pieces: Sequence[Piece], scale: Scale) -> dict[str, object]:
    metres, radians = scale
    names = action_names(plan.has_gripper)
    return {
        "total": sum(piece.note.length for piece in pieces),
        "env_args": json.dumps(_environment(plan), ensure_ascii=False),
        "action_names": json.dumps(names),
        "action_scale": [metres] * 3 + [radians] * 3 + [1.0] * plan.has_gripper,
        "rate_hz": plan.rate_hz,
        "cameras": json.dumps(list(plan.sizes), ensure_ascii=False),
        "decided_by": json.dumps({each.value: each.name.lower() for each in Decider}),
    }


def _environment(plan: Plan) -> JsonObject:
    """What robomimic would make an environment of for rollouts, of which it has none for a real
    robot; it tells where the demos come from."""
    return {
        "env_name": f"teachloop_franka_{plan.embodiment.arm}",
        "type": GYM,
        "env_kwargs": {
            "control_freq": plan.rate_hz,
            "embodiment": plan.embodiment.model_dump(mode="json"),
        },
    }


def _masks(notes: Sequence[EpisodeNote]) -> Mapping[str, list[int]]:
    """Which demos are for training and for validation, and how they ended. None is empty."""
    numbers, valid = list(range(len(notes))), held_out(len(notes))
    ended = {"success": True, "failed": False, "unjudged": None}
    masks = {
        "train": [number for number in numbers if number not in valid],
        "valid": valid,
        **{
            name: [number for number in numbers if notes[number].success is success]
            for name, success in ended.items()
        },
    }
    return {name: each for name, each in masks.items() if each}
