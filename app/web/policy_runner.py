"""Starts a policy's process, passes on what it says, and lets it drive a take."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel

from ...recorder.station import commands
from ...recorder.station.endpoint import StationError
from ...recorder.station.session import Session
from ...runtime.errors import TeachloopError
from ...runtime.ids import checked_id
from ...runtime.processes.child import Child
from ...training.adapters.card import AdapterCard
from ...training.adapters.registry import get_adapter
from ..processes.policy_start import LOG, start_follower
from .control_lease import ControlLease
from .schemas.to_window import Attention, PolicyState

LOAD_LIMIT_S = 600.0  # seven billion parameters from a slow disk; one that fails says so
GRACE_S = 5.0
Tell = Callable[[BaseModel], None]


@dataclass(frozen=True, slots=True)
class Ride:
    """Which policy is to drive, and what it is asked for."""

    adapter: str
    """Id; empty for the base alone."""
    base: str
    instruction: str
    shown_as: str = ""
    """What the station calls it; empty: its own name."""

    @property
    def policy(self) -> "Ride":
        """The same with nothing asked: what a process is kept for."""
        return replace(self, instruction="")


class PolicyFailed(TeachloopError):
    """The policy could not be loaded, or ended."""


class PolicyRunner:
    """At most one policy at a time. Its process is kept for the next run of the same choice,
    whatever the instruction."""

    def __init__(self, data: Path, control: ControlLease, tell: Tell) -> None:
        self.data = data
        self.control = control
        self.tell = tell
        self._process: Child | None = None
        self._choice: Ride | None = None
        self._instruction = ""
        self._outcome: asyncio.Future[str] | None = None  # "" once it is ready, or what failed
        self._reader: asyncio.Task[None] | None = None

    async def roll_out(self, window: str, ride: Ride) -> str:
        """Load the policy unless it is there, then record a take that it drives; the take's id.

        Raises OnlyLooking, WrongPhase, NoSuchAdapter, PolicyFailed, StationError.
        """
        self.control.require(window)
        self._expect_startable()
        if ride.adapter:  # its process may outlive it
            found = await asyncio.to_thread(get_adapter, self.data, checked_id(ride.adapter))
            self._expect_like(found.card)
        stops, process = self.control.stops, self._process
        if process is None or not process.running or ride.policy != self._choice:
            await self._load(ride)
        elif ride.instruction != self._instruction:
            await self._instruct(process, ride.instruction)
        self._expect_wanted(window, stops)
        task = commands.SetTask(task="rollout", instruction=ride.instruction)
        start = commands.Start(task=task, agent="policy", until_done=True)
        started = await self.control.link.send(start)
        assert started.take is not None, "a start without a countdown has no take"
        return started.take

    def _expect_startable(self) -> None:
        """Before a policy is loaded for nothing. Raises WrongPhase."""
        status = self.control.link.status
        if status is not None:
            Session(phase=status.phase).expect_startable()

    def _expect_like(self, card: AdapterCard) -> None:
        """Its numbers have to be those of the robot that is there. Raises PolicyFailed."""
        status = self.control.link.status
        unlike = card.embodiment.unlike(status.embodiment) if status is not None else ""
        if unlike:
            raise PolicyFailed(
                f"{card.name!r} learned {unlike}. Mount what its takes had, and set that on "
                "Set-up, or train an adapter on takes with what is mounted."
            )

    def _expect_wanted(self, window: str, stops: int) -> None:
        """Nothing begins to move that was stopped, or given up, while it was prepared."""
        if self.control.stops != stops:
            raise PolicyFailed("It was stopped before it began. The policy is ready: run it again.")
        self.control.require(window)

    async def _load(self, ride: Ride) -> None:
        await self.close()
        self.tell(PolicyState(state="loading"))
        process = self._process = await self._start(ride)
        self._reader = asyncio.create_task(self._read(process))
        await self._instruct(process, ride.instruction)
        self._choice = ride.policy
        self.tell(PolicyState(state="ready"))

    async def _instruct(self, process: Child, instruction: str) -> None:
        """Say what is to be done, and wait until it is understood. Raises PolicyFailed."""
        self._outcome = asyncio.get_running_loop().create_future()
        try:
            process.say(json.dumps(instruction))
            failure = await asyncio.wait_for(asyncio.shield(self._outcome), LOAD_LIMIT_S)
        except (TimeoutError, asyncio.TimeoutError):
            failure = f"The policy was not ready after {LOAD_LIMIT_S:g} s."
        if failure:
            await self.close()
            self.tell(PolicyState(state="away"))
            raise PolicyFailed(failure)
        self._instruction = instruction

    async def _start(self, ride: Ride) -> Child:
        attach = commands.AttachPolicy(name=ride.shown_as or ride.adapter or ride.base)
        attached = await self.control.link.send(attach)
        return start_follower(self.data, ride.adapter, ride.base, attached.policy)

    async def _read(self, process: Child) -> None:
        failure = f"The policy's process ended; {LOG} says why."
        async for line in process.lines():
            message = json.loads(line)
            if "maps" in message:
                self.tell(Attention(**message))
            elif message["state"] == "failed":
                failure = message["message"]
            else:
                self._came_to("")
        await asyncio.to_thread(process.wait)
        self._came_to(failure)
        if self._choice is not None:  # it drove already
            self._choice = None
            self.tell(PolicyState(state="failed", message=failure))

    def _came_to(self, outcome: str) -> None:
        if self._outcome is not None and not self._outcome.done():
            self._outcome.set_result(outcome)

    async def close(self) -> None:
        """End the process; without its chunks the robot holds."""
        self._choice = None
        process, self._process = self._process, None
        if process is not None:
            await asyncio.to_thread(process.stop, GRACE_S)
        if self._reader is not None:
            await asyncio.gather(self._reader, return_exceptions=True)
            self._reader = None
        with contextlib.suppress(StationError):
            await self.control.link.send(commands.DetachPolicy())
