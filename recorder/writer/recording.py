"""One take while it is written: appends, flushes, closes."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from importlib import metadata
from pathlib import Path

from pydantic import JsonValue

from ...datasets.takes.format import TakeInfo
from ...datasets.takes.writer import TakeWriter
from ...runtime.ipc.ring import Ring
from ..devices.camera_shape import CameraShape
from ..devices.rings import Rings
from ..devices.serialization import unpack_state
from .gaps import Gaps
from .memory import Memory
from .messages import RecordEvent, TakeFacts, TakeHealth
from .ring_reader import RingReader
from .rows import NO_DEVICE, ROBOT, Row, event_row

FLUSH_NS = 40_000_000
TELLING_S = 2.0
PIECE_BYTES = 1 << 25  # of what is remembered, before it is looked whether there is room
RECALLED = "kept after it was practised"
RECORDED_VERSIONS = ("teachloop", "mujoco", "numpy", "h5py")


class Recording:
    """A take's file, and the reader of what goes into it."""

    def __init__(
        self,
        folder: Path,
        facts: TakeFacts,
        shapes: Mapping[str, CameraShape],
        rings: Rings,
        began_ns: int | None = None,
    ) -> None:
        """``began_ns``: of one that began before."""
        self.take = folder.name
        self._rings, self._shapes = rings, shapes
        info = take_info(folder.name, facts, began_ns)
        info = replace(info, robot_measures=_measures(rings.robot))
        self._writer = TakeWriter(folder, info)
        self._writer.__enter__()
        self._reader: RingReader | None = None
        self._lost: dict[str, int] = {}  # before it was read from memory
        self._gaps = Gaps((), 0)
        self._flushed_ns = time.monotonic_ns()
        self.start_ns = 0

    @property
    def begun(self) -> bool:
        """Whether anything belongs to it yet."""
        return self.start_ns > 0

    def begin(self, time_ns: int, since_ns: int = 0) -> None:
        """From this moment on, everything in the rings belongs to the take, and what its first
        tick needs, but nothing from before ``since_ns``: that was another scene."""
        self._start(time_ns, RingReader(self._rings, self._shapes, time_ns, since_ns))

    def recall(self, memory: Memory, stop_ns: int) -> None:
        """All of it is in the past: what is remembered of the time before this moment."""
        start_ns = memory.start_ns(stop_ns)
        self._start(start_ns, None)
        self._lost = memory.lost
        self.add(event_row(RecordEvent(time_ns=start_ns, event="start", text=RECALLED)))
        written = 0
        for row in memory.rows(start_ns):
            self.add(row)
            written += row.size
            if written > PIECE_BYTES:
                self._writer.flush()
                written = 0

    def _start(self, time_ns: int, reader: RingReader | None) -> None:
        self.start_ns, self._reader = time_ns, reader
        self._gaps = Gaps((ROBOT, *self._rings.cameras), time_ns)

    def add(self, row: Row) -> None:
        """Append something that was decided, published, or that happened."""
        if row.device != NO_DEVICE:
            self._gaps.hear(row.device, row.time_ns)
        row.write(self._writer)

    def drain(self, until_ns: int | None = None) -> None:
        """Append what the devices published since, and flush when it is time."""
        for row in self._reader.rows(until_ns) if self._reader else ():
            self.add(row)
        if time.monotonic_ns() - self._flushed_ns > FLUSH_NS:
            self._writer.flush()
            self._flushed_ns = time.monotonic_ns()

    def finish(
        self, stop_ns: int, health: TakeHealth | None, interrupted: str = ""
    ) -> dict[str, float]:
        """Append the rest up to ``stop_ns``, close, sync and name the file. Returns which devices
        said nothing for long, and for how many seconds."""
        self.drain(stop_ns)
        told: dict[str, JsonValue] = health.model_dump() if health else {}
        told["lost"] = {**(self._reader.lost if self._reader else self._lost)}
        silent_s = self._gaps.until(stop_ns)
        told["silent_s"] = {**silent_s}
        lasted_s = (stop_ns - self.start_ns) / 1e9 if self.begun else 0.0
        self._writer.finish(health=told, interrupted=interrupted, duration_s=lasted_s)
        return silent_s

    def bytes_s(self) -> float | None:
        """How fast its file grows; None before it is old enough to tell."""
        lasted_s = (time.monotonic_ns() - self.start_ns) / 1e9
        if self._reader is None or lasted_s < TELLING_S:  # what was remembered comes at once
            return None
        return sum(each.stat().st_size for each in self._writer.folder.glob("take.h5*")) / lasted_s

    def drop(self) -> None:
        """Close a take in which nothing was recorded, and remove it."""
        self._writer.finish()
        shutil.rmtree(self._writer.folder)


def _measures(ring: Ring) -> list[str]:
    """What the robot measures beyond what all do, by its newest reading."""
    record = ring.newest()
    if record is None:
        return []
    state, _ = unpack_state(record)
    return [*state.measured, *(["errors"] if state.errors is not None else [])]


def take_info(take: str, facts: TakeFacts, began_ns: int | None = None) -> TakeInfo:
    """What is known about a take at its start: now, or at an earlier moment."""
    now_ns = time.monotonic_ns()
    began_ns = now_ns if began_ns is None else began_ns
    ago = timedelta(microseconds=(now_ns - began_ns) / 1e3)
    created = datetime.now(timezone.utc).astimezone() - ago
    return TakeInfo(
        take_id=take,
        created=created.isoformat(),
        created_time_ns=began_ns,
        task=facts.task,
        instruction=facts.instruction,
        operator=facts.operator,
        taught_by=facts.taught_by,
        replay_of=facts.replay_of,
        robot=facts.robot,
        arm=facts.embodiment.arm,
        tool=facts.embodiment.tool,
        gripper=facts.embodiment.gripper,
        payload=facts.payload,
        rate_hz=facts.rate_hz,
        cameras={name: each.camera for name, each in facts.cameras.items()},
        limits=facts.limits,
        versions=_versions(),
        scene=facts.scene,
    )


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in RECORDED_VERSIONS if _installed(name)}


def _installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
