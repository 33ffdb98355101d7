"""Starts a policy's process, passes on what it says, and lets it drive a take."""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel

from ...recorder.station import commands
from ...recorder.station.endpoint import StationError
from ...runtime.errors import TeachloopError
from ...runtime.ids import checked_id
from .control_lease import ControlLease
from .errors import OnlyLooking
from .schemas.to_window import Attention, PolicyState

LOAD_LIMIT_S = 600.0  # seven billion parameters from a slow disk; one that fails says so
LINE_LIMIT = 1 << 20
Tell = Callable[[BaseModel], None]
Choice = tuple[str, str]  # adapter, base


class PolicyFailed(TeachloopError):
    """The policy could not be loaded, or ended."""


class PolicyRunner:
    """At most one policy at a time. Its process is kept for the next run of the same choice,
    whatever the instruction."""

    def __init__(self, data: Path, control: ControlLease, tell: Tell) -> None:
        self.data = data
        self.control = control
        self.tell = tell
        self._process: Process | None = None
        self._choice: Choice | None = None
        self._instruction = ""
        self._outcome: asyncio.Future[str] | None = None  # "" once it is ready, or what failed
        self._reader: asyncio.Task[None] | None = None

    async def roll_out(self, window: str, adapter: str, base: str, instruction: str) -> None:
        """Load the policy unless it is there, then record a take that it drives.

        Raises OnlyLooking, PolicyFailed, StationError.
        """
        if self.control.holder != window:
            raise OnlyLooking
        choice = (checked_id(adapter) if adapter else "", base)
        if choice != self._choice or not self._lives:
            await self._load(choice, instruction)
        elif instruction != self._instruction:
            await self._instruct(instruction)
        task = commands.SetTask(task="rollout", instruction=instruction)
        await self.control.link.send(task)
        await self.control.link.send(commands.SelectAgent(name="policy"))
        await self.control.link.send(commands.Start(until_done=True))

    @property
    def _lives(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def _load(self, choice: Choice, instruction: str) -> None:
        await self.close()
        self.tell(PolicyState(state="loading"))
        await self._start(choice)
        await self._instruct(instruction)
        self._choice = choice
        self.tell(PolicyState(state="ready"))

    async def _instruct(self, instruction: str) -> None:
        """Say what is to be done, and wait until it is understood. Raises PolicyFailed."""
        self._outcome = asyncio.get_running_loop().create_future()
        try:
            self._say(instruction)
            failure = await asyncio.wait_for(asyncio.shield(self._outcome), LOAD_LIMIT_S)
        except (TimeoutError, asyncio.TimeoutError):
            failure = f"The policy was not ready after {LOAD_LIMIT_S:g} s."
        if failure:
            await self.close()
            self.tell(PolicyState(state="away"))
            raise PolicyFailed(failure)
        self._instruction = instruction

    def _say(self, instruction: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(instruction).encode() + b"\n")

    async def _start(self, choice: Choice) -> None:
        adapter, base = choice
        attach = commands.AttachPolicy(name=adapter or base)
        attached = await self.control.link.send(attach)
        command = ["-m", "teachloop.app.processes.policy", "--data", str(self.data)]
        command += ["--adapter", adapter]
        command += ["--base", base] if base else []
        with (self.data / "station" / "policy.txt").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=log,
                limit=LINE_LIMIT,
                env={**os.environ, "TEACHLOOP_POLICY_TOKEN": attached.policy},
            )
        self._reader = asyncio.create_task(self._read(self._process))

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None
        failure = "The policy's process ended; station/policy.txt says why."
        async for line in process.stdout:
            message = json.loads(line)
            if "maps" in message:
                self.tell(Attention(**message))
            elif message["state"] == "failed":
                failure = message["message"]
            else:
                self._came_to("")
        await process.wait()
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
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
        if self._reader is not None:
            await asyncio.gather(self._reader, return_exceptions=True)
            self._reader = None
        with contextlib.suppress(StationError):
            await self.control.link.send(commands.DetachPolicy())
