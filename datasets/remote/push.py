"""Sending a folder, or takes, to a remote elsewhere; what is there already is not sent again."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from ...runtime.errors import TeachloopError
from ..errors import TakeMissing, TakeRefused
from ..formats.episodes.exported import Tell
from ..takes.checksum import check_length
from ..takes.format import ARCHIVED
from ..takes.take_folder import (
    ARCHIVING,
    KILLED,
    LOCK,
    NEW,
    PARTIAL,
    RECOVERED,
    TAKE,
    TAKES,
    find_take,
)
from ..takes.trash import in_bin
from .errors import BadManifest, NothingToSend, SentBefore, StillChanging
from .manifest import FileEntry, Kind, Manifest, entry_of, files_below
from .remote_folder import RemoteFolder
from .remotes import remote_folder

READING = 0.2  # share of the work that is to know what is in the files
Mark: TypeAlias = tuple[int, int]
TRIES = 5  # with a file that changes while it is sent
LEFT = (LOCK, NEW, PARTIAL, RECOVERED, KILLED, ARCHIVING)  # of a take, beside it: of its writing


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it."""

    sent: int
    there: int
    """Files that were there already."""
    removed: int
    """Files that are no more in the folder."""


def push_folder(folder: Path, url: str, tell: Tell) -> Sent:
    """Send all files of a folder but hidden ones; at ``url`` there is the same afterwards, and
    until then nobody takes it for whole. Raises NothingToSend, CannotSend, CannotReach,
    SentBefore, StillChanging, OSError and what ``tell`` raises."""
    return _push("folder", folder, files_below(folder), remote_folder(url), tell)


def push_takes(data: Path, take_ids: Sequence[str], url: str, tell: Tell) -> Sent:
    """Send takes with their labels, see ``push_folder``. Takes that are there and not among these
    stay, and so do the recorded pictures of takes that were archived here since. Raises BadName,
    NoSuchTake, TakeMissing of one that is not finished, TakeRefused of one in the bin."""
    paths = []
    for take_id in dict.fromkeys(take_ids):
        folder = find_take(data, take_id)
        if in_bin(folder):
            raise TakeRefused(take_id, "it is in the bin", "Take it back, or leave it out.")
        if not (folder / TAKE).is_file():
            raise TakeMissing(folder)
        paths += [f"{TAKES}/{take_id}/{path}" for path in files_below(folder) if path not in LEFT]
    return _push("takes", data, paths, remote_folder(url), tell)


def _push(kind: Kind, root: Path, paths: Sequence[str], remote: RemoteFolder, tell: Tell) -> Sent:
    if not paths:
        raise NothingToSend(root)
    was = _sent_before(kind, remote)
    marks = {path: _mark(root / path) for path in paths}
    entries = [_kept(root, entry, was) for entry in _entries(root, paths, tell)]
    wanted = {entry.path: entry for entry in entries}
    gone = [path for path in was if path not in wanted and _is_ours(kind, path, wanted)]
    kept = {path: entry for path, entry in was.items() if path not in gone}
    there = {path: each for path, each in kept.items() if wanted.get(path, each) == each}
    missing = [entry for entry in entries if entry.path not in there]
    _Sending(kind, root, remote, dict(there), tell, marks).send(missing, gone)
    return Sent(len(missing), len(entries) - len(missing), len(gone))


def _sent_before(kind: Kind, remote: RemoteFolder) -> Mapping[str, FileEntry]:
    """What is there, as far as it is known. Raises SentBefore where it is of another kind."""
    try:
        before = remote.manifest()
    except BadManifest:  # torn by an interruption: what it named is sent again
        return {}
    if before is not None and before.kind != kind:
        raise SentBefore(remote.url, holds_takes=before.kind == "takes")
    return before.by_path() if before is not None else {}


def _kept(root: Path, entry: FileEntry, was: Mapping[str, FileEntry]) -> FileEntry:
    """What is to be there: of a take that was archived here since, what was recorded."""
    before, name = was.get(entry.path), entry.path.rpartition("/")[2]
    if before is None or before == entry or name != TAKE:
        return entry
    with suppress(TeachloopError):
        if check_length(root / entry.path).version == ARCHIVED:
            return before
    return entry


def _mark(path: Path) -> Mark:
    """By which a file is known to be as it was."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _is_ours(kind: Kind, path: str, wanted: dict[str, FileEntry]) -> bool:
    """Whether a file that is there belongs to what is sent: of takes, others may be there."""
    if kind == "folder":
        return True
    take = "/".join(path.split("/")[:2]) + "/"
    return any(each.startswith(take) for each in wanted)


def _entries(root: Path, paths: Sequence[str], tell: Tell) -> Iterator[FileEntry]:
    for number, path in enumerate(paths):
        tell(f"looking at {path}", READING * number / len(paths))
        yield entry_of(root, path)


class _Sending:
    """Files on their way; what has arrived is noted there, for whoever goes on."""

    def __init__(
        self,
        kind: Kind,
        root: Path,
        remote: RemoteFolder,
        there: dict[str, FileEntry],
        tell: Tell,
        marks: Mapping[str, Mark],
    ) -> None:
        self._kind: Kind = kind
        self._root, self._remote, self._there = root, remote, there
        self._tell, self._noted, self._marks = tell, 0.0, dict(marks)

    def send(self, missing: Sequence[FileEntry], gone: Sequence[str]) -> None:
        """… and then remove what is gone."""
        self._note(whole=False)
        total, done = max(1, sum(entry.bytes for entry in missing)), 0
        try:
            for entry in missing:
                self._send(entry, done, total)
                done += entry.bytes
            for path in gone:
                self._remote.remove(path)
        except BaseException:
            self._note(whole=False)
            raise
        self._note(whole=True)

    def _send(self, entry: FileEntry, done: int, total: int) -> None:
        def moved(size: int) -> None:
            share = min(1.0, (done + size) / total)
            self._tell(f"sending {entry.path}", READING + (1 - READING) * share)

        moved(0)
        source = self._root / entry.path
        for _ in range(TRIES):
            self._remote.send(source, entry.path, moved)
            if (mark := _mark(source)) == self._marks[entry.path]:
                break
            self._marks[entry.path] = mark  # as labels, which go on
            entry = entry_of(self._root, entry.path)
        else:
            raise StillChanging(source)
        self._there[entry.path] = entry
        if time.monotonic() - self._noted > self._remote.noted_each_s:
            self._note(whole=False)

    def _note(self, *, whole: bool) -> None:
        files = [self._there[path] for path in sorted(self._there)]
        self._remote.write_manifest(Manifest(kind=self._kind, whole=whole, files=files))
        self._noted = time.monotonic()
