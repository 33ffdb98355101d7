"""Which files there are, and what is in each by its SHA-256: what is the same is not sent again,
and what is fetched is what was sent."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, ValidationError

from ...runtime.file_hash import sha256_of
from ...runtime.json_file import StoredModel
from .errors import CannotSend

MANIFEST = "teachloop-manifest.json"
LONGEST_NAME = 255  # bytes, of a file on the usual disks
LONGEST_PATH = 1000  # bytes: a disk takes some 4,000, its own folder's among them


def _inside(path: str) -> str:
    """A path may lead nowhere but into its folder."""
    parts = PurePosixPath(path).parts
    hidden = any(part.startswith(".") for part in parts)
    if not parts or hidden or "\\" in path or "\0" in path or path != "/".join(parts):
        raise ValueError("a path that is not below its folder")
    if _bytes(path) > LONGEST_PATH or any(_bytes(part) > LONGEST_NAME for part in parts):
        raise ValueError("a path that is too long for a disk")
    return path


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


class FileEntry(StoredModel):
    """One file, by its path below the folder."""

    path: Annotated[str, Field(min_length=1), AfterValidator(_inside)]
    bytes: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


Kind: TypeAlias = Literal["folder", "takes"]


class Manifest(StoredModel):
    """What lies in a remote folder."""

    version: Literal[1] = 1
    kind: Kind
    whole: bool
    """False: it is being sent, and these files are there already."""
    files: list[FileEntry]

    def by_path(self) -> Mapping[str, FileEntry]:
        return {entry.path: entry for entry in self.files}


def files_below(folder: Path) -> Sequence[str]:
    """The paths of all files, without those that are hidden: they are of who works there."""
    return sorted(_files(folder, folder))


def _files(folder: Path, root: Path) -> Iterator[str]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path, root)
        elif path.is_file() and path.name != MANIFEST:
            yield path.relative_to(root).as_posix()


def entry_of(root: Path, path: str) -> FileEntry:
    """Of a file as it is now. Raises CannotSend, OSError."""
    size = (root / path).stat().st_size
    try:
        return FileEntry(path=path, bytes=size, sha256=sha256_of(root / path))
    except ValidationError:
        raise CannotSend(path) from None


def same_file(root: Path, entry: FileEntry) -> bool:
    """Whether it is there, as it was listed."""
    path = root / entry.path
    if not path.is_file() or path.stat().st_size != entry.bytes:
        return False
    return sha256_of(path) == entry.sha256
