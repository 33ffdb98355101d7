"""What a take is like, in figures by which it can be judged, and compared with others of its task.

They come from the recorded streams alone; only which pictures are the same is read from the
pictures. None is a figure that nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...runtime.validation import StrictModel
from ..alignment import latest
from ..hand_motion import hand_moves
from ..runs import runs
from ..takes.reader import Take
from ..takes.recorded_streams import ActionStream, FrameStream, RobotStream
from .same_pictures import same_pictures

OLD_S = 0.1  # a tick's picture may be so old
SEEN_M = 0.02  # so far the hand moves before a picture of it has to change
CLOSED, EMPTY_M = 0.5, 0.003  # of the gripper's command, and of its width
SMOOTHED_S = 0.35  # a person does not mean what is quicker
FEWEST_TICKS = 10

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


class TakeMeasures(StrictModel):
    """Figures of one take."""

    missing: float  # share of its ticks that the loop left out
    dropped: dict[str, float]  # camera -> share of its pictures that never came
    late: dict[str, float]  # camera -> share of the ticks whose picture was too old
    frozen_s: dict[str, float]  # camera -> longest that it showed one picture of a moving hand
    moving_s: float  # from the first movement to the last
    pause_s: float  # the longest rest between them
    path_m: float  # of the hand
    shake_mm: float  # median distance of the moving hand from its own smoothed path
    closes: bool | None  # whether the hand was told to close
    empty_s: float | None  # how long it was closed with nothing in it
    object_m: float | None  # how far the object that moved farthest came from its place


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Streams:
    """What is measured, of one take."""

    rate_hz: float
    actions: ActionStream
    robot: RobotStream
    frames: Mapping[str, FrameStream]
    same: Mapping[str, Flags]  # camera -> (n,) whether a frame is the picture before it again
    qpos: Floats  # (n, nq) of the simulator; (0, 0) where there is none


def measure(take: Take) -> TakeMeasures | None:
    """Of an open take; None of pictures alone, and of less than a few ticks."""
    if take.info.kind == "pictures":
        return None
    return measure_streams(
        Streams(
            rate_hz=take.info.rate_hz,
            actions=take.actions,
            robot=take.robot,
            frames=take.frames,
            same={name: _same(take, name) for name in take.frames},
            qpos=take.simulation.qpos if take.info.scene else np.zeros((0, 0)),
        )
    )


def _same(take: Take, camera: str) -> Flags:
    """Pictures that the simulator draws have no grain: those of a camera beside the robot stay the
    same while the hand is not in them."""
    if take.info.scene and take.info.cameras[camera].mount == "base":
        return np.zeros(len(take.frames[camera]), np.bool_)
    return same_pictures(take, camera)


def measure_streams(streams: Streams) -> TakeMeasures | None:
    """The same of streams; None of less than a few ticks, of an arm that was not heard, and of
    figures that nobody could mean."""
    if len(streams.actions.time_ns) < FEWEST_TICKS or not len(streams.robot.time_ns):
        return None
    with np.errstate(all="ignore"):
        found = _measured(streams)
    return found if _is_finite(found) else None


def _is_finite(found: TakeMeasures) -> bool:
    figures = (found.moving_s, found.pause_s, found.path_m, found.shake_mm, found.missing)
    others = (found.empty_s or 0.0, found.object_m or 0.0)
    by_camera = [*found.dropped.values(), *found.late.values(), *found.frozen_s.values()]
    return bool(np.isfinite([*figures, *others, *by_camera]).all())


def _measured(streams: Streams) -> TakeMeasures:
    time_ns = streams.actions.time_ns
    measured = np.maximum(latest(streams.robot.time_ns, time_ns), 0)
    poses = streams.robot.ee_pose[measured]
    moves = hand_moves(poses, np.diff(time_ns) / 1e9)
    first, last = _ends(moves)
    frames = {name: each for name, each in streams.frames.items() if len(each)}
    widths_m = streams.robot.gripper_width_m
    return TakeMeasures(
        missing=_missing(time_ns, streams.rate_hz),
        dropped={name: _dropped(each) for name, each in frames.items()},
        late={name: _late(each.time_ns, time_ns) for name, each in frames.items()},
        frozen_s={
            name: _frozen_s(each.time_ns, streams.same[name], streams.robot)
            for name, each in frames.items()
        },
        moving_s=float(time_ns[last] - time_ns[first]) / 1e9,
        pause_s=_pause_s(moves, time_ns),
        path_m=float(np.linalg.norm(np.diff(poses[:, :3, 3], axis=0), axis=1).sum()),
        shake_mm=_shake_mm(poses[:, :3, 3], moves, streams.rate_hz),
        closes=_closes(streams.actions),
        empty_s=_empty_s(streams.actions, None if widths_m is None else widths_m[measured]),
        object_m=_object_m(streams.qpos),
    )


def _ends(moves: Flags) -> tuple[int, int]:
    """The ticks between which something moves; all where nothing does."""
    found = np.flatnonzero(moves)
    return (int(found[0]), int(found[-1]) + 1) if len(found) else (0, len(moves))


def _missing(time_ns: NDArray[np.int64], rate_hz: float) -> float:
    wanted = float(time_ns[-1] - time_ns[0]) * rate_hz / 1e9 + 1
    return max(0.0, 1 - len(time_ns) / round(wanted)) if wanted > len(time_ns) else 0.0


def _dropped(frames: FrameStream) -> float:
    lost = max(0, frames.dropped)
    return lost / (lost + len(frames))


def _late(frames_ns: NDArray[np.int64], ticks_ns: NDArray[np.int64]) -> float:
    """A tick before the first picture has none that could be too old."""
    newest = latest(frames_ns, ticks_ns)
    ages_s = (ticks_ns - frames_ns[np.maximum(newest, 0)]) / 1e9
    return float(np.mean(ages_s[newest >= 0] > OLD_S)) if (newest >= 0).any() else 1.0


def _frozen_s(frames_ns: NDArray[np.int64], same: Flags, robot: RobotStream) -> float:
    """The longest run of one picture during which the hand came farther than can be overlooked."""
    rows = np.maximum(latest(robot.time_ns, frames_ns), 0)
    places = robot.ee_pose[rows, :3, 3]
    longest = 0.0
    for run in runs(same):
        first, last = max(0, run.start - 1), run.stop - 1
        if np.linalg.norm(places[first : last + 1] - places[first], axis=1).max() > SEEN_M:
            longest = max(longest, float(frames_ns[last] - frames_ns[first]) / 1e9)
    return longest


def _pause_s(moves: Flags, time_ns: NDArray[np.int64]) -> float:
    first, last = _ends(moves)
    rests = (time_ns[first:][[run.start, run.stop]] for run in runs(~moves[first:last]))
    return max((float(end - start) / 1e9 for start, end in rests), default=0.0)


def _shake_mm(places: Floats, moves: Flags, rate_hz: float) -> float:
    """Against a parabola through each stretch of the path (Savitzky and Golay 1964)."""
    half = max(2, round(SMOOTHED_S * rate_hz / 2))
    if len(places) <= 2 * half or not moves.any():
        return 0.0
    at = np.arange(-half, half + 1)
    fitting = np.linalg.pinv(np.stack([at**0, at, at**2], axis=1))[0]
    smooth = np.stack([np.convolve(axis, fitting[::-1], "valid") for axis in places.T], axis=1)
    apart = np.linalg.norm(places[half:-half] - smooth, axis=1)
    moving = moves[half - 1 : -half] | moves[half : len(moves) - half + 1]
    return 1000 * float(np.median(apart[moving])) if moving.any() else 0.0


def _closes(actions: ActionStream) -> bool | None:
    gripper = actions.applied_gripper
    return None if gripper is None else bool((gripper < CLOSED).any())


def _empty_s(actions: ActionStream, widths_m: Floats | None) -> float | None:
    if actions.applied_gripper is None or widths_m is None:
        return None
    seconds = np.diff(actions.time_ns, append=actions.time_ns[-1]) / 1e9
    return float(seconds[(actions.applied_gripper < CLOSED) & (widths_m < EMPTY_M)].sum())


def _object_m(qpos: Floats) -> float | None:
    """By the simulator's state: seven joints, two fingers where there is a hand, seven numbers for
    each object."""
    count = (qpos.shape[1] - 7) // 7
    if not len(qpos) or count < 1:
        return None
    objects = qpos[:, -7 * count :].reshape(len(qpos), count, 7)
    away = np.linalg.norm(objects[:, :, :3] - objects[:1, :, :3], axis=2)
    return float(away.max(initial=0.0))
