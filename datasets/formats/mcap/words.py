"""What is said of a take, and what happened in it: the log, and what holds for all of it."""

import json
from collections.abc import Iterator

from foxglove_schemas_protobuf.Log_pb2 import Log

from ...takes.format import TakeInfo
from .part import Part, Timed

INSTRUCTION, SUBTASKS, EVENTS = "/instruction", "/subtasks", "/events"
NAMES_PEOPLE = {"takeover"}  # kinds of events whose text says who
JUDGED = {True: "yes", False: "no", None: ""}


def instruction_of(part: Part) -> str:
    """As the labels have it, or the take; empty where nobody wrote one."""
    return part.said.instruction or part.take.info.instruction or part.take.info.task


def instruction(part: Part) -> Iterator[Timed]:
    """At the start."""
    if text := instruction_of(part):
        yield _log(part, part.start_ns, INSTRUCTION, "instruction", text)


def subtasks(part: Part) -> Iterator[Timed]:
    """Whenever another one begins; empty where none does."""
    named = [segment for segment in part.said.segments if segment.text]
    ends = {time_ns for each in named for time_ns in (each.start_ns, each.end_ns)}
    before = ""
    for time_ns in sorted({part.start_ns, *filter(part.counts, ends)}):
        going_on = [each.text for each in named if each.start_ns <= time_ns < each.end_ns]
        text = going_on[-1] if going_on else ""
        if text != before:
            yield _log(part, time_ns, SUBTASKS, "subtask", text)
        before = text


def events(part: Part) -> Iterator[Timed]:
    """What happened; who took over only where people may be named."""
    for event in part.take.events:
        if part.counts(event.time_ns):
            secret = event.kind in NAMES_PEOPLE and not part.operators
            text = event.kind if secret or not event.text else event.text
            yield _log(part, event.time_ns, EVENTS, event.kind, text)


def robot_errors(part: Part) -> Iterator[Timed]:
    """The robot's own errors, whenever they change."""
    for each in part.take.robot_errors or ():
        if part.counts(each.time_ns):
            text, level = ", ".join(each.names), Log.ERROR if each.names else Log.INFO
            yield _log(part, each.time_ns, EVENTS, "robot_errors", text or "none", level)


def about(part: Part) -> dict[str, str]:
    """What holds for all of it, as texts; lists and maps in JSON."""
    info, said = part.take.info, part.said
    operator = {"operator": info.operator} if part.operators else {}
    return {
        "take": info.take_id,
        "instruction": instruction_of(part),
        "paraphrases": as_json(said.paraphrases),
        "success": JUDGED[said.success],
        "created": info.created,
        "clock_offset_ns": str(part.clock.offset_ns),
        "robot": info.robot,
        "rate_hz": f"{info.rate_hz:g}",
        "embodiment": as_json(info.embodiment.model_dump(mode="json")),
        "cameras": as_json(_cameras(info, part)),
        "limits": as_json(dict(info.limits)),
        **operator,
    }


def _cameras(info: TakeInfo, part: Part) -> dict[str, object]:
    """Name -> how it is mounted, and whether that and its lens are known."""
    known = {name: info.cameras[name] for name in part.cameras}
    return {
        name: {"mount": camera.mount, "calibrated": camera.calibrated}
        for name, camera in known.items()
    }


def as_json(value: object) -> str:
    """As metadata has it."""
    return json.dumps(value, ensure_ascii=False)


def _log(
    part: Part,
    time_ns: int,
    topic: str,
    name: str,
    text: str,
    level: Log.Level.ValueType = Log.INFO,
) -> Timed:
    stamp = part.clock.stamp(time_ns)
    return Timed(time_ns, topic, Log(timestamp=stamp, level=level, message=text, name=name))
