"""The rows of a take: what happened when, ready to be written now or later."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...datasets.takes.depth import encode_depth
from ...datasets.takes.jpeg import encode_jpeg
from ...datasets.takes.writer import TakeWriter
from ...runtime.ipc.ring import Record
from ..devices.camera_shape import CameraShape
from ..devices.serialization import unpack_state
from .messages import RecordEvent, RecordStep

STATE_BYTES = 2000  # about what a reading takes in memory
NO_DEVICE, ROBOT = "", "robot"


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One thing of a take."""

    time_ns: int
    write: Callable[[TakeWriter], None]
    device: str = NO_DEVICE  # that published it: the robot, or a camera by its name
    size: int = 0  # bytes, about


def state_row(record: Record) -> Row:
    """A reading of the robot, and the simulated state behind it."""
    state, truth = unpack_state(record)

    def write(writer: TakeWriter) -> None:
        writer.append_robot(state, state.measured)
        if state.errors is not None:
            writer.append_robot_errors(state.time_ns, state.errors)
        if truth is not None:
            qpos = np.frombuffer(truth.qpos, np.float64)
            writer.append_simulation(truth.number, state.time_ns, qpos)

    return Row(state.time_ns, write, ROBOT, STATE_BYTES)


def frame_row(camera: str, shape: CameraShape, record: Record) -> Row:
    """A camera's image, and the depth that was measured with it; both are encoded here, unless the
    camera did it."""
    stamp, depth_mm = record.stamp, shape.depth_mm(record.payload)
    key = (camera, stamp.number, stamp.time_ns, stamp.device_time_ns)
    image = shape.own_jpeg(record.payload) or encode_jpeg(shape.image(record.payload))
    depth = None if depth_mm is None else encode_depth(depth_mm)

    def write(writer: TakeWriter) -> None:
        writer.append_frame(*key, image)
        if depth is not None:
            writer.append_encoded_depth(*key, depth)

    return Row(stamp.time_ns, write, camera, len(image) + len(depth or b""))


def step_row(step: RecordStep) -> Row:
    """What the loop decided at a tick."""
    requested, applied = step.requested.action, step.applied.action

    def write(writer: TakeWriter) -> None:
        writer.append_action(step.time_ns, requested, applied, step.clipped)

    return Row(step.time_ns, write)


def event_row(event: RecordEvent) -> Row:
    """Something that happened."""
    return Row(
        event.time_ns,
        lambda writer: writer.append_event(event.time_ns, event.event, event.text),
    )
