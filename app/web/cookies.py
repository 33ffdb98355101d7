"""Our cookies. Browsers keep those of one host together whatever the port, so their names tell
the servers of a host apart; and they send along those of others, of any shape."""

from collections.abc import Iterator

from starlette.datastructures import Headers
from starlette.types import Scope

from ...runtime.access import host_port

SESSION = "teachloop_session"
KNOWN = "teachloop_known"


def cookie_name(scope: Scope, kind: str) -> str:
    """By the port that the browser sees, which need not be the one that we listen on."""
    port = host_port(Headers(scope=scope).get("host", ""))
    return f"{kind}_{port}" if port else kind


def cookies(scope: Scope, kind: str) -> Iterator[str]:
    """The values of a cookie of ours."""
    wanted = cookie_name(scope, kind)
    for header in Headers(scope=scope).getlist("cookie"):
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == wanted:
                yield value
