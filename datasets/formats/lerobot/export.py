"""Writing takes as a LeRobotDataset v3.0."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from pydantic import JsonValue

from ....runtime.json_file import JsonObject
from ...steps import Decider
from ..episodes.card import CardKind, facts_of
from ..episodes.export import EpisodeFormat, export_episodes
from ..episodes.exported import ExportedTakes, Tell
from ..episodes.pieces import Piece, Told, piece_of
from .assembly import Assembly, Limits
from .features import features_json
from .files import ABOUT, DATA, FILES_OF_A_CHUNK, INFO, STATS, VIDEO
from .options import LeRobotOptions
from .piece import VERSION, LeRobotPiece, fill
from .plan import LeRobotPlan, plan_of
from .statistics import Stats

ENCODING = 0.9  # share of the export that encoding takes
OPENING = """\
from lerobot.datasets.lerobot_dataset import LeRobotDataset

dataset = LeRobotDataset("you/{name}", root="{name}")"""


def export_takes(
    data: Path,
    take_ids: Sequence[str],
    options: LeRobotOptions,
    folder: Path,
    tell: Tell,
    limits: Limits | None = None,
) -> ExportedTakes:
    """Write takes into a new folder, see ``export_episodes``."""
    plan = plan_of(data, take_ids, options)
    how = EpisodeFormat(
        piece=partial(piece_of, data, plan, VERSION, partial(fill, plan)),
        assemble=partial(_assemble, plan, limits or Limits()),
        filling=ENCODING,
        card=_card(plan),
    )
    return export_episodes(take_ids, folder, how, tell)


def _card(plan: LeRobotPlan) -> CardKind:
    """With what Hugging Face's hub shows tables and finds LeRobot's data sets by."""
    configs: list[JsonValue] = [{"config_name": "default", "data_files": "data/*/*.parquet"}]
    return CardKind(
        form="A LeRobotDataset v3.0",
        opening=OPENING,
        front={"tags": ["LeRobot", "teachloop"], "configs": configs},
        facts={**facts_of(plan), "Actions": plan.options.actions},
        rate_hz=plan.rate_hz,
    )


def _assemble(
    plan: LeRobotPlan, limits: Limits, root: Path, made: Sequence[Piece], tell: Told
) -> None:
    """All of the data set."""
    pieces = [LeRobotPiece(each, list(plan.sizes)) for each in made]
    steps = iter(range(2 * len(pieces)))

    def step() -> None:
        tell(next(steps) / (2 * len(pieces)))

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


def _write(path: Path, content: JsonObject) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _plain(stats: Stats) -> JsonObject:
    return {name: values.tolist() for name, values in stats.items()}


def _info(
    plan: LeRobotPlan, assembly: Assembly, episodes: int, frames: int, limits: Limits
) -> JsonObject:
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


def _about(plan: LeRobotPlan) -> JsonObject:
    """What the format has no place for."""
    return {
        "actions": plan.options.actions,
        "decided_by": {str(each.value): each.name.lower() for each in Decider},
        "embodiment": plan.embodiment.model_dump(mode="json"),
    }
