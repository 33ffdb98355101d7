"""One table of commands: each one's name, request and reply, and who may ask for it.

A command goes to the station's ROUTER as one msgpack map ``{"id", "command", "lease",
"fields"}``; its answer is ``{"id", "ok": True, "reply"}`` or ``{"id", "ok": False, "error"}``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from ...runtime.errors import TeachloopError
from ...runtime.validation import explain
from . import commands as ask
from .commands import Command
from .status import Status, Task

Reply = TypeVar("Reply")


class BadCommand(TeachloopError):
    """A message that the station cannot act on."""


@dataclass(frozen=True, slots=True)
class CommandKind(Generic[Reply]):
    """A row of the table."""

    request: type[Command[Reply]]
    reply: TypeAdapter[Reply]
    needs_lease: bool
    from_window: bool  # whether a page may ask for it by name


def _row(
    request: type[Command[Reply]],
    reply: type[Reply],
    *,
    needs_lease: bool = True,
    from_window: bool = True,
) -> CommandKind[Reply]:
    return CommandKind(request, TypeAdapter(reply), needs_lease, from_window)


# Leases, heartbeats, held keys and policies have their own ways from a window.
COMMANDS: Mapping[str, CommandKind] = {
    "acquire": _row(ask.Acquire, ask.Acquired, needs_lease=False, from_window=False),
    "status": _row(ask.GetStatus, Status, needs_lease=False),
    "calibrations": _row(
        ask.GetCalibrations, ask.Calibrations, needs_lease=False, from_window=False
    ),
    "look": _row(ask.LookThrough, ask.Look, needs_lease=False, from_window=False),
    "stop_robot": _row(ask.StopRobot, ask.TakeAnswer, needs_lease=False),
    "chunk": _row(ask.Chunk, ask.ChunkTaken, needs_lease=False, from_window=False),
    "heartbeat": _row(ask.Heartbeat, ask.Nothing, from_window=False),
    "release": _row(ask.Release, ask.Nothing, from_window=False),
    "acknowledge": _row(ask.Acknowledge, ask.Nothing),
    "prepare_robot": _row(ask.PrepareRobot, ask.Done),
    "park_robot": _row(ask.ParkRobot, ask.Done),
    "restart_device": _row(ask.RestartDevice, ask.Nothing),
    "restart_writer": _row(ask.RestartWriter, ask.Nothing),
    "twist": _row(ask.Twist, ask.Nothing, from_window=False),
    "select_agent": _row(ask.SelectAgent, ask.Nothing),
    "attach_policy": _row(ask.AttachPolicy, ask.Attached, from_window=False),
    "detach_policy": _row(ask.DetachPolicy, ask.Nothing),
    "set_task": _row(ask.SetTask, Task),
    "reset": _row(ask.Reset, ask.SceneSet),
    "home": _row(ask.Home, ask.Nothing),
    "replay": _row(ask.Replay, ask.ReplayBegun),
    "practice": _row(ask.Practice, ask.Nothing),
    "start": _row(ask.Start, ask.Started),
    "recall": _row(ask.Recall, ask.TakeAnswer),
    "begin_now": _row(ask.BeginNow, ask.Nothing),
    "stop": _row(ask.Stop, ask.TakeAnswer),
    "keep": _row(ask.Keep, ask.TakeAnswer),
    "discard": _row(ask.Discard, ask.TakeAnswer),
    "undo": _row(ask.Undo, ask.TakeAnswer),
    "restore": _row(ask.Restore, ask.TakeAnswer),
    "mark_success": _row(ask.MarkSuccess, ask.TakeAnswer),
}
NAMES: Mapping[type[ask.Command], str] = {kind.request: name for name, kind in COMMANDS.items()}


def kind_of(command: Command[Reply]) -> CommandKind[Reply]:
    """The command's row of the table."""
    return COMMANDS[NAMES[type(command)]]


def command_from(name: str, fields: Mapping[str, object]) -> Command:
    """The command of that name with these fields. Raises BadCommand in plain words."""
    if name not in COMMANDS:
        raise BadCommand(f"No command {name!r}. Known: {', '.join(sorted(COMMANDS))}.")
    request = COMMANDS[name].request
    unknown = [key for key in fields if key not in request.model_fields]
    if unknown:
        known = ", ".join(request.model_fields) or "no fields"
        raise BadCommand(f"{name} takes {known}; not {', '.join(unknown)}.")
    try:
        return request.model_validate(fields)
    except ValidationError as error:
        raise BadCommand(explain(error.errors(include_url=False), name)) from None
