"""A server of files on this machine, which can be cut off, slow, or wrong."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHUNK = 64 << 10


class FileServer:
    """Hands out what is in ``files``, and remembers what it was asked."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}  # by path
        self.kinds: dict[str, str] = {}  # content types
        self.asked: list[tuple[str, str]] = []  # path, range
        self.cuts: list[int] = []  # of the next answers: after so many bytes
        self.statuses: list[int] = []  # of the next answers
        self.errors: dict[int, str] = {}  # what the hub calls a status
        self.knows_ranges = True
        self.says_sizes = True
        self.chunk_s = 0.0  # how long each chunk takes
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answer = self.answer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path, wanted = request.path, request.headers.get("Range", "")
        self.asked.append((path, wanted))
        status = self.statuses.pop(0) if self.statuses else 200
        content = self.files.get(path.partition("?")[0])
        if status != 200 or content is None:
            self._refuse(request, status if status != 200 else 404)
            return
        begin = 0
        if wanted and self.knows_ranges:
            begin = int(wanted.removeprefix("bytes=").removesuffix("-"))
            request.send_response(206)
            last, size = len(content) - 1, len(content)
            request.send_header("Content-Range", f"bytes {begin}-{last}/{size}")
        else:
            request.send_response(200)
        if self.says_sizes:
            request.send_header("Content-Length", str(len(content) - begin))
        request.send_header("Content-Type", self.kinds.get(path, "application/octet-stream"))
        request.end_headers()
        self._send(request, content[begin:])

    def _refuse(self, request: BaseHTTPRequestHandler, status: int) -> None:
        request.send_response(status)
        request.send_header("X-Error-Code", self.errors.get(status, ""))
        request.send_header("Content-Length", "0")
        request.end_headers()

    def _send(self, request: BaseHTTPRequestHandler, content: bytes) -> None:
        if self.cuts:
            content = content[: self.cuts.pop(0)]
        try:
            for begin in range(0, len(content), CHUNK):
                time.sleep(self.chunk_s)
                request.wfile.write(content[begin : begin + CHUNK])
        except OSError:  # who asked has gone
            pass

    @contextmanager
    def running(self) -> Iterator["FileServer"]:
        thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join()
