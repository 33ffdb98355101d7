"""Names from outside that become paths: ids are checked before a path is made of them."""

import re
from typing import Annotated

from pydantic import AfterValidator

from .errors import TeachloopError
from .validation import shown

# Ids are made of these alone; a leading dot would name hidden or parent folders.
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")
_FILE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}\.(png|jpg|json)")


class BadName(TeachloopError):
    def __init__(self, name: str) -> None:
        super().__init__(f"{shown(name)} is no name of a take, job or adapter.")


def is_id(text: str) -> bool:
    """Whether it is made as ids are."""
    return _ID.fullmatch(text) is not None


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
