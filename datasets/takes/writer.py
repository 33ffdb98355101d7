"""Writes one take while it happens: what was appended 100 ms ago survives a kill."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import ArrayLike
from pydantic import JsonValue

from ...geometry.camera import Camera
from ...runtime.atomic_file import sync_folder
from ..errors import TakeNotWritable, WrongRecord
from ..steps import Action
from .attributes import write_attributes
from .background_sync import BackgroundSync
from .checksum import mark_unfinished, write_checksum
from .depth import Depth, encode_depth
from .format import ERRORS, FLUSH_S, MEASURED, ROBOT_ERRORS, USER_BLOCK_BYTES, TakeInfo
from .jpeg import is_whole_jpeg
from .partial_checksum import PartialChecksum
from .robot_reading import NOTHING, Measured, RobotReading
from .streams import Streams
from .take_folder import NEW, PARTIAL, TAKE, require_room, writing


class TakeWriter:
    """Appends to `take.h5.partial` (SWMR) and turns it into `take.h5` when finished.

    Use as a context manager and from one thread. Leaving it by an exception keeps what was
    recorded and marks the take as interrupted. Rows are flushed by ``flush``, and by any
    append that finds the last flush 100 ms old.
    """

    def __init__(self, folder: Path, info: TakeInfo) -> None:
        """Raises WrongRecord of an archived take's info."""
        if info.video is not None:
            raise WrongRecord("A take is recorded as JPEG; archiving makes a video of it.")
        self.folder = folder
        self.info = info
        self.path = folder / TAKE
        self._limits = {name: 1 << bit for bit, name in enumerate(info.limits)}
        self._resources = ExitStack()
        self._open = False
        self._errors: tuple[str, ...] | None = None

    def __enter__(self) -> "TakeWriter":
        self.folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as resources:
            resources.enter_context(writing(self.folder))
            require_room(self.folder)
            if self.path.exists() or (self.folder / PARTIAL).exists():
                raise TakeNotWritable(self.path, "the folder already holds a take")
            self._file = resources.enter_context(_new_file(self.folder / NEW))
            self._start()
            self._sync = resources.enter_context(BackgroundSync(self.folder / PARTIAL))
            self._resources = resources.pop_all()
        self._open = True
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._open:
            self.finish(interrupted=f"{type(error).__name__}: {error}" if error else "")

    def _start(self) -> None:
        """Until it is readable the file has another name, so a partial file always opens."""
        write_attributes(self._file, self.info)
        self._streams = Streams(self._file, self.info)
        self._file.swmr_mode = True
        self._file.flush()
        self._started = self._flushed = time.monotonic()
        mark_unfinished(self.folder / NEW)
        os.rename(self.folder / NEW, self.folder / PARTIAL)

    def append_robot(self, reading: RobotReading, measured: Measured = NOTHING) -> None:
        """Add one reading of the robot, and of what only some measure, what this one does."""
        more = [
            measured.get(name, np.full(size, np.nan))
            for name, size in MEASURED.items()
            if name in self.info.robot_measures
        ]
        self._streams.tables["robot"].append(
            (
                reading.time_ns,
                reading.device_time_ns,
                reading.joint_positions_rad,
                reading.joint_velocities_rad_s,
                *self._gripper(reading.gripper_width_m),
                *more,
                reading.ee_pose,
            )
        )
        self._appended()

    def append_robot_errors(self, time_ns: int, names: Sequence[str]) -> None:
        """The robot's own errors are these from now on. Repeated ones are written once."""
        if tuple(names) != self._errors and ERRORS in self.info.robot_measures:
            self._errors = tuple(names)
            self._record(ROBOT_ERRORS, (time_ns,), json.dumps(list(names)).encode())

    def append_frame(
        self, camera: str, number: int, time_ns: int, device_time_ns: int, jpeg: bytes
    ) -> None:
        """Add one image. ``number`` counts at the device, so that a gap is a drop."""
        self._camera(camera)
        if not is_whole_jpeg(jpeg):
            raise WrongRecord(f"Frame {number} of {camera!r} is not a whole JPEG image.")
        self._record(f"cameras/{camera}", (number, time_ns, device_time_ns), jpeg)

    def append_depth(
        self, camera: str, number: int, time_ns: int, device_time_ns: int, depth_mm: Depth
    ) -> None:
        """Add the depth (height, width) mm that was measured with the image of this number."""
        known = self._camera(camera)
        wanted = (known.height, known.width)
        if depth_mm.dtype != np.uint16 or depth_mm.shape != wanted:
            found = f"{depth_mm.dtype} {depth_mm.shape}"
            raise WrongRecord(f"Depth {number} of {camera!r} is {found}, not uint16 {wanted}.")
        encoded = encode_depth(depth_mm)
        self.append_encoded_depth(camera, number, time_ns, device_time_ns, encoded)

    def append_encoded_depth(
        self, camera: str, number: int, time_ns: int, device_time_ns: int, encoded: bytes
    ) -> None:
        """Add depth that ``encode_depth`` made of the image's (height, width) mm."""
        if not self._camera(camera).measures_depth:
            raise WrongRecord(f"Camera {camera!r} of this take measures no depth.")
        key = (number, time_ns, device_time_ns)
        self._record(f"cameras/{camera}/depth", key, encoded)

    def append_action(
        self, time_ns: int, requested: Action, applied: Action, clipped: Sequence[str] = ()
    ) -> None:
        """Add what was asked for and applied at the tick that began at ``time_ns``."""
        self._streams.tables["actions"].append(
            (
                time_ns,
                int(applied.decided_by),
                self._bits(clipped),
                *self._gripper(requested.gripper),
                *self._gripper(applied.gripper),
                requested.ee_pose,
                applied.ee_pose,
            )
        )
        self._appended()

    def append_event(self, time_ns: int, kind: str, text: str = "") -> None:
        """Add something that happened: a mark, a fault, a change of agent."""
        payload = json.dumps({"kind": kind, "text": text}, ensure_ascii=False)
        self._record("events", (time_ns,), payload.encode())

    def append_simulation(self, number: int, time_ns: int, qpos: ArrayLike) -> None:
        """Add the simulator's state (nq,) behind the frames of this number."""
        state = np.asarray(qpos, np.float64).ravel()
        self._streams.records["simulation"].append((number, time_ns), state)
        self._appended()

    def flush(self) -> None:
        """Hand everything to the operating system: a kill from now on loses none of it.

        Raises DiskFull while there is room left to finish, TakeNotWritable.
        """
        require_room(self.folder)
        self._write()

    def _write(self) -> None:
        try:
            self._streams.write()
            self._file.flush()
            self._sync.add(self._streams.full_chunks())
        except (OSError, RuntimeError) as error:
            raise TakeNotWritable(self.path, error) from error
        self._flushed = time.monotonic()

    def finish(
        self,
        *,
        health: Mapping[str, JsonValue] | None = None,
        interrupted: str = "",
        damaged: str = "",
        duration_s: float | None = None,
    ) -> Path:
        """Close, seal, fsync and rename; returns the path of `take.h5`. ``duration_s``: of what is
        not written while it happens; else it is the time since the start."""
        self._open = False
        with self._resources:
            lasted_s = time.monotonic() - self._started if duration_s is None else duration_s
            self._streams.close(self._closing(health or {}, interrupted, damaged, lasted_s))
            self._write()
            self._file.close()
            finish_file(self.folder / PARTIAL, self.path, self._known())
        return self.path

    def _closing(
        self, health: Mapping[str, JsonValue], interrupted: str, damaged: str, lasted_s: float
    ) -> TakeInfo:
        return replace(
            self.info,
            duration_s=round(lasted_s, 3),
            health={**self.info.health, **health},
            interrupted=interrupted,
            damaged=damaged,
        )

    def _known(self) -> PartialChecksum:
        try:
            return self._sync.checksum()
        except OSError as error:
            raise TakeNotWritable(self.path, error) from error

    def _camera(self, name: str) -> Camera:
        if name not in self.info.cameras:
            known = ", ".join(self.info.cameras) or "none"
            raise WrongRecord(f"No camera {name!r} in this take. Its cameras: {known}.")
        return self.info.cameras[name]

    def _record(self, stream: str, key: tuple[int, ...], payload: bytes) -> None:
        self._streams.records[stream].append(key, np.frombuffer(payload, np.uint8))
        self._appended()

    def _appended(self) -> None:
        if time.monotonic() - self._flushed > FLUSH_S:
            self.flush()

    def _gripper(self, value: float | None) -> tuple[float, ...]:
        """A column of the gripper's, where the take has one. Raises WrongRecord."""
        if (value is None) != (self.info.gripper is None):
            has = "no" if self.info.gripper is None else "a"
            raise WrongRecord(f"This take has {has} gripper, and was given {value}.")
        return () if value is None else (value,)

    def _bits(self, clipped: Sequence[str]) -> int:
        unknown = set(clipped) - set(self._limits)
        if unknown:
            raise WrongRecord(f"Limits {sorted(unknown)} are not declared in TakeInfo.limits.")
        return sum(self._limits[name] for name in set(clipped))


def finish_file(source: Path, target: Path, known: PartialChecksum | None = None) -> None:
    """Checksum a closed file, of which some may be known, fsync it, and give it its name."""
    write_checksum(source, known)
    os.rename(source, target)
    sync_folder(target.parent)


def _new_file(path: Path) -> h5py.File:
    try:
        return h5py.File(path, "w", libver="latest", userblock_size=USER_BLOCK_BYTES)
    except OSError as error:
        raise TakeNotWritable(path, error) from error
