"""Which window drives: one at a time holds the station's lease."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from ...recorder.station.client import StationAway, StationError
from .errors import OnlyLooking
from .station_proxy import StationProxy

# What a window may ask of the station. Leases, heartbeats and policies have their own ways.
FREE = frozenset({"stop_robot", "status"})
DRIVING = frozenset(
    {
        "acknowledge", "restart_device", "restart_writer", "select_agent", "set_task", "reset",
        "home", "practice", "start", "stop", "keep", "discard", "undo", "restore", "mark_success",
        "detach_policy",
    }
)  # fmt: skip


class ControlLease:
    """The lease, lent to one window."""

    def __init__(self, link: StationProxy, changed: Callable[[], None] = lambda: None) -> None:
        self.link = link
        self.holder: str | None = None
        self.changed = changed
        self._beating = False

    async def take(self, window: str, *, take_over: bool) -> None:
        """Raises StationError when somebody else holds the lease and is not to be replaced."""
        if self.holder is not None and self.holder != window and not take_over:
            raise OnlyLooking
        # A lease that this web process holds already passes from window to window.
        await self.link.command("acquire", client=window, take_over=take_over)
        self._hold(window)

    async def leave(self, window: str) -> None:
        """The window closed: the robot holds at once."""
        if self.holder != window:
            return
        self._hold(None)
        with contextlib.suppress(StationError):
            await self.link.command("release")

    def beat(self, window: str) -> None:
        """Pass a heartbeat on, one at a time; a lease that fell is given up."""
        if self.holder == window and not self._beating:
            self._beating = True
            _spawn(self._beat(window))

    async def _beat(self, window: str) -> None:
        try:
            await self.link.command("heartbeat")
        except StationError:
            if self.holder == window:
                self._hold(None)
        finally:
            self._beating = False

    def twist(self, window: str, fields: dict[str, Any]) -> None:
        """Held keys; sent without waiting for the answer."""
        if self.holder == window:
            _spawn(self._quietly("twist", fields))

    async def command(self, window: str, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Raises OnlyLooking for windows that do not drive, StationError as the station says."""
        if name not in FREE | DRIVING:
            raise StationError(f"A window may not ask for {name!r}.")
        if name not in FREE and self.holder != window:
            raise OnlyLooking
        return await self.link.command(name, **fields)

    async def _quietly(self, name: str, fields: dict[str, Any]) -> None:
        with contextlib.suppress(StationError, StationAway):
            await self.link.command(name, **fields)

    def _hold(self, window: str | None) -> None:
        if self.holder != window:
            self.holder = window
            self.changed()


_running: set[asyncio.Task[None]] = set()


def _spawn(work: Any) -> None:
    # The loop keeps weak references only: without this set a task could vanish half way.
    task = asyncio.get_running_loop().create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)
