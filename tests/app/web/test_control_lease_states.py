"""However windows come, go and take over, and whatever the station does meanwhile: the window that
is said to drive is the only one whose commands reach the station."""

import asyncio
import time
from pathlib import Path
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from teachloop.app.web.control_lease import ControlLease
from teachloop.app.web.errors import OnlyLooking
from teachloop.app.web.station_proxy import StationProxy
from teachloop.recorder.station import commands
from teachloop.recorder.station.command_table import BadCommand, kind_of
from teachloop.recorder.station.commands import Command
from teachloop.recorder.station.endpoint import StationAway, StationError
from teachloop.recorder.station.lease import Lease, LeaseRefused

WINDOWS = ("window 1", "window 2", "window 3")
Reply = TypeVar("Reply")


class LeaseOfAStation(StationProxy):
    """The lease of a station, and what reached it."""

    def __init__(self) -> None:
        super().__init__(Path("nowhere"))
        self.lease = Lease()
        self.token: str | None = None
        self.away = False
        self.heard: list[Command] = []

    async def send(self, command: Command[Reply]) -> Reply:
        await asyncio.sleep(0)
        if self.away:
            raise StationAway("The station is not running yet.")
        try:
            answer = self._answer(command)
        except LeaseRefused as error:
            raise StationError(str(error)) from None
        self.heard.append(command)
        return kind_of(command).reply.validate_python(answer.model_dump())

    def _answer(self, command: Command) -> commands.Acquired | commands.Nothing:
        now_ns = time.monotonic_ns()
        if isinstance(command, commands.Acquire):
            self.token = self.lease.acquire(
                command.client, now_ns, take_over=command.take_over, token=self.token
            )
            return commands.Acquired(lease=self.token)
        if kind_of(command).needs_lease:
            self.lease.check(self.token, now_ns)
        if isinstance(command, commands.Release):
            self.lease.release()
            self.token = None
        return commands.Nothing()


class Windows(RuleBasedStateMachine):
    """Three windows, a program beside them, and a station that may go away."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.told: list[str | None] = []
        self.station = LeaseOfAStation()
        self.control = ControlLease(self.station, lambda: self.told.append(self.control.holder))

    def teardown(self) -> None:
        self.settle()
        self.loop.close()

    def settle(self) -> None:
        """Let what was begun come to its end."""
        self.loop.run_until_complete(asyncio.sleep(0))
        while pending := asyncio.all_tasks(self.loop):
            self.loop.run_until_complete(asyncio.wait(pending))

    @rule(window=st.sampled_from(WINDOWS), take_over=st.booleans())
    def take(self, window: str, take_over: bool) -> None:
        before, held = self.control.holder, self.holds()
        try:
            self.loop.run_until_complete(self.control.take(window, take_over=take_over))
        except OnlyLooking:
            assert before not in (None, window)
            assert not take_over
        except StationError:
            assert self.station.away or (not take_over and not held)
        else:
            assert self.control.holder == window
            return
        assert self.control.holder == before

    @rule(window=st.sampled_from(WINDOWS))
    def close(self, window: str) -> None:
        before, held = self.control.holder, self.holds()
        self.loop.run_until_complete(self.control.leave(window))
        assert self.control.holder == (None if window == before else before)
        if window == before and held:
            assert self.station.token is None

    @rule(window=st.sampled_from(WINDOWS), name=st.sampled_from(["start", "home", "status", "fly"]))
    def command(self, window: str, name: str) -> None:
        heard = len(self.station.heard)
        try:
            self.loop.run_until_complete(self.control.command(window, name, {}))
        except OnlyLooking as error:
            said, driven = str(error), self.control.holder is not None
            assert window != self.control.holder
            assert ("Another window is driving" in said) == driven
        except BadCommand:
            assert name == "fly"
        except StationError:
            pass
        except ValueError:  # this station has no status, nor a take to start
            pass
        if window != self.control.holder and name != "status":
            assert len(self.station.heard) == heard

    @rule(window=st.sampled_from(WINDOWS))
    def beat(self, window: str) -> None:
        """A lease that fell is noticed at the next beat of who held it."""
        holder, held = self.control.holder, self.holds()
        self._spawning(lambda: self.control.beat(window))
        fell = window == holder and not held
        assert self.control.holder == (None if fell else holder)

    @rule(window=st.sampled_from(WINDOWS))
    def hold_a_key(self, window: str) -> None:
        heard = len(self.station.heard)
        twist = commands.Twist(linear=[0.1, 0, 0], angular=[0, 0, 0])
        self._spawning(lambda: self.control.twist(window, twist))
        reaches = window == self.control.holder and self.holds()
        assert (len(self.station.heard) > heard) == reaches

    def _spawning(self, do: object) -> None:
        async def call() -> None:
            do()  # type: ignore[operator]

        self.loop.run_until_complete(call())
        self.settle()

    def holds(self) -> bool:
        """Whether the station takes the commands of the web process."""
        lease = self.station.lease
        return not self.station.away and lease.client is not None and self._token_fits()

    def _token_fits(self) -> bool:
        try:
            self.station.lease.check(self.station.token, time.monotonic_ns())
        except LeaseRefused:
            return False
        return True

    @rule()
    def a_program_takes_over(self) -> None:
        self.station.lease.acquire("program", time.monotonic_ns(), take_over=True)

    @rule()
    def the_station_lets_go(self) -> None:
        self.station.lease.release()

    @precondition(lambda self: not self.station.away)
    @rule()
    def the_station_goes(self) -> None:
        self.station.away = True

    @precondition(lambda self: self.station.away)
    @rule()
    def a_new_station_comes(self) -> None:
        self.station.away, self.station.lease, self.station.token = False, Lease(), None

    @invariant()
    def every_change_is_told_and_nothing_else(self) -> None:
        assert (self.told[-1] if self.told else None) == self.control.holder
        assert all(one != other for one, other in zip([None, *self.told], self.told, strict=False))


TestWindows = Windows.TestCase
TestWindows.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, database=None
)


def test_a_window_that_closes_while_it_asks_leaves_the_controls_free() -> None:
    station = LeaseOfAStation()
    control = ControlLease(station)

    async def reload() -> None:
        asked = asyncio.create_task(control.take("window 1", take_over=False))
        await asyncio.sleep(0)  # it is on its way
        await control.leave("window 1")
        await asked
        assert control.holder is None
        assert station.lease.client is None
        await control.take("window 2", take_over=False)

    asyncio.run(reload())
    assert control.holder == "window 2"


def test_one_that_closed_takes_nothing_from_who_drives_by_now() -> None:
    station = LeaseOfAStation()
    control = ControlLease(station)

    async def meanwhile() -> None:
        first = asyncio.create_task(control.take("window 1", take_over=False))
        other = asyncio.create_task(control.take("window 2", take_over=True))
        await asyncio.sleep(0)
        await control.leave("window 1")
        await asyncio.gather(first, other, return_exceptions=True)

    asyncio.run(meanwhile())
    assert control.holder == "window 2"
    assert station.lease.client == "window 2"
