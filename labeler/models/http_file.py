"""A file from a server: brought on from where it was left, and checked when it is all there."""

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import requests

from .errors import AnotherFile, CutOff, Gated, Passing, Unreachable, WrongHash, refusal
from .size import in_words

CHUNK = 64 << 10  # bytes; the last one before a cut is lost
READ = 1 << 20  # bytes
SILENT_S = 10.0  # after which a server counts as gone
TRIES = 3  # without one byte more
WAIT_S = 1.0  # between two of them
WHOLE, PART, NO_SUCH_PART = 200, 206, 416
HUB_ERROR, GATED = "X-Error-Code", "GatedRepo"  # of Hugging Face's hub

Tell = Callable[[int], None]
"""Told how many bytes are there; what it raises ends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A hash. ``git``: of a file as git has it, by which the hub knows small ones."""

    kind: Literal["sha256", "git"]
    digits: str

    def fits(self, path: Path, tell: Callable[[], None]) -> bool:
        """Whether it is that of a file; tells that it goes on."""
        found = hashlib.sha256() if self.kind == "sha256" else _of_git(path.stat().st_size)
        with path.open("rb") as file:
            while chunk := file.read(READ):
                found.update(chunk)
                tell()
        return found.hexdigest() == self.digits


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file on a server, and how one knows that it came whole."""

    name: str
    url: str
    size: int  # bytes
    digest: Digest
    headers: Mapping[str, str] = field(default_factory=dict)


def fetch_file(file: RemoteFile, path: Path, tell: Tell) -> None:
    """Bring the file to ``path``; what is there of it already is not asked for again.

    Raises NotFetched, OSError and what ``tell`` raises; then what came is kept, unless it turned
    out to be something else.
    """
    path.touch()
    if _size(path) > file.size:
        os.truncate(path, 0)
    left = TRIES
    while (had := _size(path)) < file.size:
        try:
            _go_on(file, path, tell)
        except Passing:
            left = TRIES if _size(path) > had else left - 1
            if not left:
                raise
            time.sleep(WAIT_S)
    if not file.digest.fits(path, lambda: tell(file.size)):
        path.unlink()
        raise WrongHash(file.url)


def _size(path: Path) -> int:
    return path.stat().st_size


def _go_on(file: RemoteFile, path: Path, tell: Tell) -> None:
    """Ask once for what is missing, and keep what comes. Raises NotFetched."""
    with _asked(file, _size(path)) as answer:
        if answer.status_code == NO_SUCH_PART:
            os.truncate(path, 0)
        _require_file(file, answer)
        with path.open("ab" if answer.status_code == PART else "wb") as kept:
            try:
                for chunk in answer.iter_content(CHUNK):
                    kept.write(chunk)
                    tell(kept.tell())
                    if kept.tell() > file.size:  # of whoever does not say how much it will be
                        break
            except requests.RequestException as error:
                raise CutOff(file.url, kept.tell(), file.size) from error
            finally:
                kept.flush()
                os.fsync(kept.fileno())
    if _size(path) < file.size:
        raise CutOff(file.url, _size(path), file.size)


def _asked(file: RemoteFile, had: int) -> requests.Response:
    headers = {**file.headers, "Accept-Encoding": "identity"}
    if had:
        headers["Range"] = f"bytes={had}-"
    try:
        return requests.get(file.url, headers=headers, stream=True, timeout=SILENT_S)
    except requests.RequestException as error:
        raise Unreachable(file.url, _why(error)) from error


def _require_file(file: RemoteFile, answer: requests.Response) -> None:
    status = answer.status_code
    if answer.headers.get(HUB_ERROR) == GATED:
        raise Gated(file.url.partition("/resolve/")[0])
    if status not in (WHOLE, PART):
        raise refusal(file.url, status)
    of = "Content-Range" if status == PART else "Content-Length"
    size = answer.headers.get(of, "").rpartition("/")[2]
    if size.isdecimal() and int(size) != file.size:
        kind = answer.headers.get("Content-Type", "something").partition(";")[0]
        raise AnotherFile(file.url, f"{in_words(int(size))} of {kind}", file.size)


def _why(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy that HTTPS_PROXY names does not answer, or does not let it through"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is none that is trusted here"
    if isinstance(error, requests.Timeout):
        return f"it is silent for {SILENT_S:.0f} s"
    if isinstance(error, requests.ConnectionError):
        return "there is no network, or no way to it"
    return str(error)


def _of_git(size: int) -> "hashlib._Hash":
    return hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
