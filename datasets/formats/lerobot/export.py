"""Writing takes as a LeRobotDataset v3.0: a whole folder, or one that goes on where it stopped."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ....runtime.atomic_file import growing, sync_tree
from ....runtime.json_file import JsonObject
from ...steps import Decider
from ..export import AlreadyThere
from .assembly import Assembly, Limits
from .errors import AllLeftOut, Unfit
from .features import features_json
from .files import ABOUT, DATA, FILES_OF_A_CHUNK, INFO, STATS, VIDEO
from .options import LeRobotOptions
from .piece import Piece, piece_of
from .plan import Plan, plan_of
from .statistics import Stats

PIECES = "pieces"
WHOLE = ("meta", "data", "videos")
ENCODING = 0.9  # share of the export that encoding takes
Tell: TypeAlias = Callable[[str, float], None]
"""Told what is done, and the share of all; what it raises ends the export."""


@dataclass(slots=True)
class ExportedTakes:
    """What was written."""

    episodes: int = 0
    frames: int = 0
    left_out: dict[str, str] = field(default_factory=dict)
    """Id of a take -> why nothing of it was written."""


def export_takes(
    data: Path,
    take_ids: Sequence[str],
    options: LeRobotOptions,
    folder: Path,
    tell: Tell,
    limits: Limits | None = None,
) -> ExportedTakes:
    """Write takes, one episode each, into a new folder.

    A take that cannot be opened, or holds nothing that counts, is left out with the reason. On an
    error there is no such folder; what was made of each take is kept beside it, and the same call
    goes on with that. Raises AlreadyThere, CannotExport, OSError, what opening a take raises and
    what ``tell`` raises.
    """
    if folder.exists() or folder.is_symlink():
        raise AlreadyThere(folder)
    plan, done = plan_of(data, take_ids, options), ExportedTakes()
    with growing(folder) as partial:
        for name in WHOLE:
            shutil.rmtree(partial / name, ignore_errors=True)
        pieces = _pieces(data, take_ids, plan, partial / PIECES, tell, done)
        if not pieces:
            raise AllLeftOut([f"{take}: {reason}" for take, reason in done.left_out.items()])
        done.episodes, done.frames = len(pieces), _assemble(partial, plan, pieces, limits, tell)
        shutil.rmtree(partial / PIECES)
        sync_tree(partial)
    return done


def _pieces(
    data: Path,
    take_ids: Sequence[str],
    plan: Plan,
    folder: Path,
    tell: Tell,
    done: ExportedTakes,
) -> list[Piece]:
    folder.mkdir(parents=True, exist_ok=True)
    pieces, count = [], len(take_ids)
    for number, take_id in enumerate(take_ids):

        def told(share: float, number: int = number) -> None:
            tell(f"take {number + 1} of {count}", ENCODING * (number + share) / count)

        told(0.0)
        try:
            pieces.append(piece_of(data, take_id, folder / take_id, plan, told))
        except Unfit as error:
            done.left_out[take_id] = error.reason
    return pieces


def _assemble(
    root: Path, plan: Plan, pieces: Sequence[Piece], limits: Limits | None, tell: Tell
) -> int:
    """All of the data set; returns how many frames it has."""
    limits, steps = limits or Limits(), 2 * len(pieces)
    told = iter(range(steps))

    def step() -> None:
        tell("putting all together", ENCODING + (1 - ENCODING) * next(told) / steps)

    (root / "meta").mkdir()
    with Assembly(root, plan, pieces, limits) as assembly:
        for piece in pieces:
            assembly.add(piece)
            step()
    frames = assembly.frames
    stats = assembly.stats(pieces, step)
    _write(root / STATS, {name: _plain(each) for name, each in stats.items()})
    _write(root / ABOUT, _about(plan))
    _write(root / INFO, _info(plan, assembly, len(pieces), frames, limits))
    return frames


def _write(path: Path, content: JsonObject) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _plain(stats: Stats) -> JsonObject:
    return {name: values.tolist() for name, values in stats.items()}


def _info(plan: Plan, assembly: Assembly, episodes: int, frames: int, limits: Limits) -> JsonObject:
    return {
        "codebase_version": "v3.0",
        "robot_type": f"franka_{plan.embodiment.arm}",
        "total_episodes": episodes,
        "total_frames": frames,
        "total_tasks": assembly.tasks,
        "chunks_size": FILES_OF_A_CHUNK,
        "data_files_size_in_mb": max(1, limits.data_mb),
        "video_files_size_in_mb": max(1, limits.video_mb),
        "fps": plan.rate_hz,
        "splits": {"train": f"0:{episodes}"},
        "data_path": DATA,
        "video_path": VIDEO if plan.sizes else None,
        "features": features_json(plan, assembly.has_subtasks),
    }


def _about(plan: Plan) -> JsonObject:
    """What the format has no place for."""
    return {
        "actions": plan.options.actions,
        "decided_by": {str(each.value): each.name.lower() for each in Decider},
        "embodiment": plan.embodiment.model_dump(mode="json"),
    }
