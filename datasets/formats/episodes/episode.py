"""A take as one episode: its numbers at ticks of one rate, which of its frames is shown at each,
and what is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ....runtime.errors import TeachloopError
from ...alignment import Ints, Ticks, align
from ...labels.label_values import Segment, Trim
from ...labels.labels import Labels
from ...labels.snapshot import Snapshot
from ...takes.check import require_usable
from ...takes.reader import Take
from ...takes.recorded_streams import ActionStream
from ...takes.take_folder import find_take
from .errors import NothingCounts, Unfit
from .plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Episode:
    """T ticks of a take, C cameras."""

    take: str
    instruction: str  # empty: nobody wrote one
    paraphrases: tuple[str, ...]
    subtasks: tuple[str, ...]  # the first is "", for where there is none
    success: bool | None  # None: nobody judged it
    operator: str  # empty where it is not asked for
    ticks: Ticks
    subtask: Ints  # (T,) index into ``subtasks``
    frames: Mapping[str, Ints]  # by camera, (T,) index of the take's frame
    stale: NDArray[np.bool_]  # (T, C) the frame is the one of the tick before
    said: Snapshot  # all that is said of the take

    def __len__(self) -> int:
        return len(self.ticks)


def episode_of_take(data: Path, take_id: str, plan: Plan) -> Episode:
    """What counts of a take. It begins where every camera has sent a picture. Raises Unfit."""
    folder = find_take(data, take_id)
    try:
        require_usable(data, take_id)
        with Take.open(folder) as take:
            return _episode(take, Labels.open(folder).snapshot, plan)
    except TeachloopError as error:
        raise Unfit(str(error)) from error


def _episode(take: Take, said: Snapshot, plan: Plan) -> Episode:
    """Raises NothingCounts, NothingToAlign."""
    info = take.info
    actions = _counted(take, said.trim, list(plan.sizes))
    if not len(actions.time_ns):
        raise NothingCounts(info.take_id)
    ticks = align(take, rate_hz=plan.rate_hz, actions=actions)
    texts, subtask = _subtasks(said.segments, ticks.time_ns)
    frames = {name: ticks.frame_index[name] for name in plan.sizes}
    return Episode(
        take=info.take_id,
        instruction=said.instruction or info.instruction or info.task,
        paraphrases=said.paraphrases,
        subtasks=texts,
        success=said.success,
        operator=info.operator if plan.options.operators else "",
        ticks=ticks,
        subtask=subtask,
        frames=frames,
        stale=_repeated(frames, len(ticks)),
        said=said,
    )


def _counted(take: Take, trim: Trim | None, cameras: Sequence[str]) -> ActionStream:
    """The actions that count, from where each of these cameras has sent a picture."""
    times_ns = take.actions.time_ns
    counts = np.ones(len(times_ns), np.bool_)
    if trim is not None:
        counts &= (times_ns >= trim.start_ns) & (times_ns < trim.end_ns)
    for name in cameras:
        pictures_ns = take.frames[name].time_ns
        counts &= times_ns >= pictures_ns[0] if len(pictures_ns) else False
    return take.actions.at(counts)


def _subtasks(segments: Sequence[Segment], time_ns: Ints) -> tuple[tuple[str, ...], Ints]:
    """The texts of sub-tasks, and at each tick (T,) which of them it belongs to."""
    named = [segment for segment in segments if segment.text]
    texts = ("", *dict.fromkeys(segment.text for segment in named))
    index = np.zeros(len(time_ns), np.int64)
    for segment in named:
        inside = (time_ns >= segment.start_ns) & (time_ns < segment.end_ns)
        index[inside] = texts.index(segment.text)
    return texts, index


def _repeated(frames: Mapping[str, Ints], ticks: int) -> NDArray[np.bool_]:
    """Where no newer frame had come since the tick before (T, C)."""
    stale = np.zeros((ticks, len(frames)), np.bool_)
    for column, index in enumerate(frames.values()):
        stale[1:, column] = index[1:] == index[:-1]
    return stale
