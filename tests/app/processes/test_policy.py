"""The process that follows a policy, and the one of this machine that thinks."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import psutil
import pytest
from pydantic import BaseModel
from served_policy import TINY

from teachloop.app.processes.policy import SERVER, Instructions, read_lines
from teachloop.app.web.control_lease import ControlLease
from teachloop.app.web.policy_runner import PolicyFailed, PolicyRunner, Ride
from teachloop.app.web.schemas.to_window import Attention, PolicyState
from teachloop.app.web.station_proxy import StationProxy
from teachloop.datasets.embodiment import Embodiment
from teachloop.datasets.steps import Action, Observation
from teachloop.datasets.tool import Tool
from teachloop.recorder.station.endpoint import read_endpoint
from teachloop.recorder.station.session import Phase
from teachloop.recorder.station.status import Status
from teachloop.training.adapters.card import AdapterCard, write_card
from teachloop.training.adapters.registry import NoSuchAdapter, list_adapters, new_adapter
from teachloop.training.grounded.base import save_base
from teachloop.training.grounded.config import Vocabulary
from teachloop.training.grounded.policy import GroundedPolicy
from teachloop.training.policies.chunk_agent import ChunkAgent


class Named(ChunkAgent):
    """An agent that knows what it was told, and whether anybody will ask it again."""

    def __init__(self, instruction: str) -> None:
        super().__init__(execute=1)
        self.instruction, self.closed = instruction, False

    def close(self) -> None:
        self.closed = True

    def chunk(self, observation: Observation) -> list[Action]:
        raise AssertionError("nobody asked it to act")


def test_the_newest_instruction_is_followed_by_the_policy_that_is_loaded(
    capsys: pytest.CaptureFixture[str],
) -> None:
    made: list[Named] = []

    def agent_for(instruction: str) -> Named:
        made.append(Named(instruction))
        return made[-1]

    lines = [json.dumps(text) + "\n" for text in ("push it", "把它推开")]
    ended = threading.Event()
    instructions = Instructions(read_lines(lines, ended.set), agent_for)
    deadline = time.monotonic() + 10
    while instructions.agent is not (made[1] if len(made) > 1 else None):
        assert time.monotonic() < deadline
    assert [agent.instruction for agent in made] == ["push it", "把它推开"]
    assert [agent.closed for agent in made] == [True, False]
    assert capsys.readouterr().out.count("ready") == 2, "each is answered"
    assert ended.wait(10)


def test_an_adapter_that_was_deleted_does_not_run_again_however_long_its_process_lives(
    tmp_path: Path,
) -> None:
    control = ControlLease(StationProxy(tmp_path))
    control.holder = "tests"
    runner = PolicyRunner(tmp_path, control, lambda message: None)
    with pytest.raises(NoSuchAdapter, match="gone"):
        asyncio.run(runner.roll_out("tests", Ride("gone", "", "pick it up")))


def mounted(tmp_path: Path, embodiment: Embodiment) -> PolicyRunner:
    """Who would let policies drive a station at rest that has this at its arm."""
    link = StationProxy(tmp_path)
    link.status = cast(Status, SimpleNamespace(phase=Phase.IDLE, embodiment=embodiment))
    control = ControlLease(link)
    control.holder = "tests"
    return PolicyRunner(tmp_path, control, lambda message: None)


@pytest.mark.parametrize(
    ("embodiment", "words"),
    [
        (Embodiment(gripper=None), "'push it' learned with a gripper, and there is none. Mount"),
        (
            Embodiment(tool=Tool(position_m=(0.0, 0.0, 0.2))),
            "'push it' learned with a tool whose centre point is 97 mm and 45° from",
        ),
    ],
)
def test_an_adapter_of_another_tool_or_gripper_drives_nothing(
    tmp_path: Path, embodiment: Embodiment, words: str
) -> None:
    with new_adapter(tmp_path) as folder:
        card = AdapterCard(name="push it", base="b", base_sha256="", takes=(), statistics={})
        write_card(folder, card)
    (adapter,) = list_adapters(tmp_path)
    with pytest.raises(PolicyFailed, match=words):
        asyncio.run(mounted(tmp_path, embodiment).roll_out("tests", Ride(adapter.id, "", "push")))


PHASES_S = 60.0
KILLED = PolicyState(
    state="failed",
    message="The policy's process was killed, by somebody or because the memory ran out; "
    "see station/policy.txt.",
)


class Rollout:
    """A station and a policy runner of its own, as the web process has them."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.told: list[BaseModel] = []
        self.link = StationProxy(data)
        self.control = ControlLease(self.link)
        self.runner = PolicyRunner(data, self.control, self.told.append)

    async def __aenter__(self) -> "Rollout":
        self._following = asyncio.create_task(self.link.run())
        await self.until(lambda: self.link.status is not None and self.status.ready)
        await self.control.take("tests", take_over=True)
        self._beating = asyncio.create_task(self._beat())
        await self.rest()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.runner.close()
        for task in (self._beating, self._following):
            task.cancel()
        await asyncio.gather(self._beating, self._following, return_exceptions=True)

    async def rest(self) -> None:
        """Leave nothing of a take."""
        if self.status.phase == "recording":
            await self.control.command("tests", "stop_robot", {})
            await self.until(lambda: self.status.phase == "review")
        if self.status.phase == "review":
            await self.control.command("tests", "discard", {})
            await self.until(lambda: self.status.phase == "idle")

    async def _beat(self) -> None:
        while True:
            if self.control.holder is None:  # a busy machine let it fall
                await self.control.take("tests", take_over=True)
            self.control.beat("tests")
            await asyncio.sleep(0.1)

    async def until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PHASES_S
        while not true():
            assert time.monotonic() < deadline, self.told
            await asyncio.sleep(0.02)

    @property
    def attention(self) -> list[Attention]:
        return [message for message in self.told if isinstance(message, Attention)]

    @property
    def status(self) -> Status:
        assert self.link.status is not None
        return self.link.status

    @property
    def server(self) -> psutil.Process:
        """The process that thinks."""
        mine = psutil.Process().children(recursive=True)
        return next(each for each in mine if SERVER in each.cmdline())


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data folder of a station with test pictures, 640×480 from two cameras."""
    data = tmp_path_factory.mktemp("station") / "data"
    command = [sys.executable, "-m", "teachloop.app.processes.station", "--data", str(data)]
    process = subprocess.Popen([*command, "--source", "synthetic"], start_new_session=True)
    yield data
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("base")
    save_base(
        GroundedPolicy(TINY.model_copy(update={"vocabulary": Vocabulary(names=("red cube",))})),
        folder,
    )
    return str(folder)


@pytest.mark.real_time
def test_a_policy_of_this_machine_drives_through_its_server_and_leaves_nothing(
    station: Path, base: str
) -> None:
    async def scenario() -> None:
        async with Rollout(station) as rollout:
            await rollout.runner.roll_out("tests", Ride("", base, "pick up the crimson cube"))
            await rollout.until(lambda: len(rollout.attention) >= 3)
            assert sorted(rollout.attention[-1].maps) == ["front", "wrist"]
            assert rollout.attention[-1].exchanged == "crimson as red"
            await rollout.until(lambda: rollout.status.decided_by == "policy")
            server = rollout.server
            await rollout.control.command("tests", "stop_robot", {})
        await asyncio.to_thread(server.wait, 10)
        folder = read_endpoint(station).folder
        assert not list(folder.glob("policy-*")), "its socket goes with it"

    asyncio.run(scenario())


@pytest.mark.real_time
def test_the_death_of_the_process_that_thinks_is_said_at_once(station: Path, base: str) -> None:
    async def scenario() -> None:
        async with Rollout(station) as rollout:
            await rollout.runner.roll_out("tests", Ride("", base, "pick up the red cube"))
            await rollout.until(lambda: bool(rollout.attention))
            killed = time.monotonic()
            rollout.server.kill()
            await rollout.until(lambda: isinstance(rollout.told[-1], PolicyState))
            assert time.monotonic() - killed < 5
            failed = rollout.told[-1]
            assert isinstance(failed, PolicyState)
            assert failed.state == "failed"
            assert "was killed" in failed.message or "is gone" in failed.message
            await rollout.control.command("tests", "stop_robot", {})

    asyncio.run(scenario())


@pytest.mark.real_time
def test_a_policy_that_dies_between_two_takes_is_said_and_loaded_anew(
    station: Path, base: str
) -> None:
    async def scenario() -> None:
        ride = Ride("", base, "pick up the red cube")
        async with Rollout(station) as rollout:
            await rollout.runner.roll_out("tests", ride)
            await rollout.until(lambda: bool(rollout.attention))
            await rollout.rest()
            rollout.server.kill()
            await rollout.until(lambda: rollout.told[-1] == KILLED)
            rollout.told.clear()
            await rollout.runner.roll_out("tests", ride)
            await rollout.until(lambda: bool(rollout.attention))
            assert PolicyState(state="loading") in rollout.told, "anew"
            await rollout.control.command("tests", "stop_robot", {})

    asyncio.run(scenario())


def test_a_policy_that_cannot_be_loaded_says_why(station: Path) -> None:
    async def scenario() -> None:
        async with Rollout(station) as rollout:
            with pytest.raises(PolicyFailed, match="No base 'no-such-base'"):
                await rollout.runner.roll_out("tests", Ride("", "no-such-base", "pick it up"))

    asyncio.run(scenario())
