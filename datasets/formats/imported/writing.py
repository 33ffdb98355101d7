"""An episode of others becomes a take: whole, or not there."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ....runtime.atomic_file import sync_folder
from ...labels.edits import SetParaphrases, SetSuccess
from ...labels.labels import Labels
from ...steps import Action, Decider
from ...takes.format import TakeInfo
from ...takes.source import Source
from ...takes.take_folder import TAKES, new_take_folder
from ...takes.writer import TakeWriter
from .episode import Episode, Floats, Motion

BEGIN_NS = 1_000_000_000  # of the first step, so that no time is 0
Ints = NDArray[np.int64]
Told = Callable[[float], None]
"""Told which share of the episode is written; what it raises ends the import."""


def write_take(data: Path, staged: Path, episode: Episode, source: Source, tell: Told) -> str:
    """The id of the new take. Raises EpisodeRefused, DiskFull, OSError and what ``tell`` raises;
    then there is none."""
    place = new_take_folder(data / TAKES)
    folder = staged / place.name
    try:
        _record(folder, episode, source, tell)
        os.rename(folder, place)
    except BaseException:
        with suppress(OSError):
            place.rmdir()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    sync_folder(place.parent)
    return place.name


def _record(folder: Path, episode: Episode, source: Source, tell: Told) -> None:
    about = episode.description
    period_ns = 1e9 / about.rate_hz
    times_ns = BEGIN_NS + np.round(np.arange(episode.steps) * period_ns).astype(np.int64)
    info = _info(folder.name, episode, source)
    writer = TakeWriter(folder, info)
    with writer:
        if episode.motion is not None:
            _append_motion(writer, episode.motion, times_ns)
        _append_pictures(writer, episode, times_ns, tell)
        writer.finish(duration_s=episode.steps / about.rate_hz)
    said = [SetSuccess(about.success)] if about.success is not None else []
    others = [SetParaphrases(about.wordings[1:])] if about.wordings[1:] else []
    if edits := [*said, *others, *episode.edits(times_ns)]:
        Labels.open(folder).apply(edits, 0, source.format)


def _info(take_id: str, episode: Episode, source: Source) -> TakeInfo:
    about = episode.description
    return TakeInfo(
        take_id=take_id,
        kind=about.kind,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        created_time_ns=0,
        task=about.task,
        instruction=about.wordings[0] if about.wordings else "",
        operator=about.operator,
        source=source,
        robot=about.robot,
        arm=about.arm,
        tool=about.tool,
        gripper=about.gripper,
        rate_hz=about.rate_hz,
        cameras=about.cameras,
    )


def _append_motion(writer: TakeWriter, motion: Motion, times_ns: Ints) -> None:
    for step, time_ns in enumerate(times_ns.tolist()):
        writer.append_robot(_Reading(motion, step, time_ns))
        if step < len(motion.targets):
            action = Action(
                ee_pose=motion.targets[step],
                gripper=_at(motion.grippers, step),
                decided_by=Decider(int(motion.decided_by[step])),
            )
            writer.append_action(time_ns, action, action)


class _Reading:
    """What the robot was at one step."""

    def __init__(self, motion: Motion, step: int, time_ns: int) -> None:
        self.time_ns = self.device_time_ns = time_ns
        self.joint_positions_rad = motion.joints_rad[step]
        self.joint_velocities_rad_s = motion.speeds_rad_s[step]
        self.ee_pose = motion.poses[step]
        self.gripper_width_m = _at(motion.widths_m, step)


def _at(column: Floats | None, step: int) -> float | None:
    return None if column is None else float(column[step])


def _append_pictures(writer: TakeWriter, episode: Episode, times_ns: Ints, tell: Told) -> None:
    count = max(1, episode.steps * len(episode.description.cameras))
    for number, each in enumerate(episode.pictures(), 1):
        time_ns = int(times_ns[each.step])
        writer.append_frame(each.camera, each.step, time_ns, time_ns, each.jpeg)
        if each.depth_mm is not None:
            writer.append_depth(each.camera, each.step, time_ns, time_ns, each.depth_mm)
        tell(number / count)
