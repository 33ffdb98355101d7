"""A job's settings, as it was given them, read into the class that its work wants."""

import json
import math
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from ..runtime.errors import TeachloopError
from ..runtime.ids import checked_id
from .folder import JobFolder

Config = TypeVar("Config")

RANGES: dict[str, tuple[float, float]] = {
    "batch": (1, 4096),
    "chunk": (1, 256),
    "lora_rank": (1, 1024),
    "processes": (1, 64),
    "rate": (1e-9, 1.0),
    "rollouts": (0, 10_000),
    "stride": (1, 1000),
    "threads": (1, 1024),
    "views": (1, 100),
}
"""Of a job's numbers; any other is 0 or more."""


class BadSettings(TeachloopError):
    def __init__(self, kind: str, reasons: str) -> None:
        super().__init__(f"The settings of this {kind} job cannot be used: {reasons}.")


def settings(config: type[Config], job: JobFolder) -> Config:
    """What a job was asked for, checked before its work begins. Raises BadSettings, and BadName
    where the id of a take is a path."""
    spec = job.spec
    try:
        read = TypeAdapter(config).validate_json(json.dumps(spec.config), strict=True)
    except ValidationError as error:
        raise BadSettings(spec.kind, "; ".join(map(_in_words, error.errors()))) from error
    if faults := [*_unknown(read, spec.config), *_out_of_range(read)]:
        raise BadSettings(spec.kind, "; ".join(faults))
    for take in getattr(read, "takes", ()):
        checked_id(take)
    return read


def _in_words(error: Any) -> str:
    where = ".".join(map(str, error["loc"]))
    given = "" if error["type"] == "missing" else f", not {error['input']!r}"
    return f"{where}: {error['msg']}{given}"


def _unknown(read: Any, given: dict[str, Any]) -> Iterator[str]:
    known = {each.name for each in fields(read)}
    return (f"there is no {name!r}" for name in given if name not in known)


def _out_of_range(read: Any) -> Iterator[str]:
    numbers = {each.name for each in fields(read) if each.type in (int, float)}
    for name in sorted(numbers):
        value, (least, most) = getattr(read, name), RANGES.get(name, (0, math.inf))
        if not least <= value <= most:
            wanted = f"{least:g} or more" if most == math.inf else f"from {least:g} to {most:g}"
            yield f"{name} is {value}; it must be {wanted}"
