"""Copies the takes of the robot's machine here, whole, and then what its station says of them.

What is half here when the line is cut, or this machine goes off, is gone on with. A take appears
when all of it is here and its checksum is right, with what was said of it until then; what the
station says later (that it is in the bin, that it succeeded, where it is trimmed) is said again
here. What is said here is not said there.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from pydantic import ValidationError

from ...datasets.errors import (
    LabelsDamaged,
    LabelsUnreadable,
    NotATake,
    TakeDamaged,
    TakeMissing,
    WrongSchema,
)
from ...datasets.labels.edit_log import EditLog
from ...datasets.labels.edits import SetDeleted, SetPartly, SetSuccess, SetTrim
from ...datasets.labels.labels import Labels
from ...datasets.takes.checksum import verify
from ...datasets.takes.take_folder import TAKE, TAKES, require_room
from ...runtime.atomic_file import sync_folder, write_whole
from ...runtime.regular_file import open_to_append, read_bytes
from ...runtime.validation import StrictModel
from .messages import NotGiven
from .take_messages import ListTakes, ReadTake, TakeHead, TakeList, TakePart

COMING, NOTES, SAID = "coming", "copied.json", "said.jsonl"
STATIONS = (SetDeleted, SetSuccess, SetPartly, SetTrim)  # what a station says of its takes
Reply = TypeVar("Reply", bound=StrictModel)
Say = Callable[[str, str], None]  # kind and text of an event
COPIED, WARNING = "copied", "warning"
# What is wrong with one take, and no reason to leave the others where they are.
OF_ONE = (
    NotATake,
    WrongSchema,
    TakeDamaged,
    TakeMissing,
    LabelsDamaged,
    LabelsUnreadable,
    NotGiven,
)


class OtherMachine(Protocol):
    """As ``GateClient`` reaches it."""

    def ask(self, request: ListTakes | ReadTake, reply: type[Reply]) -> Reply: ...


class Copied(StrictModel):
    """Bytes of what was said there that were said again here, of each take that came over."""

    takes: dict[str, int]


class TakeCopier:
    """``look`` again and again. Raises what asking raises, DiskFull and OSError; it can go on
    after each. A take with which something is wrong is said once, and left where it is."""

    def __init__(self, data: Path, there: OtherMachine, say: Say, host: str) -> None:
        self._takes, self._coming = data / TAKES, data / COMING
        self._notes = data / "station" / NOTES
        self._there, self._say, self._host = there, say, host
        self._copied = self._noted()
        self._left: set[TakeHead] = set()  # as they were when something was wrong with them

    def look(self) -> None:
        """Copy what is new, the oldest first, and repeat what was said since the last time."""
        for take in self._copied:
            self._appear(take)
        for head in self._there.ask(ListTakes(), TakeList).takes:
            try:
                if head not in self._left:
                    self._bring(head)
            except OF_ONE as error:
                self._left.add(head)
                self._say(WARNING, f"Take {head.take} does not come over: {error}")

    def _bring(self, head: TakeHead) -> None:
        if head.take not in self._copied:
            self._copy(head)
        elif head.said > self._copied[head.take]:
            self._repeat(head, self._takes / head.take)
            self._say(COPIED, f"Take {head.take} is again what it is on {self._host}.")

    def _copy(self, head: TakeHead) -> None:
        if (self._takes / head.take).exists():
            self._note(head.take, head.said)
            text = f"A take {head.take} is here already; that of {self._host} was not copied."
            self._say(WARNING, text)
            return
        folder = self._coming / head.take
        folder.mkdir(parents=True, exist_ok=True)
        resumed = (folder / TAKE).is_file()
        self._fetch(head, "file", folder / TAKE, head.bytes)
        try:
            verify(folder / TAKE)
        except BaseException:
            shutil.rmtree(folder)
            if not resumed:
                raise
            return self._copy(head)  # what had come was of before it was archived there
        self._repeat(head, folder)
        self._appear(head.take)
        self._say(COPIED, f"Take {head.take} came over from {self._host}.")

    def _fetch(self, head: TakeHead, of: Literal["file", "said"], path: Path, size: int) -> None:
        """Go on with what is there of a file."""
        require_room(path.parent, size)
        with open_to_append(path) as file:
            while file.tell() < size:
                asked = ReadTake(take=head.take, of=of, begins=file.tell())
                content = self._there.ask(asked, TakePart).content
                if not content:
                    break
                file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def _repeat(self, head: TakeHead, folder: Path) -> None:
        """Say here what the station said there."""
        self._coming.mkdir(parents=True, exist_ok=True)
        log = EditLog(self._coming / SAID)
        log.path.unlink(missing_ok=True)
        self._fetch(head, "said", log.path, head.said)
        before = self._copied.get(head.take, 0)
        for entry, end in log.entries():
            edits = [edit for edit in entry.edits if isinstance(edit, STATIONS)]
            if end > before and edits and folder.is_dir():
                Labels.open(folder).add(edits, entry.author)
            self._note(head.take, max(before, end))
        self._note(head.take, max(before, head.said))
        log.path.unlink()

    def _appear(self, take: str) -> None:
        """Among the takes, where it has come and was noted."""
        folder = self._coming / take
        if folder.is_dir():
            self._takes.mkdir(parents=True, exist_ok=True)
            os.rename(folder, self._takes / take)
            sync_folder(self._takes)

    def _note(self, take: str, said: int) -> None:
        self._copied[take] = said
        self._notes.parent.mkdir(parents=True, exist_ok=True)
        content = Copied(takes=self._copied).model_dump_json().encode()
        write_whole(self._notes, content, durable=True)

    def _noted(self) -> dict[str, int]:
        """Without its notes, takes that are here are left as they are."""
        try:
            return Copied.model_validate_json(read_bytes(self._notes)).takes
        except (OSError, ValidationError):
            return {}
