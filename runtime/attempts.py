"""Wrong passwords, counted for each who gives them: whoever guesses waits, nobody else."""

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Hashable

MOST = 10  # different wrong passwords within
WITHIN_S = 60.0
REMEMBERED = 10_000  # who gave them; the oldest are forgotten first
NETWORK_BITS = 64  # one owner has at least so much of IPv6 to come from


class Attempts:
    """The different wrong passwords of the last minute. A program that says the same wrong one
    again and again guesses nothing."""

    def __init__(self) -> None:
        self._failed: OrderedDict[Hashable, deque[tuple[float, int]]] = OrderedDict()

    def wait_s(self, who: Hashable) -> float:
        """How long they have to wait until they may try again; 0 where they may now."""
        failed = self._failed.get(who)
        if failed is None or len(failed) < MOST:
            return 0.0
        return max(0.0, failed[0][0] + WITHIN_S - time.monotonic())

    def failed(self, who: Hashable, attempt: str) -> None:
        """They gave this one, which is wrong."""
        failed = self._failed.setdefault(who, deque(maxlen=MOST))
        if hash(attempt) not in [known for _, known in failed]:
            failed.append((time.monotonic(), hash(attempt)))
        self._failed.move_to_end(who)
        if len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)


def network_of(client: tuple[str, int] | None) -> str:
    """Where a connection comes from, as ASGI says it; one through a socket file from here."""
    host = client[0] if client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, NETWORK_BITS), strict=False))
