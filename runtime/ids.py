"""Names from outside that become paths: ids are checked before a path is made of them."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Annotated

from pydantic import AfterValidator

from .errors import TeachloopError
from .validation import shown

# Ids are made of these alone; a leading dot would name hidden or parent folders.
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")
_STAMPED = re.compile(r"(\d{8}-\d{6})(?:-(\d{4}))?(?!\d)")
_SECOND = "%Y%m%d-%H%M%S"
_LAST = 9999
_FILE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}\.(png|jpg|json)")


class BadName(TeachloopError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{shown(name)} is no name of a take, job or adapter.")


def is_id(text: str) -> bool:
    """Whether it is made as ids are."""
    return _ID.fullmatch(text) is not None


def next_stamp(known: Iterable[str]) -> str:
    """What a new name begins with, such as `20261122-154312-0007`: the UTC second and a count.

    It comes behind all ``known`` names, so that names sort by the order in which they were given
    also where the clock stands or was set back by days.
    """
    now = datetime.now(timezone.utc).replace(microsecond=0, tzinfo=None)
    second, count = max(filter(None, map(_stamp, known)), default=(now, -1))
    if second < now:
        second, count = now, -1
    if count == _LAST:
        second, count = second + timedelta(seconds=1), -1
    return f"{second.strftime(_SECOND)}-{count + 1:04d}"


def _stamp(name: str) -> tuple[datetime, int] | None:
    """What a name begins with; earlier versions gave some names no count, which come last of their
    second."""
    found = _STAMPED.match(name)
    if not found or found[1] >= "9999":  # behind which no second is left
        return None
    try:
        return datetime.strptime(found[1], _SECOND), int(found[2] or _LAST)
    except ValueError:
        return None


def checked_id(text: str) -> str:
    """The id itself; raises BadName where it could be a path."""
    if not is_id(text):
        raise BadName(text)
    return text


def checked_file(text: str) -> str:
    """The name of a picture or JSON file in a job's folder; raises BadName."""
    if not _FILE.fullmatch(text):
        raise BadName(text)
    return text


def _known_id(text: str) -> str:
    try:
        return checked_id(text)
    except BadName as error:
        raise ValueError(str(error)) from error


Id = Annotated[str, AfterValidator(_known_id)]
"""The id of a take, job or adapter, as a field of what is read from outside."""
