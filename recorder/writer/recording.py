"""One take while it is written: reads the rings, encodes, appends, flushes."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path

import numpy as np
from pydantic import JsonValue

from ...datasets.takes.format import TakeInfo
from ...datasets.takes.jpeg import encode_jpeg
from ...datasets.takes.writer import TakeWriter
from ...runtime.ipc.ring import Record, Ring
from ..devices.camera_shape import CameraShape
from ..devices.rings import Rings
from ..devices.serialization import unpack_state
from .gaps import Gaps
from .messages import RecordEvent, RecordStep, TakeFacts, TakeHealth

FLUSH_NS = 40_000_000
LEAD_NS = 200_000_000  # a frame that old still belongs to the first tick
RECORDED_VERSIONS = ("teachloop", "mujoco", "numpy", "h5py")


class Cursor:
    """Reads a ring in order, from the newest record at a moment on.

    With ``lead_ns``, also what came in that time before the moment; nothing from before
    ``since_ns``.
    """

    def __init__(self, ring: Ring, start_ns: int, since_ns: int = 0, lead_ns: int = 0) -> None:
        self._ring = ring
        self._next = ring.head
        while self._is_after(self._next - 1, max(since_ns, start_ns - lead_ns)):
            self._next -= 1
        if self._is_after(self._next - 1, max(since_ns, start_ns - LEAD_NS)):
            self._next -= 1
        self.lost = 0  # overwritten before they were read

    def _is_after(self, index: int, start_ns: int) -> bool:
        stamp = self._ring.stamp(index) if index >= 0 else None
        return stamp is not None and stamp.time_ns > start_ns

    def take(self, until_ns: int | None = None) -> Record | None:
        """The next record, or None where there is none up to ``until_ns`` yet."""
        while self._next < self._ring.head:
            record = self._ring.read(self._next)
            if record is not None and until_ns is not None and record.stamp.time_ns > until_ns:
                return None
            self._next += 1
            if record is not None:
                return record
            self.lost += 1
        return None


class Recording:
    """A take's file, and where in the rings it is."""

    def __init__(
        self, folder: Path, facts: TakeFacts, shapes: Mapping[str, CameraShape], rings: Rings
    ) -> None:
        self.take = folder.name
        self._rings, self._shapes = rings, shapes
        info = replace(take_info(folder.name, facts), robot_measures=_measures(rings.robot))
        self._writer = TakeWriter(folder, info)
        self._writer.__enter__()
        self._robot: Cursor | None = None
        self._cameras: dict[str, Cursor] = {}
        self._gaps = Gaps((), 0)
        self._flushed_ns = time.monotonic_ns()
        self.start_ns = 0

    def begin(self, time_ns: int, since_ns: int = 0) -> None:
        """From this moment on, everything in the rings belongs to the take.

        Before it, what the first tick needs, but nothing from before ``since_ns``: that was
        another scene.
        """
        self.start_ns = time_ns
        self._robot = Cursor(self._rings.robot, time_ns, since_ns, lead_ns=2 * LEAD_NS)
        rings = self._rings.cameras.items()
        self._cameras = {name: Cursor(ring, time_ns, since_ns) for name, ring in rings}
        self._gaps = Gaps(("robot", *self._cameras), time_ns)

    def step(self, step: RecordStep) -> None:
        """Append what the loop decided at a tick."""
        requested, applied = step.requested.action, step.applied.action
        self._writer.append_action(step.time_ns, requested, applied, step.clipped)

    def event(self, event: RecordEvent) -> None:
        """Append something that happened."""
        self._writer.append_event(event.time_ns, event.event, event.text)

    def drain(self, until_ns: int | None = None) -> None:
        """Append what the devices published since, and flush when it is time."""
        while self._robot and (record := self._robot.take(until_ns)):
            self._append_state(record)
        for name, cursor in self._cameras.items():
            while record := cursor.take(until_ns):
                self._append_frame(name, record)
        if time.monotonic_ns() - self._flushed_ns > FLUSH_NS:
            self._writer.flush()
            self._flushed_ns = time.monotonic_ns()

    def _append_state(self, record: Record) -> None:
        state, truth = unpack_state(record)
        self._gaps.hear("robot", state.time_ns)
        self._writer.append_robot(state, state.measured)
        if state.errors is not None:
            self._writer.append_robot_errors(state.time_ns, state.errors)
        if truth is not None:
            qpos = np.frombuffer(truth.qpos, np.float64)
            self._writer.append_simulation(truth.number, state.time_ns, qpos)

    def _append_frame(self, camera: str, record: Record) -> None:
        shape, stamp = self._shapes[camera], record.stamp
        self._gaps.hear(camera, stamp.time_ns)
        key = (camera, stamp.number, stamp.time_ns, stamp.device_time_ns)
        self._writer.append_frame(*key, encode_jpeg(shape.image(record.payload)))
        depth_mm = shape.depth_mm(record.payload)
        if depth_mm is not None:
            self._writer.append_depth(*key, depth_mm)

    def finish(
        self, stop_ns: int, health: TakeHealth | None, interrupted: str = ""
    ) -> dict[str, float]:
        """Append the rest up to ``stop_ns``, close, sync and name the file. Returns which devices
        said nothing for long, and for how many seconds."""
        self.drain(stop_ns)
        lost = {name: cursor.lost for name, cursor in self._cameras.items() if cursor.lost}
        if self._robot is not None and self._robot.lost:
            lost["robot"] = self._robot.lost
        told: dict[str, JsonValue] = health.model_dump() if health else {}
        told["lost"] = {**lost}
        silent_s = self._gaps.until(stop_ns)
        told["silent_s"] = {**silent_s}
        self._writer.finish(health=told, interrupted=interrupted)
        return silent_s

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


def take_info(take: str, facts: TakeFacts) -> TakeInfo:
    """What is known about a take at its start."""
    return TakeInfo(
        take_id=take,
        created=datetime.now(timezone.utc).astimezone().isoformat(),
        created_time_ns=time.monotonic_ns(),
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
