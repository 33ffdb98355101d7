"""Requests over HTTP: every route of the application's table, with any path, query and body."""

import asyncio
import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from ..asgi import Answer, ask, scope_of
from ..hostile import BYTES, TEXTS
from ..mutators import Mutator, Value
from ..samples import TAKE_ID
from ..site import ADAPTER_ID, guarded, make_site, routes
from ..surface import Accepted
from .jobs import CONFIGS
from .settings import STATION

STREAMS = ("heartbeat", "queue/data", "progress", "/call/", "stream", "events")  # without an end
GOOD: Mapping[str, tuple[str, ...]] = {
    "take_id": (TAKE_ID,),
    "adapter_id": (ADAPTER_ID,),
    "job_id": ("20270303-000000-finetune-abcd",),
    "camera": ("front", "wrist"),
    "index": ("0", "1"),
    "name": ("grounding.jpg",),
    "version": ("1",),
    "rest": ("shared/theme.js", "bar/page.js"),
}
BODIES: tuple[Value, ...] = (
    {"author": "Ada"},
    {"name": "mine"},
    {"instruction": "pick it up"},
    *({"kind": kind, "config": dict(config)} for kind, config in CONFIGS.items()),
    STATION,
    {"kind": "camera", "name": "front", "device": {"driver": "synthetic"}},
)
HEADERS = (
    b"content-type",
    b"accept",
    b"cookie",
    b"range",
    b"if-none-match",
    b"accept-encoding",
    b"x",
)
ALLOWED = {*range(200, 300), *range(300, 400), *range(400, 500)}
PASSWORD = "a good one"


class Rest:
    """The application over one data folder, which the requests change as they like."""

    def __init__(self, folder: Path) -> None:
        self._app = make_site(folder / "data")
        self._locked = guarded(self._app, PASSWORD)
        table = list(routes(self._app))
        ours = ("/api/", "/modules")
        self._routes = [each for each in table if each[1].startswith(ours)]
        others = (each for each in table if each not in self._routes)
        self._others = [each for each in others if not any(word in each[1] for word in STREAMS)]
        self._loop = asyncio.new_event_loop()
        station = scope_of("http", "GET", b"/api/station")  # asks once, in a process, what there is
        self._loop.run_until_complete(ask(self._app, station, b""))

    def feed(self, m: Mutator) -> str:
        method, target, headers, body = self._request(m)
        app, scope = self._app, scope_of("http", method, target, headers)
        if m.chance(0.1):
            app = self._locked
        return _words(target, self._loop.run_until_complete(ask(app, scope, body)))

    def _request(self, m: Mutator) -> tuple[str, bytes, list[tuple[bytes, bytes]], bytes]:
        method, path = m.draw.choice(self._routes if m.chance(0.95) else self._others)
        target = re.sub(r"\{(\w+)[^}]*\}", lambda part: _filled(m, part[1]), path).encode()
        if m.chance(0.1):
            target = m.changed(target)
        if m.chance(0.3):
            target += b"?" + m.draw.choice((b"after=", b"author=", b"=&", b"")) + _query(m)
        headers = [(b"content-type", b"application/json")]
        if m.chance(0.2):
            value = m.changed(m.draw.choice((b"application/json", b"a=b; c", b"bytes=0-1", *BYTES)))
            headers.append((m.draw.choice(HEADERS), value.replace(b"\n", b"").replace(b"\r", b"")))
        sample = m.draw.choice(BODIES)
        body = m.json(sample) if m.chance(0.8) else json.dumps(sample).encode()
        body = b" " * (64 << 20) if m.chance(0.002) else body
        return method, target.replace(b" ", b"%20"), headers, body if method != "GET" else b""


def _filled(m: Mutator, name: str) -> str:
    if m.chance(0.5) and name in GOOD:
        return m.draw.choice(GOOD[name])
    return quote(
        m.draw.choice(TEXTS)[:2000].encode("utf-8", "surrogatepass"), safe=m.draw.choice(("", "/."))
    )


def _query(m: Mutator) -> bytes:
    text = str(m.hostile())[:2000].encode("utf-8", "surrogatepass")
    return quote(text).encode() if m.chance(0.8) else text.replace(b"\n", b"")


def _words(target: bytes, answer: Answer) -> str:
    """What a refusal says. Raises Accepted where an answer is none that is documented."""
    if answer.status not in ALLOWED:
        raise Accepted(f"{answer.status} for {target[:100]!r}")
    if answer.status < 400:
        return ""
    if answer.headers.get(b"content-type", b"").startswith(b"application/json"):
        said = json.loads(answer.body)
        return str(said.get("error") or f"It is refused: {said.get('detail')}.")
    return answer.body.decode()[:500] or f"Refused with {answer.status} alone."


SURFACE = Rest
