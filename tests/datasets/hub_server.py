"""As much of Hugging Face's hub as its own library needs to write and read small files
(https://huggingface.co/docs/hub/api): repositories, commits, and what lies in them."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

SHA = "a" * 40


@dataclass
class Repository:
    private: bool
    files: dict[str, bytes] = field(default_factory=dict)
    commits: list[list[str]] = field(default_factory=list)  # the paths of each


@dataclass
class Hub:
    """What it holds, by "datasets/you/cubes"."""

    url: str
    repositories: dict[str, Repository] = field(default_factory=dict)
    refuses: bool = False
    """Whether it takes no commits."""


@contextmanager
def hub_server() -> Iterator[Hub]:
    hub = Hub(url="")

    class Answers(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._say(*posted(hub, self._path, body))

        def do_GET(self) -> None:
            self._say(*got(hub, self._path))

        def do_HEAD(self) -> None:
            self._say(*got(hub, self._path), bodiless=True)

        @property
        def _path(self) -> str:
            return unquote(urlsplit(self.path).path).lstrip("/")

        def _say(self, status: int, content: Any, *, bodiless: bool = False) -> None:
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Repo-Commit", SHA)
            self.send_header("ETag", f'"{hashlib.sha1(body).hexdigest()}"')
            if status == 404:
                missing = "Entry" if self._repository_is_there() else "Repo"
                self.send_header("X-Error-Code", f"{missing}NotFound")
            self.end_headers()
            if not bodiless:
                self.wfile.write(body)

        def _repository_is_there(self) -> bool:
            return any(name in self._path for name in hub.repositories)

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        hub.url = f"http://127.0.0.1:{server.server_address[1]}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield hub
        server.shutdown()


def posted(hub: Hub, path: str, body: bytes) -> tuple[int, Any]:
    if path == "api/repos/create":
        asked = json.loads(body)
        name = f"{asked.get('type', 'model')}s/{asked['organization']}/{asked['name']}"
        if name in hub.repositories:
            return 409, {"url": f"{hub.url}/{name}", "error": "You already created this"}
        private = asked.get("private", asked.get("visibility") == "private")
        hub.repositories[name] = Repository(private=private)
        return 200, {"url": f"{hub.url}/{name}"}
    if path == "api/validate-yaml":
        return 200, {"errors": [], "warnings": []}
    name, _, what = path.removeprefix("api/").rpartition("/main")[0].rpartition("/")
    repository = hub.repositories.get(name)
    if repository is None:
        return 404, {"error": "Repository not found"}
    if what == "preupload":
        files = json.loads(body)["files"]
        return 200, {"files": [{**_told(each), "uploadMode": "regular"} for each in files]}
    if what == "paths-info":
        return 200, [_entry(repository, each) for each in _asked(body) if each in repository.files]
    if hub.refuses:
        return 403, {"error": "not today"}
    _commit(repository, body)
    return 200, {"commitUrl": f"{hub.url}/{name}/commit/{SHA}", "commitOid": SHA}


def _told(asked: dict[str, Any]) -> dict[str, Any]:
    return {"path": asked["path"], "shouldIgnore": False}


def _asked(body: bytes) -> list[str]:
    text = body.decode()
    if text.startswith("{"):
        return json.loads(text)["paths"]
    parts = [part.split("=", 1) for part in text.split("&")]
    return [unquote(value) for key, value in parts if key == "paths"]


def _commit(repository: Repository, body: bytes) -> None:
    changed = []
    for line in body.decode().splitlines():
        part = json.loads(line)
        if part["key"] == "file":
            repository.files[part["value"]["path"]] = base64.b64decode(part["value"]["content"])
        elif part["key"] == "deletedFile":
            del repository.files[part["value"]["path"]]
        else:
            continue
        changed.append(part["value"]["path"])
    repository.commits.append(changed)


def got(hub: Hub, path: str) -> tuple[int, Any]:
    name = next((each for each in hub.repositories if f"{each}/" in f"{path}/"), "")
    if not name:
        return 404, {"error": "Repository not found"}
    repository = hub.repositories[name]
    below = path.removeprefix("api/").removeprefix(f"{name}/")
    if below.startswith("resolve/main/"):
        content = repository.files.get(below.removeprefix("resolve/main/"))
        return (404, {"error": "Entry not found"}) if content is None else (200, content)
    if below.startswith("tree/main"):
        folder = below.removeprefix("tree/main").strip("/")
        within = [each for each in repository.files if each.startswith(f"{folder}/" * bool(folder))]
        return 200, [_entry(repository, each) for each in within]
    return 200, {"id": name.partition("/")[2], "sha": SHA, "private": repository.private}


def _entry(repository: Repository, path: str) -> dict[str, Any]:
    content = repository.files[path]
    oid = hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
    return {"type": "file", "path": path, "size": len(content), "oid": oid}
