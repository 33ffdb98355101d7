"""A take as one episode: its numbers at ticks of one rate, which of its frames is shown at each,
and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....geometry.poses import to_nine_numbers
from ...alignment import Ints, Ticks, align
from ...labels.label_values import Segment, Trim
from ...labels.snapshot import Snapshot
from ...takes.reader import Take
from ...takes.recorded_streams import ActionStream
from .actions import Floats, actions_of, with_gripper
from .errors import NoInstruction, NothingCounts, TooLong
from .plan import Plan

LONGEST_S = 2048  # float32 is off by less than LeRobot's tolerance, 0.1 ms, up to here


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Episode:
    """T ticks of a take, C cameras."""

    take: str
    instruction: str
    paraphrases: tuple[str, ...]
    subtasks: tuple[str, ...]  # the first is "", for where there is none
    success: bool | None  # None: nobody judged it
    operator: str
    state: Floats  # (T, 8) joint angles and the gripper's width; (T, 7) without one
    ee_pose: Floats  # (T, 9) measured, see ``to_nine_numbers``
    actions: Floats  # (T, A)
    decided_by: Ints  # (T,) steps.Decider
    stale: NDArray[np.bool_]  # (T, C) the frame is the one of the tick before
    subtask: Ints  # (T,) index into ``subtasks``
    frames: Mapping[str, Ints]  # by camera, (T,) index of the take's frame

    def __len__(self) -> int:
        return len(self.state)


def episode_of(take: Take, said: Snapshot, plan: Plan) -> Episode:
    """What counts of a take. It begins where every camera has sent a picture.

    Raises NoInstruction, NothingCounts, NothingToAlign, TooLong, NoSuchJoints.
    """
    info, options = take.info, plan.options
    instruction = said.instruction or info.instruction or info.task
    if not instruction:
        raise NoInstruction(info.take_id)
    ticks = _ticks(take, said.trim, plan)
    texts, subtask = _subtasks(said.segments, ticks.time_ns)
    frames = {name: ticks.frame_index[name] for name in plan.sizes}
    return Episode(
        take=info.take_id,
        instruction=instruction,
        paraphrases=said.paraphrases,
        subtasks=texts,
        success=said.success,
        operator=info.operator if options.operators else "",
        state=with_gripper(ticks.joint_positions_rad, ticks.gripper_width_m),
        ee_pose=to_nine_numbers(ticks.ee_pose),
        actions=actions_of(info.take_id, ticks, options.actions, plan.embodiment),
        decided_by=ticks.decided_by.astype(np.int64),
        stale=_repeated(frames, len(ticks)),
        subtask=subtask,
        frames=frames,
    )


def _ticks(take: Take, trim: Trim | None, plan: Plan) -> Ticks:
    """Raises NothingCounts, NothingToAlign, TooLong."""
    actions = _counted(take, trim, list(plan.sizes))
    if not len(actions.time_ns):
        raise NothingCounts(take.info.take_id)
    ticks = align(take, rate_hz=plan.rate_hz, actions=actions)
    if (seconds := len(ticks) / plan.rate_hz) > LONGEST_S:
        raise TooLong(take.info.take_id, seconds, LONGEST_S)
    return ticks


def _counted(take: Take, trim: Trim | None, cameras: list[str]) -> ActionStream:
    """The actions that count, from where each of these cameras has sent a picture."""
    times_ns = take.actions.time_ns
    counts = np.ones(len(times_ns), np.bool_)
    if trim is not None:
        counts &= (times_ns >= trim.start_ns) & (times_ns < trim.end_ns)
    for name in cameras:
        pictures_ns = take.frames[name].time_ns
        counts &= times_ns >= pictures_ns[0] if len(pictures_ns) else False
    return take.actions.at(counts)


def _subtasks(segments: tuple[Segment, ...], time_ns: Ints) -> tuple[tuple[str, ...], Ints]:
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
