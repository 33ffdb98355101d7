"""What is kept of one take: all of its record, and the numbers that statistics are made of."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ....runtime.json_file import JsonObject
from ...takes.reader import Take
from ...takes.take_folder import find_take
from ..episodes.episode import Episode, episode_of_take
from ..episodes.errors import NoInstruction
from ..episodes.masks import calibrations, mask_rows
from ..episodes.pictures import jpegs_at
from ..episodes.pieces import Piece, Told, part
from .errors import OtherMount, TooLarge
from .features import WORDINGS
from .numbers import actions, states
from .options import RldsOptions
from .plan import RldsPlan, plan_of
from .tf_example import Values, example, floats, integers, listed, texts, texts_in
from .tfrecord import write_record

RECORD, NUMBERS = "episode.tfrecord", "numbers.npz"
VERSION = 2
MOST_BYTES = (1 << 31) - 1  # of a protobuf message
MB = 1 << 20
SUCCESS = {True: "yes", False: "no", None: ""}
Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Beside:
    """What Open X-Embodiment has no place for."""

    masks: list[str]  # T, JSON
    calibrations: JsonObject


def record_of(piece: Piece) -> Path:
    return piece.folder / RECORD


def numbers_of(piece: Piece) -> tuple[Rows, Rows]:
    """Its actions (T, 7) and states (T, 8)."""
    with np.load(piece.folder / NUMBERS, allow_pickle=False) as arrays:
        return arrays["action"], arrays["state"]


def fill(plan: RldsPlan, take: Take, episode: Episode, folder: Path, tell: Told) -> None:
    """Raises NoInstruction, OtherMount, TooLarge, WrongRecord, and what ``tell`` raises."""
    _require_fit(plan, take, episode)
    action, state = (rows(episode.ticks).astype(np.float32) for rows in (actions, states))
    pictures: dict[str, Path] = {}
    for number, camera in enumerate(plan.sizes):
        path, own = folder / str(number), part(tell, number, len(plan.sizes))
        pictures[plan.image_keys[camera]] = path
        _write_pictures(path, take, camera, episode, plan, own)
    beside = _Beside(_mask_texts(take, episode, plan), calibrations(take.info.cameras, plan.sizes))
    _write_record(folder / RECORD, plan, episode, action, state, pictures, beside)
    for path in pictures.values():
        path.unlink()
    np.savez(folder / NUMBERS, action=action, state=state)


def require_fit(data: Path, like: str, take_id: str, options: RldsOptions) -> None:
    """Whether a take fits into a data set with another. Raises CannotExport, TakeRefused, and what
    opening a take raises."""
    plan = plan_of(data, [like, take_id], options)
    with Take.open(find_take(data, take_id)) as take:
        _require_fit(plan, take, episode_of_take(data, take_id, plan))


def _require_fit(plan: RldsPlan, take: Take, episode: Episode) -> None:
    """Raises NoInstruction, OtherMount."""
    if not episode.instruction:
        raise NoInstruction(episode.take)
    for camera, mount in plan.mounts.items():
        if take.info.cameras[camera].mount != mount:
            raise OtherMount(episode.take, camera)


def _write_pictures(
    path: Path, take: Take, camera: str, episode: Episode, plan: RldsPlan, tell: Told
) -> None:
    """One behind the other, as they shall lie in the record."""
    jpegs = jpegs_at(take, camera, episode.frames[camera], plan.sizes[camera])
    with path.open("wb") as file:
        for tick, jpeg in enumerate(jpegs):
            file.write(listed(jpeg))
            tell(tick / len(episode))


def _write_record(
    path: Path,
    plan: RldsPlan,
    episode: Episode,
    action: Rows,
    state: Rows,
    pictures: dict[str, Path],
    beside: _Beside,
) -> None:
    """Raises TooLarge."""
    joints = episode.ticks.joint_positions_rad
    content = example(
        {
            **{f"steps/observation/{key}": texts_in(path) for key, path in pictures.items()},
            "steps/observation/state": floats(state),
            "steps/observation/joint_position": floats(joints),
            "steps/action": floats(action),
            **{f"steps/{name}": values for name, values in _steps(episode).items()},
            "steps/masks": texts(beside.masks),
            "episode_metadata/calibrations": texts([json.dumps(beside.calibrations)]),
            **{f"episode_metadata/{name}": texts([text]) for name, text in _said(episode, plan)},
        }
    )
    if content.size > MOST_BYTES:
        raise TooLarge(episode.take, content.size // MB, MOST_BYTES // MB)
    with path.open("wb") as file:
        write_record(file, content)


def _mask_texts(take: Take, episode: Episode, plan: RldsPlan) -> list[str]:
    """At each step, its masks in JSON; "" is none. Raises Unfit."""
    found: list[list[JsonObject]] = [[] for _ in range(len(episode))]
    for row in mask_rows(episode, take, plan.sizes):
        step, key = row.pop("frame_index"), plan.image_keys[row.pop("camera")]
        found[step].append({"picture": key, **row})
    return [json.dumps(rows, ensure_ascii=False) if rows else "" for rows in found]


def _steps(episode: Episode) -> dict[str, Values]:
    """What a step says of itself, T of each."""
    length = len(episode)
    step = np.arange(length)
    ends = step == length - 1
    wordings = _wordings(episode)
    stale = {"stale": integers(episode.stale)} if episode.frames else {}
    return {
        "discount": floats(np.ones(length)),
        "reward": floats(ends & bool(episode.success)),
        "is_first": integers(step == 0),
        "is_last": integers(ends),
        "is_terminal": integers(ends),
        **{name: texts([text] * length) for name, text in zip(WORDINGS, wordings, strict=True)},
        "subtask": texts([episode.subtasks[number] for number in episode.subtask]),
        "decided_by": integers(episode.ticks.decided_by),
        **stale,
    }


def _wordings(episode: Episode) -> list[str]:
    """The instruction and the first paraphrases, as many as there are places; "" is none."""
    said = [episode.instruction, *episode.paraphrases, *[""] * len(WORDINGS)]
    return said[: len(WORDINGS)]


def _said(episode: Episode, plan: RldsPlan) -> list[tuple[str, str]]:
    """Of all of it."""
    operator = [("operator", episode.operator)] if plan.options.operators else []
    return [
        ("file_path", f"takes/{episode.take}"),
        ("success", SUCCESS[episode.success]),
        ("paraphrases", json.dumps(episode.paraphrases, ensure_ascii=False)),
        *operator,
    ]
