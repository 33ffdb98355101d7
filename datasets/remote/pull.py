"""Fetching what was sent: whole or not there, each file as it was."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...runtime.atomic_file import growing, sync_tree
from ...runtime.file_hash import sha256_of
from ...runtime.ids import checked_id
from ..formats.episodes.exported import Tell
from ..formats.export import AlreadyThere
from ..takes.take_folder import TAKES, require_room
from .errors import Altered, BadManifest, NothingThere, NotWhole, OtherKind
from .manifest import FileEntry, Manifest, files_below, same_file
from .remote_folder import RemoteFolder
from .remotes import remote_folder


@dataclass(slots=True)
class Fetched:
    """What came of it."""

    files: int = 0
    there: list[str] = field(default_factory=list)
    """Takes that were there already, and are as they were."""
    takes: list[str] = field(default_factory=list)


def pull(url: str, target: Path, tell: Tell) -> Fetched:
    """Fetch what was sent: takes into a data folder, beside those that are there; anything else as
    a new folder. What was interrupted goes on where it stopped.

    Raises NothingThere, NotWhole, BadManifest, CannotReach, Altered, OtherKind, AlreadyThere,
    BadName, DiskFull, OSError and what ``tell`` raises.
    """
    remote = remote_folder(url)
    manifest = _manifest(remote)
    if manifest.kind == "takes":
        return _pull_takes(remote, manifest, target, tell)
    if (target / TAKES).is_dir():
        raise OtherKind(url, holds_takes=False)
    if target.exists() or target.is_symlink():
        raise AlreadyThere(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    _Fetching(remote, manifest.files, tell).fetch("", manifest.files, target)
    return Fetched(files=len(manifest.files))


def _manifest(remote: RemoteFolder) -> Manifest:
    manifest = remote.manifest()
    if manifest is None:
        raise NothingThere(remote.url)
    if not manifest.whole:
        raise NotWhole(remote.url)
    if len(manifest.by_path()) != len(manifest.files):
        raise BadManifest(remote.url, "it names a file twice.")
    return manifest


def _pull_takes(remote: RemoteFolder, manifest: Manifest, data: Path, tell: Tell) -> Fetched:
    if data.exists() and not (data / TAKES).is_dir() and any(data.iterdir()):
        raise OtherKind(remote.url, holds_takes=True)
    done, folders = Fetched(), _by_take(remote, manifest)
    (data / TAKES).mkdir(parents=True, exist_ok=True)
    missing = {take: files for take, files in folders.items() if not (data / TAKES / take).exists()}
    fetching = _Fetching(remote, [each for files in missing.values() for each in files], tell)
    for take, files in missing.items():
        fetching.fetch(f"{TAKES}/{take}/", files, data / TAKES / take)
        done.takes.append(take)
        done.files += len(files)
    done.there = [take for take in folders if take not in missing]
    return done


def _by_take(remote: RemoteFolder, manifest: Manifest) -> Mapping[str, list[FileEntry]]:
    """Raises BadManifest, BadName."""
    found: dict[str, list[FileEntry]] = {}
    for entry in manifest.files:
        parts = entry.path.split("/")
        if len(parts) < 3 or parts[0] != TAKES:
            raise BadManifest(remote.url, f"{entry.path} is of no take.")
        found.setdefault(checked_id(parts[1]), []).append(entry)
    return found


class _Fetching:
    """Files on their way."""

    def __init__(self, remote: RemoteFolder, files: Sequence[FileEntry], tell: Tell) -> None:
        self._remote, self._tell = remote, tell
        self._total, self._done = max(1, sum(entry.bytes for entry in files)), 0

    def fetch(self, above: str, files: Sequence[FileEntry], target: Path) -> None:
        """Those below ``above``, as a new folder."""
        with growing(target) as partial:
            partial.mkdir(exist_ok=True)
            own = [entry.model_copy(update={"path": entry.path[len(above) :]}) for entry in files]
            _remove_others(partial, own)
            require_room(partial, sum(e.bytes for e in own if not same_file(partial, e)))
            for entry in own:
                self._fetch(above, entry, partial)
            sync_tree(partial)

    def _fetch(self, above: str, entry: FileEntry, partial: Path) -> None:
        def moved(size: int) -> None:
            self._tell(f"fetching {entry.path}", min(1.0, (self._done + size) / self._total))

        moved(0)
        if not same_file(partial, entry):
            path = partial / entry.path
            coming = path.with_name(f".{path.name}.coming")
            self._remote.fetch(above + entry.path, coming, moved)
            if sha256_of(coming) != entry.sha256:
                raise Altered(self._remote.url, above + entry.path)
            os.replace(coming, path)
        self._done += entry.bytes


def _remove_others(partial: Path, files: Sequence[FileEntry]) -> None:
    """What an earlier go fetched of something else."""
    for path in {*files_below(partial)} - {entry.path for entry in files}:
        (partial / path).unlink()
