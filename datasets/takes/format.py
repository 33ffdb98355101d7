"""What a take's file holds: schema, row types, stream names and attributes.

`take.h5` is HDF5 behind a user block of 512 bytes that holds its checksum (see ``checksum``).
Two kinds of stream:

- *tables* (`robot/samples`, `actions/samples`): rows of one compound type;
- *records* (`cameras/<name>`, `cameras/<name>/depth` where it measures it, `events`,
  `simulation`): an `index` whose rows name the place (offset, length) of each record in one
  growing payload array, since SWMR has no variable-length types.

What only some robots measure is there only where this one does (``TakeInfo.robot_measures``):
torques, wrench and success rate as further columns of `robot/samples`, the robot's errors as
records `robot_errors`, one for each change. Without a gripper (``TakeInfo.gripper``) neither
states nor actions have columns of one.

What is known at the start is in the file's attributes; what is known at the end is JSON in
the data set `closing`: SWMR cannot change attributes, and a file that is opened for writing
without SWMR cannot be read after a kill.

An archived take (``TakeInfo.video``, schema 2) has the packets of a video in place of a camera's
JPEGs, and tells which pictures had come twice; all else is as it was recorded.

The last field of every row is never zero, so a row that was torn by a kill is seen.
All times are ns of the host's monotonic clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from ...geometry.arms import ArmName
from ...geometry.camera import Camera
from ..embodiment import FRANKA_GRIPPER, Embodiment, Gripper
from ..tool import FRANKA_HAND, Payload, Tool
from .metadata_validation import TakeKind, require_description
from .source import Source
from .video_coding import VideoCoding

SCHEMA = "teachloop.take"
RECORDED, ARCHIVED = 1, 2  # versions of the schema
USER_BLOCK_BYTES = 512
FLUSH_S = 0.1  # longest time that an appended row stays in memory alone

TIME = ("time_ns", "<i8")
DEVICE_TIME = ("device_time_ns", "<i8")
PLACE = [("offset", "<i8"), ("length", "<i8")]  # in elements of the payload

ROBOT_ROW = np.dtype(
    [
        TIME,
        DEVICE_TIME,
        ("joint_positions_rad", "<f8", (7,)),
        ("joint_velocities_rad_s", "<f8", (7,)),
        ("gripper_width_m", "<f8"),
        ("ee_pose", "<f8", (4, 4)),
    ]
)
MEASURED: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "joint_torques_nm": (7,),
        "external_torques_nm": (7,),
        "external_wrench": (6,),  # force N, torque N·m, base frame
        "control_success_rate": (),  # 0 … 1
    }
)
ERRORS = "errors"
ROBOT_ERRORS = "robot_errors"
ACTION_ROW = np.dtype(
    [
        TIME,
        ("decided_by", "u1"),  # steps.Decider
        ("clipped", "<u4"),  # bit i: the i-th limit of TakeInfo.limits changed the request
        ("requested_gripper", "<f8"),
        ("applied_gripper", "<f8"),
        ("requested_pose", "<f8", (4, 4)),
        ("applied_pose", "<f8", (4, 4)),
    ]
)
FRAME_ROW = np.dtype([("number", "<i8"), TIME, DEVICE_TIME, *PLACE])  # payload: JPEG bytes
VIDEO_ROW = np.dtype([("number", "<i8"), TIME, DEVICE_TIME, ("repeated", "u1"), *PLACE])
DEPTH_ROW = FRAME_ROW  # number: of the image that it goes with; payload: see ``depth``
EVENT_ROW = np.dtype([TIME, *PLACE])  # payload: UTF-8 JSON {"kind", "text"}
SIMULATION_ROW = np.dtype([("number", "<i8"), TIME, *PLACE])  # payload: float64 qpos


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """The types of one stream of records."""

    row: np.dtype
    payload: str  # name of the payload's data set
    payload_type: str
    chunk: int  # payload elements in a chunk; small, since every flush rewrites the last one


CAMERA = RecordKind(row=FRAME_ROW, payload="jpeg", payload_type="u1", chunk=65536)
VIDEO = RecordKind(row=VIDEO_ROW, payload="video", payload_type="u1", chunk=65536)
DEPTH = RecordKind(row=DEPTH_ROW, payload="zstd", payload_type="u1", chunk=65536)
ROBOT_ERRORS_KIND = RecordKind(row=EVENT_ROW, payload="text", payload_type="u1", chunk=4096)
EVENTS = RecordKind(row=EVENT_ROW, payload="text", payload_type="u1", chunk=4096)
SIMULATION = RecordKind(row=SIMULATION_ROW, payload="qpos", payload_type="<f8", chunk=4096)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TakeInfo:
    """Everything about a take that is not a stream."""

    take_id: str
    kind: TakeKind = "demonstration"
    created: str  # wall clock of the start, ISO 8601 with offset
    created_time_ns: int  # the host's monotonic clock at that moment
    task: str = ""
    instruction: str = ""
    operator: str = ""
    taught_by: str = ""  # the agent that was to act: an input's name, "guide", "policy", …
    replay_of: str = ""  # the take whose way was gone along; empty where none was
    source: Source | None = None  # None: it was recorded here
    robot: str = ""
    robot_measures: Sequence[str] = ()  # of MEASURED and ERRORS, what it measures beyond the rest
    arm: ArmName = "panda"  # whose published limits held
    tool: Tool = FRANKA_HAND  # at the robot's flange; all poses are of its centre point
    gripper: Gripper | None = FRANKA_GRIPPER  # None: there was none
    payload: Payload | None = None  # that the robot was told of
    rate_hz: float = 20.0
    cameras: Mapping[str, Camera] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)  # name -> values; order = bit
    video: VideoCoding | None = None  # None: each picture is a JPEG
    versions: Mapping[str, str] = field(default_factory=dict)
    scene: str = ""  # JSON of the simulated scene; empty on a real robot
    # Known at the end, see CLOSING
    duration_s: float = 0.0
    health: Mapping[str, Any] = field(default_factory=dict)
    interrupted: str = ""  # why the take ended before it was stopped; empty if it did not
    damaged: str = ""  # why the take must not be trained on; empty if it may

    @property
    def embodiment(self) -> Embodiment:
        """What its poses and actions are of."""
        return Embodiment(arm=self.arm, tool=self.tool, gripper=self.gripper)

    @property
    def schema_version(self) -> int:
        """Of a file that holds this take."""
        return RECORDED if self.video is None else ARCHIVED

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            **values,
            "cameras": {name: camera.to_dict() for name, camera in self.cameras.items()},
            "robot_measures": list(self.robot_measures),
            "source": self.source and self.source.model_dump(mode="json"),
            "tool": self.tool.model_dump(mode="json"),
            "gripper": self.gripper and self.gripper.model_dump(mode="json"),
            "payload": self.payload and self.payload.model_dump(mode="json"),
            "video": self.video and self.video.model_dump(mode="json"),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "TakeInfo":
        """The info that ``to_dict`` described. Raises KeyError, TypeError, ValueError on other
        values."""
        require_description(values)
        cameras = {name: Camera.from_dict(camera) for name, camera in values["cameras"].items()}
        measures = tuple(values.get("robot_measures", ()))
        if not {*measures} <= {*MEASURED, ERRORS}:
            raise ValueError(f"robot_measures is {list(measures)!r:.200}")
        typed = {"cameras": cameras, "robot_measures": measures}
        told = [(name, kind, values.get(name)) for name, kind in TYPED]
        models = {name: kind.model_validate(each) for name, kind, each in told if each is not None}
        return cls(**{**values, **typed, **models})


TYPED = (
    *(("source", Source), ("tool", Tool), ("gripper", Gripper), ("payload", Payload)),
    ("video", VideoCoding),
)
CLOSING = ("duration_s", "health", "interrupted", "damaged")
# Files of before lack these; their defaults hold.
LATER = (
    *("kind", "robot_measures", "taught_by", "replay_of", "source"),
    *("arm", "tool", "gripper", "payload", "video"),
)


def tables(info: TakeInfo) -> dict[str, np.dtype]:
    """Name of each table in a take -> the type of its rows."""
    rows = {"robot": robot_row(info.robot_measures), "actions": ACTION_ROW}
    if info.gripper is not None:
        return rows
    return {name: _without_gripper(row) for name, row in rows.items()}


def _without_gripper(row: np.dtype) -> np.dtype:
    kept = [name for name in row.names or () if "gripper" not in name]
    return np.dtype([(name, row[name]) for name in kept])


def robot_row(measures: Sequence[str]) -> np.dtype:
    """The type of a robot's readings, with what this one measures before the pose."""
    columns = [(name, ROBOT_ROW[name]) for name in ROBOT_ROW.names or ()]
    more = [(name, np.dtype(("<f8", size))) for name, size in MEASURED.items() if name in measures]
    return np.dtype([*columns[:-1], *more, columns[-1]])


def record_kinds(info: TakeInfo) -> dict[str, RecordKind]:
    """Group name -> kind, of all streams of records in a take."""
    frames = {f"cameras/{name}": camera_kind(info) for name in info.cameras}
    depths = {f"cameras/{name}/depth": DEPTH for name in measuring_depth(info.cameras)}
    return {**frames, **depths, **other_record_kinds(info)}


def camera_kind(info: TakeInfo) -> RecordKind:
    """How each camera's pictures are kept."""
    return CAMERA if info.video is None else VIDEO


def other_record_kinds(info: TakeInfo) -> dict[str, RecordKind]:
    """Those streams of records that are no camera's."""
    errors = {ROBOT_ERRORS: ROBOT_ERRORS_KIND} if ERRORS in info.robot_measures else {}
    return {"events": EVENTS, "simulation": SIMULATION, **errors}


def measuring_depth(cameras: Mapping[str, Camera]) -> list[str]:
    """The names of the cameras that measure depth."""
    return [name for name, camera in cameras.items() if camera.measures_depth]
