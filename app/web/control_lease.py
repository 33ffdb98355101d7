"""Which window drives: one at a time holds the station's lease."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping

from pydantic import BaseModel, JsonValue

from ...recorder.station import commands
from ...recorder.station.command_table import COMMANDS, BadCommand, command_from
from ...recorder.station.endpoint import StationError
from .errors import OnlyLooking
from .station_proxy import StationProxy


class ControlLease:
    """The lease, lent to one window."""

    def __init__(self, link: StationProxy, changed: Callable[[], None] = lambda: None) -> None:
        self.link = link
        self.holder: str | None = None
        self._one_by_one = asyncio.Lock()  # a window may close while it waits for the lease
        self.stops = 0  # how often a window asked the robot to stop
        self.changed = changed
        self._beating = False

    async def take(self, window: str, *, take_over: bool) -> None:
        """Raises StationError when somebody else holds the lease and is not to be replaced."""
        async with self._one_by_one:
            if self.holder is not None and self.holder != window and not take_over:
                raise OnlyLooking
            # A lease that this web process holds already passes from window to window.
            await self.link.send(commands.Acquire(client=window, take_over=take_over))
            self._hold(window)

    async def leave(self, window: str) -> None:
        """The window closed: the robot holds at once."""
        async with self._one_by_one:
            if self.holder != window:
                return
            self._hold(None)
            with contextlib.suppress(StationError):
                await self.link.send(commands.Release())

    def beat(self, window: str) -> None:
        """Pass a heartbeat on, one at a time; a lease that fell is given up."""
        if self.holder == window and not self._beating:
            self._beating = True
            _spawn(self._beat(window))

    async def _beat(self, window: str) -> None:
        try:
            await self.link.send(commands.Heartbeat())
        except StationError:
            if self.holder == window:
                self._hold(None)
        finally:
            self._beating = False

    def twist(self, window: str, twist: commands.Twist) -> None:
        """Held keys; sent without waiting for the answer."""
        if self.holder == window:
            _spawn(self._quietly(twist))

    async def command(self, window: str, name: str, fields: Mapping[str, JsonValue]) -> BaseModel:
        """Raises OnlyLooking for windows that do not drive, BadCommand for what is no command
        of a window, StationError as the station says."""
        command = command_from(name, fields)
        kind = COMMANDS[name]
        if not kind.from_window:
            raise BadCommand(f"A window may not ask for {name!r}.")
        if kind.needs_lease:
            self.require(window)
        self.stops += isinstance(command, commands.StopRobot)
        return await self.link.send(command)

    def require(self, window: str) -> None:
        """Raises OnlyLooking unless this window drives."""
        if self.holder != window:
            raise OnlyLooking(driven=self.holder is not None)

    async def _quietly(self, command: commands.Command) -> None:
        with contextlib.suppress(StationError):
            await self.link.send(command)

    def _hold(self, window: str | None) -> None:
        if self.holder != window:
            self.holder = window
            self.changed()


_running: set[asyncio.Task[None]] = set()


def _spawn(work: Coroutine[None, None, None]) -> None:
    # The loop keeps weak references only: without this set a task could vanish half way.
    task = asyncio.get_running_loop().create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)
