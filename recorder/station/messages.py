"""The station's language: commands with their fields, topics, and how they are checked.

Everything is msgpack over ZeroMQ. A command is a map ``{"id", "command", "lease", …fields}``
sent to the ROUTER; its answer is ``{"id", "ok": True, …}`` or ``{"id", "ok": False, "error"}``.

Published, as (topic, map) with pictures in a further part:

``state`` (at every tick)
    time_ns, tick, phase (idle | countdown | practising | recording | review), countdown_s,
    agent, decided_by (hold | operator | script | policy), source, ready (false while starting),
    control_rate_hz, cameras [{name, width, height, fps, depth}], agents [names to select],
    take {id, seconds, saved, success} or None, kept (newest last: {id, seconds, created,
    instruction, success, damaged}), bin (names), task {task, instruction, operator},
    robot {joint_positions_rad (7), ee_pose (16, row-major), gripper_width_m, gripper_target,
    speed_m_s, clipped, and what else it measures} or None before the first reading,
    health {rate_hz, late, skipped, p99_lateness_ms, frame_age_ms {camera: ms}, skew_ms,
    drops {camera: n}, recent_drops, disk_free_gb}, lease {client} or None,
    scene {seed, verb, split, instruction, objects, success, missing} or None,
    policy {name, chunk_age_s} or None, fault {source, text, remedy} or None
``preview/<camera>``
    number, time_ns, width, height, jpeg
``observation`` (while a policy is attached)
    time_ns, phase, joint_positions_rad, joint_velocities_rad_s, ee_pose (16), gripper_width_m,
    instruction, cameras {name: Camera.to_dict()}, image_time_ns {name: ns},
    images {name: {shape: (height, width, 3), data: RGB bytes}}
``event``
    time_ns, kind, text
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...runtime.errors import TeachloopError

Check = Callable[[Any], Any]

COMMAND_SILENCE_S = 0.2  # held keys that are not repeated for this long mean hold
LEASE_SILENCE_S = 1.0
MAX_CHUNK = 256
MAX_SEED = 2**63 - 1  # what 64 bits with a sign hold
# A take's id becomes a path: nothing in it may lead out of the folder of the takes.
_TAKE_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")


class BadCommand(TeachloopError):
    """A message that the station cannot act on."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a command: what it must be, and its value when left out."""

    check: Check
    default: Any = ...


def text(value: Any, limit: int = 1000) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise BadCommand(f"must be text of at most {limit} characters, got {_shown(value)}")
    return value


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadCommand(f"must be true or false, got {_shown(value)}")
    return value


def whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadCommand(f"must be a whole number, got {_shown(value)}")
    return value


def seed(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_SEED:
        raise BadCommand(f"must be a whole number from 0 to {MAX_SEED}, got {_shown(value)}")
    return value


def take_id(value: Any) -> str:
    if not isinstance(value, str) or not _TAKE_ID.fullmatch(value):
        raise BadCommand(f"must be a take's id such as 20261122-154312-0007, got {_shown(value)}")
    return value


def number(low: float, high: float) -> Check:
    def check(value: Any) -> float:
        right_kind = isinstance(value, int | float) and not isinstance(value, bool)
        if not right_kind or not low <= value <= high:
            raise BadCommand(f"must be a number from {low:g} to {high:g}, got {_shown(value)}")
        return float(value)

    return check


def numbers(length: int, limit: float) -> Check:
    inside = number(-limit, limit)

    def check(value: Any) -> list[float]:
        if not isinstance(value, list | tuple) or len(value) != length:
            raise BadCommand(f"must be {length} numbers, got {_shown(value)}")
        return [inside(item) for item in value]

    return check


def many(item: Check, limit: int) -> Check:
    def check(value: Any) -> list[Any]:
        if not isinstance(value, list | tuple) or not 1 <= len(value) <= limit:
            raise BadCommand(f"must be a list of 1 to {limit} items, got {_shown(value)}")
        return [item(each) for each in value]

    return check


def one_of(*choices: str) -> Check:
    def check(value: Any) -> str:
        if value not in choices:
            raise BadCommand(f"must be one of {', '.join(choices)}, got {_shown(value)}")
        return value

    return check


def optional(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "…"


_fraction = number(0.0, 1.0)
_maybe_text = Field(optional(text), None)
_maybe_flag = Field(optional(flag), None)
_maybe_take = Field(optional(take_id), None)

COMMANDS: Mapping[str, Mapping[str, Field]] = {
    # Free: these need no lease.
    "acquire": {"client": Field(text), "take_over": Field(flag, False)},
    "status": {},
    "stop_robot": {},
    "chunk": {
        "policy": Field(text),
        "time_ns": Field(whole),
        "poses": Field(many(numbers(16, 10.0), MAX_CHUNK)),
        "grippers": Field(many(_fraction, MAX_CHUNK)),
    },
    # The rest belongs to whoever holds the lease.
    "heartbeat": {},
    "release": {},
    "acknowledge": {},
    "restart_device": {},
    "restart_writer": {},
    "twist": {
        "linear": Field(numbers(3, 2.0)),
        "angular": Field(numbers(3, 6.0)),
        "gripper": Field(optional(_fraction), None),
    },
    "select_agent": {"name": Field(text)},
    "attach_policy": {"name": Field(text)},
    "detach_policy": {},
    "set_task": {
        "task": _maybe_text,
        "instruction": _maybe_text,
        "operator": _maybe_text,
    },
    "reset": {
        "seed": Field(optional(seed), None),
        "verb": _maybe_text,
        "split": Field(one_of("base", "novel"), "base"),
    },
    "home": {},
    "practice": {},
    "start": {"until_done": Field(flag, False), "countdown_s": Field(number(0, 60), 0.0)},
    "stop": {},
    "keep": {"success": _maybe_flag},
    "discard": {},
    "undo": {},
    "restore": {"take": _maybe_take},
    "mark_success": {"value": Field(optional(flag)), "take": _maybe_take},
}
FREE = frozenset({"acquire", "status", "stop_robot", "chunk"})
ENVELOPE = frozenset({"id", "command", "lease"})


def parse(message: Any) -> tuple[str, dict[str, Any]]:
    """The command's name and its checked fields; raises BadCommand in plain words."""
    if not isinstance(message, dict) or not isinstance(message.get("command"), str):
        raise BadCommand("A command is a map with the text field 'command'.")
    name = message["command"]
    if name not in COMMANDS:
        raise BadCommand(f"No command {name!r}. Known: {', '.join(sorted(COMMANDS))}.")
    given = {key: value for key, value in message.items() if key not in ENVELOPE}
    unknown = [str(key) for key in given if key not in COMMANDS[name]]
    if unknown:
        known = ", ".join(COMMANDS[name]) or "no fields"
        raise BadCommand(f"{name} takes {known}; not {', '.join(unknown)}.")
    return name, {key: _value(name, key, field, given) for key, field in COMMANDS[name].items()}


def _value(command: str, key: str, field: Field, given: Mapping[str, Any]) -> Any:
    if key not in given and field.default is not ...:
        return field.default
    if key not in given:
        raise BadCommand(f"{command} needs the field {key!r}.")
    try:
        return field.check(given[key])
    except BadCommand as problem:
        raise BadCommand(f"{command}.{key} {problem}.") from None
