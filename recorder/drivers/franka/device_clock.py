"""When what a robot's own clock counts happened by this computer's clock."""

import time

NS_PER_MS = 1_000_000
CREEP = 0.2  # by which share of what was heard late the clocks may have run apart


class DeviceClock:
    """Takes what was heard soonest for what took no time on its way. Never runs backwards."""

    def __init__(self) -> None:
        self._apart_ns: float | None = None
        self._last_ns = 0

    def hear(self, device_ms: int, now_ns: int) -> None:
        """The robot said that it is so late, just now."""
        apart = float(now_ns - NS_PER_MS * device_ms)
        before = self._apart_ns
        late = before is not None and apart > before
        self._apart_ns = before + CREEP * (apart - before) if before is not None and late else apart

    def now_ms(self) -> float:
        """What the robot's clock says by now; 0 before anything was heard."""
        apart_ns = self._apart_ns
        return 0.0 if apart_ns is None else (time.monotonic_ns() - apart_ns) / NS_PER_MS

    def host_ns(self, device_ms: int) -> int:
        """On the host's monotonic clock."""
        assert self._apart_ns is not None, "nothing was heard yet"
        self._last_ns = max(self._last_ns + 1, round(self._apart_ns) + NS_PER_MS * device_ms)
        return self._last_ns
