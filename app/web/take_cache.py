"""Takes as the pages look at them: a few are kept open, pictures are passed through."""

import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ...datasets.alignment import Ints, Ticks, align
from ...datasets.arm_path import ArmPath, arm_path
from ...datasets.errors import NoSuchTake
from ...datasets.idle_ends import idle_ends
from ...datasets.labels.label_values import Trim
from ...datasets.signals import Signals, signals
from ...datasets.subtask_cuts import subtask_cuts
from ...datasets.takes.poster import poster_frame
from ...datasets.takes.reader import Take
from ...datasets.takes.take_folder import find_take, take_file
from ...runtime.validation import StrictModel

KEPT_OPEN = 6


class Size(StrictModel):
    """Of a camera's pictures, in pixels."""

    width: int
    height: int


class TakeDetail(StrictModel):
    """What a page needs to play a take and to draw its timeline."""

    id: str
    instruction: str
    task: str
    operator: str
    created: str
    interrupted: str
    damaged: str
    rate_hz: float
    simulated: bool
    cameras: dict[str, Size]
    ticks: int
    frame_index: dict[str, list[int]]  # camera -> frame at each tick
    stale: dict[str, list[int]]  # camera -> ticks whose frame is too old
    gripper_width_m: list[float] | None  # at each tick; None: there was no gripper
    gripper_opening_m: float | None
    speed_m_s: list[float]
    decided_by: list[int]  # steps.Decider
    cuts: list[int]  # ticks at which a sub-task may begin, as the motion tells
    rest_start_s: float  # at its ends, that could be trimmed; 0 where there is little
    rest_end_s: float


class TakeCache:
    """Opens takes by id, also those in the bin. Safe to use from several threads."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[Path, int], Take] = OrderedDict()

    def jpeg(self, take_id: str, camera: str, index: int) -> bytes:
        """A picture as JPEG, see ``Take.jpeg``. Raises IndexError, KeyError, WrongRecord."""
        with self._lock:
            return self._take(take_id).jpeg(camera, index)

    def poster(self, take_id: str) -> bytes:
        """The picture that stands for the take, as JPEG.

        Raises NothingShown.
        """
        with self._lock:
            take = self._take(take_id)
            return take.jpeg(*poster_frame(take))

    def detail(self, take_id: str) -> TakeDetail:
        """What a page needs of a take."""
        with self._lock:
            take = self._take(take_id)
            if take.info.kind == "pictures":
                return _pictures(take_id, take)
            ticks = align(take, take.info.rate_hz)
        info = take.info
        rest, width_m = idle_ends(ticks, info.rate_hz), ticks.gripper_width_m
        sizes = {name: Size(width=c.width, height=c.height) for name, c in info.cameras.items()}
        return TakeDetail(
            id=take_id,
            instruction=info.instruction,
            task=info.task,
            operator=info.operator,
            created=info.created,
            interrupted=info.interrupted,
            damaged=info.damaged,
            rate_hz=info.rate_hz,
            simulated=bool(info.scene),
            cameras=sizes,
            ticks=len(ticks),
            # A tick before a camera's first picture shows that first picture.
            frame_index={
                name: np.maximum(index, 0).tolist() for name, index in ticks.frame_index.items()
            },
            stale={name: np.flatnonzero(flags).tolist() for name, flags in ticks.stale.items()},
            gripper_width_m=None if width_m is None else np.round(width_m, 4).tolist(),
            gripper_opening_m=info.gripper.opening_m if info.gripper else None,
            speed_m_s=np.round(_speed(ticks, info.rate_hz), 4).tolist(),
            decided_by=ticks.decided_by.tolist(),
            cuts=subtask_cuts(ticks, info.rate_hz),
            rest_start_s=rest.start_s,
            rest_end_s=rest.end_s,
        )

    def arm(self, take_id: str) -> ArmPath | None:
        """How the arm stood along it; None where that is not known."""
        with self._lock:
            return arm_path(self._take(take_id))

    def signals(self, take_id: str) -> Signals | None:
        """What was measured and asked for along it; None of pictures alone."""
        with self._lock:
            take = self._take(take_id)
            if take.info.kind == "pictures":
                return None
            return signals(align(take, take.info.rate_hz))

    def time_ns(self, take_id: str) -> Ints:
        """When each of its ticks was (T,)."""
        with self._lock:
            take = self._take(take_id)
            return align(take, take.info.rate_hz).time_ns

    def without_rest(self, take_id: str) -> Trim | None:
        """What counts of a take without the rest at its ends; None where there is little."""
        with self._lock:
            take = self._take(take_id)
            ticks = align(take, take.info.rate_hz)
        rest = idle_ends(ticks, take.info.rate_hz)
        if not rest.start_s and not rest.end_s:
            return None
        start_ns = int(ticks.time_ns[0]) + round(rest.start_s * 1e9)
        return Trim(start_ns, int(ticks.time_ns[-1]) + 1 - round(rest.end_s * 1e9))

    def _take(self, take_id: str) -> Take:
        path = take_file(find_take(self.data, take_id))
        if not path.is_file():
            raise NoSuchTake(take_id)
        key = (path, path.stat().st_mtime_ns)
        if key not in self._open:
            self._open[key] = Take.open(path, damaged_too=True)
            if len(self._open) > KEPT_OPEN:
                self._open.popitem(last=False)[1].close()
        self._open.move_to_end(key)
        return self._open[key]

    def close(self) -> None:
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()


def _pictures(take_id: str, take: Take) -> TakeDetail:
    """Of a take without a robot: a tick for each picture."""
    info, (name,) = take.info, take.info.cameras
    count, camera = len(take.frames[name]), info.cameras[name]
    return TakeDetail(
        id=take_id,
        instruction=info.instruction,
        task=info.task,
        operator=info.operator,
        created=info.created,
        interrupted=info.interrupted,
        damaged=info.damaged,
        rate_hz=info.rate_hz,
        simulated=False,
        cameras={name: Size(width=camera.width, height=camera.height)},
        ticks=count,
        frame_index={name: list(range(count))},
        stale={name: []},
        gripper_width_m=None,
        gripper_opening_m=None,
        speed_m_s=[0.0] * count,
        decided_by=[0] * count,
        cuts=[],
        rest_start_s=0.0,
        rest_end_s=0.0,
    )


def _speed(ticks: Ticks, rate_hz: float) -> NDArray[np.float64]:
    """Of the end effector at each tick, in m/s."""
    position = ticks.ee_pose[:, :3, 3]
    moved = np.diff(position, axis=0, prepend=position[:1])
    return np.linalg.norm(moved, axis=1) * rate_hz
