"""What a policy's server and its clients say to each other: openpi's messages, and one key more.

Over a WebSocket at ``/``, each message one msgpack map (``arrays``): the server begins with its
``Metadata``; then each ``Request`` is answered by a ``Reply``, or by a text that says in words
why not. A client of openpi's sends ``images``, ``state`` and ``prompt``, and reads ``actions``
and ``server_timing``. What only our own clients say and want to hear stands under ``teachloop``.
"""

from collections.abc import Callable
from typing import Annotated, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from ...datasets.calibration import Calibration
from ...runtime.ipc.frames import SharedFrame
from ...runtime.validation import explain
from . import actions
from .arrays import NotUnderstood, Value, pack, unpack

VERSION = 1
LARGEST_BYTES = 1 << 26  # a message with twenty raw images of 1280×720
LONGEST_PROMPT = 4000
MAX_CAMERAS = 16
LARGEST_SIDE = 4096
LARGEST_NUMBER = 1e6  # metres, radians or shares: far beyond any, and its square is still a number
MOST_TICKS = 1024  # of a chunk, as a station takes it
SLOWEST_HZ, FASTEST_HZ = 0.1, 1000.0
ARM_STATE_NAMES = tuple(f"joint_{joint}_rad" for joint in range(1, 8))
STATE_NAMES = (*ARM_STATE_NAMES, "gripper_width_m")

Numbers: TypeAlias = NDArray[np.float64]
Picture: TypeAlias = NDArray[np.uint8] | bytes | SharedFrame


def _numbers(*shape: int | None) -> Callable[[Value], Numbers]:
    """A check for finite numbers of a shape, in which None stands for any length."""
    wanted = " × ".join("n" if side is None else str(side) for side in shape)

    def check(value: Value) -> Numbers:
        try:
            numbers = np.asarray(value, np.float64)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"must be {wanted} numbers") from None
        fits = len(numbers.shape) == len(shape) and all(
            side in (None, length) for side, length in zip(shape, numbers.shape, strict=True)
        )
        if not fits or not (np.abs(numbers) <= LARGEST_NUMBER).all():
            raise ValueError(f"must be {wanted} finite numbers, none beyond {LARGEST_NUMBER:g}")
        return numbers

    return check


def _picture(value: Value) -> Picture:
    if isinstance(value, bytes | SharedFrame):
        return value
    if isinstance(value, dict):
        return SharedFrame.model_validate(value)
    if not isinstance(value, np.ndarray) or value.dtype != np.uint8 or value.ndim != 3:
        raise ValueError("must be uint8 (height, width, 3), or the bytes of a JPEG")
    height, width, channels = value.shape
    if channels != 3 or not 0 < height <= LARGEST_SIDE or not 0 < width <= LARGEST_SIDE:
        raise ValueError(f"must be uint8 (height, width, 3), got {value.shape}")
    return np.asarray(value, np.uint8)


def _state(value: Value) -> Numbers:
    """Without a gripper its number is left out."""
    state = _numbers(None)(value)
    if len(state) not in (len(ARM_STATE_NAMES), len(STATE_NAMES)):
        raise ValueError(f"must be {len(STATE_NAMES)} numbers, or {len(ARM_STATE_NAMES)}")
    return state


def _rows(value: Value) -> Numbers:
    rows = _numbers(None, None)(value)
    if len(rows) > MOST_TICKS:
        raise ValueError(f"must have at most {MOST_TICKS} rows")
    return rows


def _grid(value: Value) -> NDArray[np.float32]:
    return _numbers(None, None)(value).astype(np.float32)


Pose = Annotated[Numbers, PlainValidator(_numbers(4, 4))]
Joints = Annotated[Numbers, PlainValidator(_numbers(7))]
State = Annotated[Numbers, PlainValidator(_state)]
Rows = Annotated[Numbers, PlainValidator(_rows)]
Grid = Annotated[NDArray[np.float32], PlainValidator(_grid)]
AnyPicture = Annotated[Picture, PlainValidator(_picture)]
Nanoseconds = Annotated[int, Field(ge=0, lt=1 << 63)]


class _Message(BaseModel):
    """Ours to the last key: another one is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _OpenMessage(BaseModel):
    """openpi's, where everybody may add keys that others do not know."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Sight(_Message):
    """What our own clients say beyond openpi's keys."""

    run: Nanoseconds = 0  # another number begins another run
    begin: bool = False  # only begin the run; no chunk is wanted yet
    time_ns: Nanoseconds = 0
    ee_pose: Pose | None = None  # measured; that of the joints where it is left out
    joint_velocities_rad_s: Joints | None = None
    gripper_opening_m: Annotated[float, Field(gt=0, le=1)] | None = None  # when it is open
    image_time_ns: dict[str, Nanoseconds] = {}
    cameras: dict[str, Calibration] = {}  # the server's own where it is left out


class Request(_OpenMessage):
    """What the robot sees. ``images`` by camera, RGB (height, width, 3), whole and upright."""

    prompt: Annotated[str, Field(min_length=1, max_length=LONGEST_PROMPT)]
    state: State | None = None  # STATE_NAMES, or ARM_STATE_NAMES without a gripper
    images: Annotated[dict[str, AnyPicture], Field(max_length=MAX_CAMERAS)] = {}
    teachloop: Sight | None = None


class Timing(_OpenMessage):
    infer_ms: float = 0.0
    prev_total_ms: float | None = None  # of the answer before, with its sending


class Report(_OpenMessage):
    """What our own clients hear beyond openpi's keys."""

    execute: Annotated[int, Field(gt=0, le=MOST_TICKS)]  # ticks of the chunk before the next look
    attention: dict[str, Grid] = {}  # camera → probabilities (rows, columns)
    exchanged: str = ""  # words that are read as others
    overwritten: tuple[str, ...] = ()  # cameras whose frame was gone; then there is no action


class Reply(_OpenMessage):
    """A chunk: ``actions`` (ticks, numbers), as the metadata says what they are."""

    actions: Rows
    server_timing: Timing = Timing()
    teachloop: Report | None = None


class Facts(_OpenMessage):
    """What a server of ours is, and what its numbers mean."""

    version: int = VERSION
    policy: str
    state: tuple[str, ...] = STATE_NAMES
    actions: tuple[str, ...] = actions.NAMES  # absolute targets in the base frame
    control_hz: Annotated[float, Field(ge=SLOWEST_HZ, le=FASTEST_HZ)]


class Metadata(_OpenMessage):
    """A server's first message; openpi's own servers have nothing of ours in it."""

    teachloop: Facts | None = None


def written(message: BaseModel) -> bytes:
    """As it is sent."""
    return pack(message.model_dump(exclude_none=True))


Kind = TypeVar("Kind", bound=BaseModel)


def read(kind: type[Kind], data: bytes) -> Kind:
    """A message of a kind. Raises NotUnderstood with the field's name and what would be right."""
    message = unpack(data)
    try:
        return kind.model_validate(message)
    except ValidationError as error:
        raise NotUnderstood(explain(error.errors(include_url=False))) from None
