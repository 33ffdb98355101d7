"""Messages of our own, where Foxglove has none: what a Franka measures beside its joints, and what
was asked of it. In protobuf, which Rerun reads, too; a field that has no value is not there."""

from collections.abc import Sequence

from foxglove_schemas_protobuf.Pose_pb2 import Pose
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import Default
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp

PACKAGE = "teachloop"
Field = FieldDescriptorProto


def _one(name: str, kind: Field.Type.ValueType) -> Field:
    """A value that may be missing."""
    return Field(name=name, type=kind, label=Field.LABEL_OPTIONAL, proto3_optional=True)


def _several(name: str, kind: Field.Type.ValueType) -> Field:
    return Field(name=name, type=kind, label=Field.LABEL_REPEATED)


def _message(name: str, kind: type[Message]) -> Field:
    return Field(
        name=name,
        type=Field.TYPE_MESSAGE,
        type_name=f".{kind.DESCRIPTOR.full_name}",
        label=Field.LABEL_OPTIONAL,
    )


def _described(name: str, fields: Sequence[Field]) -> DescriptorProto:
    """Each value that may be missing is alone in a choice of its own, as protobuf wants it."""
    described = DescriptorProto(name=name)
    for number, field in enumerate(fields, start=1):
        field.number = number
        if field.proto3_optional:
            field.oneof_index = len(described.oneof_decl)
            described.oneof_decl.add(name=f"_{field.name}")
        described.field.append(field)
    return described


def _class_of(name: str, fields: Sequence[Field]) -> type[Message]:
    """Of a file of its own."""
    file = FileDescriptorProto(
        name=f"{PACKAGE}/{name}.proto",
        package=PACKAGE,
        syntax="proto3",
        dependency=[kind.DESCRIPTOR.file.name for kind in (Timestamp, Pose)],
        message_type=[_described(name, fields)],
    )
    pool = Default()
    pool.AddSerializedFile(file.SerializeToString())
    return GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.{name}"))


RobotReading = _class_of(
    "RobotReading",
    [
        _message("timestamp", Timestamp),
        _one("device_time_ns", Field.TYPE_INT64),
        _one("gripper_width_m", Field.TYPE_DOUBLE),
        _several("external_torques_nm", Field.TYPE_DOUBLE),
        _several("external_wrench", Field.TYPE_DOUBLE),  # N, N·m, base frame
        _one("control_success_rate", Field.TYPE_DOUBLE),  # 0 … 1
    ],
)
Action = _class_of(
    "Action",
    [
        _message("timestamp", Timestamp),
        _one("decided_by", Field.TYPE_STRING),
        _several("clipped", Field.TYPE_STRING),  # names of the limits that changed the request
        _message("requested_pose", Pose),
        _message("applied_pose", Pose),
        _one("requested_gripper", Field.TYPE_DOUBLE),  # 1 open … 0 closed
        _one("applied_gripper", Field.TYPE_DOUBLE),
    ],
)
