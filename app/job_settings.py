"""A job's settings, as it was given them, read into the class that its work wants."""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from ..datasets.errors import TeachloopError
from ..training.jobs import JobFolder
from .names import checked_id

Config = TypeVar("Config")

# Any other whole number may be 0.
ONE_OR_MORE = ("batch", "chunk", "lora_rank", "processes", "stride", "threads", "views")


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
    if faults := [*_unknown(read, spec.config), *_too_small(read)]:
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


def _too_small(read: Any) -> Iterator[str]:
    for name in (each.name for each in fields(read) if each.type is int):
        least, value = int(name in ONE_OR_MORE), getattr(read, name)
        if value < least:
            yield f"{name} is {value}; it must be {least} or more"
