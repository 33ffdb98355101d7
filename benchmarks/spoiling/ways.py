"""Ten ways to spoil a good take, each weakly, middling and strongly."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from teachloop.datasets.quality.findings import Kind
from teachloop.datasets.quality.measures import Streams
from teachloop.datasets.takes.recorded_streams import ActionStream, FrameStream, RobotStream

STRENGTHS = ("weak", "middle", "strong")
Random = np.random.Generator
Spoil = Callable[[Streams, float, Random], Streams]
Table = TypeVar("Table", ActionStream, RobotStream, FrameStream)
Rows = NDArray[np.int64]


class Way(NamedTuple):
    """How it is done, how much of it at each strength, and what should be found."""

    spoil: Spoil
    amounts: tuple[float, float, float]
    kinds: frozenset[Kind]


def _at(table: Table, rows: Rows) -> Table:
    """Some rows of a stream, in that order."""
    columns: dict[str, Any] = {each.name: getattr(table, each.name) for each in fields(table)}
    return replace(
        table,
        **{name: None if column is None else column[rows] for name, column in columns.items()},
    )


def missing_ticks(take: Streams, share: float, random: Random) -> Streams:
    """The loop left ticks out."""
    rows = np.flatnonzero(random.random(len(take.actions.time_ns)) >= share)
    return replace(take, actions=_at(take.actions, rows))


def dropped_pictures(take: Streams, share: float, random: Random) -> Streams:
    """A camera's pictures were lost on their way."""
    name = _camera(take, random)
    kept = random.random(len(take.frames[name])) >= share
    kept[[0, -1]] = True
    rows = np.flatnonzero(kept)
    frames = {**take.frames, name: _at(take.frames[name], rows)}
    return replace(take, frames=frames, same={**take.same, name: take.same[name][rows]})


def late_pictures(take: Streams, seconds: float, random: Random) -> Streams:
    """A camera's pictures were held up, for a third of the take: they came in bursts."""
    name = _camera(take, random)
    came_ns = take.frames[name].time_ns.copy()
    part = _part(len(came_ns), len(came_ns) // 3, random)
    first, every = came_ns[part][0], round(1e9 * seconds)
    came_ns[part] = first + -(-(came_ns[part] - first) // every) * every
    came_ns = np.maximum.accumulate(came_ns)
    return replace(take, frames={**take.frames, name: replace(take.frames[name], time_ns=came_ns)})


def frozen_picture(take: Streams, seconds: float, random: Random) -> Streams:
    """A camera went on sending the picture that it had, while the hand moved."""
    name = _camera(take, random)
    count = len(take.frames[name])
    same = take.same[name].copy()
    same[_part(count, round(seconds * take.rate_hz), random)] = True
    return replace(take, same={**take.same, name: same})


def pause(take: Streams, seconds: float, random: Random) -> Streams:
    """Somebody stopped to think, in the middle."""
    count = len(take.actions.time_ns)
    at = int(random.integers(count // 4, 3 * count // 4))
    rests = np.full(round(seconds * take.rate_hz), at)
    return _timed(take, np.concatenate([np.arange(at), rests, np.arange(at, count)]))


def shaking(take: Streams, millimetres: float, random: Random) -> Streams:
    """The hand trembled."""
    poses = take.robot.ee_pose.copy()
    poses[:, :3, 3] += random.normal(0, millimetres / 1000, (len(poses), 3))
    return replace(take, robot=replace(take.robot, ee_pose=poses))


def detour(take: Streams, times: float, random: Random) -> Streams:
    """The hand wandered about before it did anything: its way is that many times as long."""
    places = take.robot.ee_pose[:, :3, 3]
    farther_m = (times - 1) * float(np.linalg.norm(np.diff(places, axis=0), axis=1).sum())
    speed_m_s = 0.15
    count = max(4, round(farther_m / speed_m_s * take.rate_hz))
    turns = max(1.0, farther_m / 0.6)
    angle = 2 * np.pi * turns * np.arange(count) / count
    radius_m = farther_m / (2 * np.pi * turns)
    about = np.repeat(take.robot.ee_pose[:1], count, axis=0)
    about[:, 0, 3] += radius_m * (np.cos(angle) - 1)
    about[:, 1, 3] += radius_m * np.sin(angle)
    longer = _timed(take, np.concatenate([np.zeros(count, np.int64), np.arange(len(places))]))
    poses = longer.robot.ee_pose.copy()
    poses[:count] = about
    return replace(longer, robot=replace(longer.robot, ee_pose=poses))


def slow(take: Streams, times: float, random: Random) -> Streams:
    """All of it took that many times as long."""
    count = len(take.actions.time_ns)
    rows = np.arange(0, count - 1, 1 / times)
    slower = _timed(take, rows.astype(np.int64))
    low, share = rows.astype(np.int64), (rows % 1)[:, None]
    poses, places = slower.robot.ee_pose.copy(), take.robot.ee_pose[:, :3, 3]
    poses[:, :3, 3] = (1 - share) * places[low] + share * places[low + 1]
    return replace(slower, robot=replace(slower.robot, ee_pose=poses))


def not_closed(take: Streams, share: float, random: Random) -> Streams:
    """Nobody told the hand to close; weakly: only for a part of the time."""
    asked = take.actions.applied_gripper
    assert asked is not None, "a Franka Hand"
    closed = np.flatnonzero(asked < 0.5)
    opened = asked.copy()
    opened[closed[: round(share * len(closed))]] = 1.0
    return replace(take, actions=replace(take.actions, applied_gripper=opened))


def nothing_held(take: Streams, share: float, random: Random) -> Streams:
    """The object slipped out of the hand; weakly: shortly before it was let go."""
    asked, widths_m = take.actions.applied_gripper, take.robot.gripper_width_m
    assert asked is not None, "a Franka Hand"
    assert widths_m is not None, "a Franka Hand"
    closed = np.flatnonzero(asked < 0.5)
    lost = closed[round((1 - share) * len(closed)) :]
    empty_m, qpos = widths_m.copy(), take.qpos.copy()
    empty_m[lost] = 0.0005
    if len(lost):
        qpos[lost[0] :, 9:] = qpos[lost[0], 9:]
    return replace(take, robot=replace(take.robot, gripper_width_m=empty_m), qpos=qpos)


WAYS: Mapping[str, Way] = {
    "missing ticks": Way(missing_ticks, (0.03, 0.1, 0.3), frozenset({"rate"})),
    "dropped pictures": Way(dropped_pictures, (0.03, 0.1, 0.3), frozenset({"dropped"})),
    "late pictures": Way(late_pictures, (0.08, 0.2, 0.4), frozenset({"late"})),
    "frozen picture": Way(frozen_picture, (0.4, 1.0, 3.0), frozenset({"frozen"})),
    "pause": Way(pause, (0.7, 2.0, 4.0), frozenset({"pause"})),
    "shaking": Way(shaking, (0.5, 1.5, 4.0), frozenset({"shaking"})),
    "detour": Way(detour, (1.2, 1.8, 2.5), frozenset({"path"})),
    "slow": Way(slow, (1.2, 1.8, 2.5), frozenset({"duration", "pause"})),
    "hand not closed": Way(not_closed, (0.3, 0.9, 1.0), frozenset({"not closed"})),
    "nothing held": Way(
        nothing_held, (0.1, 0.5, 1.0), frozenset({"nothing held", "nothing moved"})
    ),
}


def _camera(take: Streams, random: Random) -> str:
    return str(random.choice(sorted(take.frames)))


def _part(count: int, length: int, random: Random) -> slice:
    length = min(length, count - 1)
    first = int(random.integers(1, count - length + 1))
    return slice(first, first + length)


def _timed(take: Streams, rows: Rows) -> Streams:
    """Other ticks of it, at its own rate: each stream goes on as at those."""
    step_ns = round(1e9 / take.rate_hz)
    shift_ns = np.arange(len(rows)) * step_ns - rows * step_ns
    robot, actions = _at(take.robot, rows), _at(take.actions, rows)
    frames = {name: _at(each, rows) for name, each in take.frames.items()}
    numbers = np.arange(len(rows))
    return replace(
        take,
        robot=replace(robot, time_ns=robot.time_ns + shift_ns),
        actions=replace(actions, time_ns=actions.time_ns + shift_ns),
        frames={
            name: replace(each, number=numbers, time_ns=each.time_ns + shift_ns)
            for name, each in frames.items()
        },
        same={name: each[rows] for name, each in take.same.items()},
        qpos=take.qpos[rows],
    )
