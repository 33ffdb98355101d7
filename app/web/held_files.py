"""Files that stay as they are while we run, answered from memory before any route is looked for.

A page asks for more than a hundred of them; through all routes, and a thread each, that takes much
of the time until it can be used.
"""

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from mimetypes import MimeTypes
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

KEPT = "private, max-age=31536000, immutable"
KINDS = MimeTypes()  # Python's own: a system may know scripts as plain text


@dataclass(frozen=True)
class FileSet:
    """Files with one beginning of their addresses. That, or a file's own name, changes with what
    they hold, so browsers may keep them for ever."""

    address: re.Pattern[str]
    """What stands before a file's name."""
    files: Mapping[str, Sequence[Path]]
    """For each name the files that it is made of, one after the other."""
    held: dict[tuple[str, bool], Response] = field(default_factory=dict)

    def find(self, path: str, compressed: bool) -> Response | None:
        """The answer to a request for it; read, and compressed, the first time. Raises OSError
        where a file is gone."""
        start = self.address.match(path)
        name = path[start.end() :] if start else ""
        if name not in self.files:
            return None
        if (name, compressed) not in self.held:
            self.held[name, compressed] = self._read(name, compressed)
        return self.held[name, compressed]

    def _read(self, name: str, compressed: bool) -> Response:
        content = b"\n".join(path.read_bytes() for path in self.files[name])
        headers = {"cache-control": KEPT, "vary": "accept-encoding"}
        if compressed:
            content, headers["content-encoding"] = gzip.compress(content, mtime=0), "gzip"
        kind = KINDS.guess_type(name)[0] or "application/octet-stream"
        return Response(content, headers=headers, media_type=kind)


class HeldFiles:
    """Answers for its sets of files; all else goes on."""

    def __init__(self, app: ASGIApp, file_sets: Sequence[FileSet]) -> None:
        self.app, self.file_sets = app, file_sets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        looks = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        found = self._find(scope) if looks else None
        await (found or self.app)(scope, receive, send)

    def _find(self, scope: Scope) -> Response | None:
        compressed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        found = (each.find(scope["path"], compressed) for each in self.file_sets)
        return next((answer for answer in found if answer is not None), None)
