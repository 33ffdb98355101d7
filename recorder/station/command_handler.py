"""What each command does. Everything here is quick; what waits for a disk answers later."""

import secrets
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np
from pydantic import BaseModel

from ...runtime.errors import TeachloopError
from ...runtime.ipc.handlers import Handlers
from ...runtime.ipc.messages import Failed
from ..devices.desk import DeskLine, NoDesk
from ..devices.desk_messages import DeskDone, ParkRobot, PrepareRobot
from ..devices.interfaces import DeviceSilent, Twist
from ..devices.messages import Description
from ..devices.messages import Reset as ResetScene
from ..writer.messages import Ending
from . import commands as ask
from .command_table import kind_of
from .lease import LeaseRefused
from .loop import SILENT_S
from .messages import parse
from .server import Answer
from .session import Phase, WrongPhase
from .station import AttachedPolicy, Station
from .status import Status, Task

C = TypeVar("C", bound=ask.Command)


class NothingSeen(TeachloopError):
    """A camera that is asked for a frame has none."""

    def __init__(self, camera: str) -> None:
        super().__init__(f"Nothing came of a camera {camera!r} yet. Save and start the station.")


class CommandHandler:
    """The commands of a station, in one table. A handler answers at once, or later."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._table: Handlers[[Answer], None] = Handlers()
        self._add_controls()
        self._add_agents()
        self._add_session()

    def handle(self, message: object, answer: Answer) -> None:
        """Check and do; raises TeachloopError in words for whoever asked."""
        request = parse(message)
        if kind_of(request.command).needs_lease:
            self._station.lease.check(request.lease, time.monotonic_ns())
        if isinstance(request.command, ask.Acquire):
            answer(self._acquire(request.command, request.lease))
        else:
            self._table(request.command, answer)

    def _add_controls(self) -> None:
        station = self._station
        self._now(ask.GetStatus, self._status)
        self._now(ask.GetCalibrations, self._calibrations)
        self._now(ask.LookThrough, self._look)
        self._now(ask.Heartbeat, lambda _beat: ask.Nothing())
        self._now(ask.Release, self._release)
        self._now(ask.Acknowledge, _done(station.acknowledge))
        self._now(ask.RestartDevice, _done(station.restart_device))
        self._now(ask.RestartWriter, _done(station.restart_writer))
        self._table.on(ask.StopRobot, self._stop_robot)
        self._table.on(ask.PrepareRobot, self._prepare)
        self._table.on(ask.ParkRobot, self._park)

    def _add_agents(self) -> None:
        self._now(ask.Twist, self._twist)
        self._now(ask.SelectAgent, self._select_agent)
        self._now(ask.AttachPolicy, self._attach_policy)
        self._now(ask.DetachPolicy, self._detach_policy)
        self._now(ask.Chunk, self._chunk)
        self._now(ask.Home, self._home)
        self._now(ask.Practice, self._practice)
        self._now(ask.SetTask, self._set_task)
        self._table.on(ask.Reset, self._reset)
        self._table.on(ask.Replay, self._replay)

    def _add_session(self) -> None:
        recording = self._station.recording
        self._table.on(ask.Start, self._start)
        self._table.on(ask.Stop, lambda _stop, answer: self._station.stop("stop", answer=answer))
        self._table.on(ask.Recall, lambda _recall, answer: self._station.recall(answer))
        self._now(ask.BeginNow, self._begin_now)
        self._table.on(ask.Keep, self._keep)
        self._table.on(ask.Discard, self._discard)
        self._table.on(ask.Undo, lambda asked, answer: recording.undo(asked.take, answer))
        self._table.on(ask.Restore, lambda asked, answer: recording.restore(asked.take, answer))
        self._table.on(ask.MarkSuccess, self._mark_success)

    def _now(self, kind: type[C], do: Callable[[C], BaseModel]) -> None:
        self._table.on(kind, lambda command, answer: answer(do(command)))

    def _acquire(self, asked: ask.Acquire, token: str | None) -> ask.Acquired:
        lease, now_ns = self._station.lease, time.monotonic_ns()
        before = lease.client
        again = before == asked.client and lease.held_by(token)
        given = lease.acquire(asked.client, now_ns, take_over=asked.take_over, token=token)
        if before is not None and not again:
            self._station.agents.let_go()
            self._station.happened("takeover", f"{asked.client} took over from {before}")
        return ask.Acquired(lease=given)

    def _status(self, _asked: ask.GetStatus) -> Status:
        return self._station.status(time.monotonic_ns())

    def _calibrations(self, _asked: ask.GetCalibrations) -> ask.Calibrations:
        return ask.Calibrations(cameras=dict(self._station.devices.cameras))

    def _look(self, asked: ask.LookThrough) -> ask.Look:
        station = self._station
        seen, reading = station.devices.frames().get(asked.camera), station.loop.reading
        known = station.devices.cameras.get(asked.camera)
        if seen is None or known is None:
            raise NothingSeen(asked.camera)
        if reading is None or time.monotonic_ns() - reading.time_ns > SILENT_S * 1e9:
            raise DeviceSilent("The robot says nothing of where its hand is.")
        time_ns, frame = seen
        hand = reading.ee_pose.ravel().tolist()
        return ask.Look(frame=frame, time_ns=time_ns, hand=hand, calibration=known)

    def _release(self, _asked: ask.Release) -> ask.Nothing:
        self._station.let_go("released", "The controls were given back.")
        return ask.Nothing()

    def _stop_robot(self, _asked: ask.StopRobot, answer: Answer) -> None:
        self._station.hold()
        if self._station.running:
            self._station.stop("stop_robot", answer=answer)
        else:
            answer(ask.TakeAnswer(take=None))

    def _prepare(self, _asked: ask.PrepareRobot, answer: Answer) -> None:
        def done(said: DeskDone | Failed) -> None:
            if isinstance(said, DeskDone) and self._station.faults.has("device"):
                self._station.restart_device()
            answer(_desk_answer(said))

        self._desk().ask(PrepareRobot(), done)

    def _park(self, _asked: ask.ParkRobot, answer: Answer) -> None:
        self._desk().ask(ParkRobot(), lambda said: answer(_desk_answer(said)))

    def _desk(self) -> DeskLine:
        """While nothing moves. Raises NoDesk, WrongPhase."""
        if self._station.desk is None:
            raise NoDesk
        if self._station.armed:
            raise WrongPhase("The arm moves, or is about to. Stop first.")
        return self._station.desk

    def _twist(self, held: ask.Twist) -> ask.Nothing:
        linear, angular = held.linear, held.angular
        twist = Twist(
            (linear[0], linear[1], linear[2]),
            (angular[0], angular[1], angular[2]),
            held.gripper,
            time.monotonic_ns(),
            held.frame,
        )
        self._station.agents.press(twist)
        return ask.Nothing()

    def _select_agent(self, asked: ask.SelectAgent) -> ask.Nothing:
        self._station.agents.select(asked.name)
        self._station.happened("agent", asked.name)
        return ask.Nothing()

    def _attach_policy(self, asked: ask.AttachPolicy) -> ask.Attached:
        self._station.policy = AttachedPolicy(asked.name, secrets.token_hex(8))
        self._station.agents.mailbox.reset()
        return ask.Attached(policy=self._station.policy.token)

    def _detach_policy(self, _asked: ask.DetachPolicy) -> ask.Nothing:
        self._station.policy = None
        self._station.agents.mailbox.reset()
        return ask.Nothing()

    def _chunk(self, chunk: ask.Chunk) -> ask.ChunkTaken:
        policy = self._station.policy
        if policy is None or chunk.policy != policy.token:
            raise LeaseRefused("This policy is not attached (any more). Attach it first.")
        self._expect_grippers(chunk)
        poses = list(np.reshape(chunk.poses, (-1, 4, 4)))
        taken = self._station.agents.mailbox.put(chunk.time_ns, poses, chunk.grippers)
        return ask.ChunkTaken(taken=taken)

    def _expect_grippers(self, chunk: ask.Chunk) -> None:
        if (chunk.grippers is None) != (self._station.devices.gripper is None):
            has = "no gripper" if chunk.grippers is not None else "a gripper"
            raise WrongPhase(f"The station has {has}, and the policy acts otherwise.")
        if chunk.grippers is not None and len(chunk.poses) != len(chunk.grippers):
            raise WrongPhase("A chunk has as many grippers as poses.")

    def _set_task(self, asked: ask.SetTask) -> Task:
        given = asked.model_dump(exclude_none=True)
        self._station.task = self._station.task.model_copy(update=given)
        return self._station.task

    def _reset(self, asked: ask.Reset, answer: Answer) -> None:
        self._expect_rest("reset")

        def then(devices: Description | Failed) -> None:
            answer(_scene_set(devices))

        self._station.reset(ResetScene(**asked.model_dump()), then)

    def _home(self, _asked: ask.Home) -> ask.Nothing:
        self._expect_rest("go home")
        self._station.agents.go_home()
        return ask.Nothing()

    def _replay(self, asked: ask.Replay, answer: Answer) -> None:
        self._station.expect_ready()
        self._station.recording.session.expect_idle()
        self._station.replaying.begin(asked.take, answer)

    def _expect_rest(self, what: str) -> None:
        self._station.expect_ready()
        phase = self._station.recording.session.phase
        if phase in (Phase.RECORDING, Phase.COUNTDOWN):
            raise WrongPhase(f"Cannot {what}: the session is {phase.value}. Stop first.")

    def _practice(self, asked: ask.Practice) -> ask.Nothing:
        self._station.expect_ready()
        session = self._station.recording.session
        session.expect_idle()
        self._station.replaying.cancel()
        if asked.agent is not None:
            self._select_agent(ask.SelectAgent(name=asked.agent))
        session.practise()
        self._station.take_turn()
        return ask.Nothing()

    def _start(self, asked: ask.Start, answer: Answer) -> None:
        self._station.expect_ready()
        self._station.recording.session.expect_startable()
        self._station.replaying.cancel()
        if asked.agent is not None:
            self._select_agent(ask.SelectAgent(name=asked.agent))
        if asked.task is not None:
            self._set_task(asked.task)
        self._station.recording.start(
            time.monotonic_ns(),
            answer,
            countdown_s=asked.countdown_s,
            until_done=asked.until_done,
        )

    def _begin_now(self, _asked: ask.BeginNow) -> ask.Nothing:
        self._station.recording.session.begin_now(time.monotonic_ns())
        return ask.Nothing()

    def _keep(self, asked: ask.Keep, answer: Answer) -> None:
        station = self._station
        station.recording.keep(asked.success, station.next_take.after(answer, asked.next))
        self._begin_next(asked.next)

    def _discard(self, asked: ask.Discard, answer: Answer) -> None:
        station = self._station
        station.recording.discard(station.next_take.after(answer, asked.next))
        self._begin_next(asked.next)

    def _begin_next(self, asked: ask.NextTake | None) -> None:
        if asked is not None:
            self._station.next_take.begin(asked)

    def _mark_success(self, asked: ask.MarkSuccess, answer: Answer) -> None:
        ending = Ending(success=asked.value, partly=asked.partly)
        self._station.recording.mark(time.monotonic_ns(), ending, asked.take, answer)


def _desk_answer(said: DeskDone | Failed) -> ask.Done | Failed:
    return said if isinstance(said, Failed) else ask.Done(text=said.text)


def _done(do: Callable[[], None]) -> Callable[[ask.Command], ask.Nothing]:
    def then(_command: ask.Command) -> ask.Nothing:
        do()
        return ask.Nothing()

    return then


def _scene_set(devices: Description | Failed) -> ask.SceneSet | Failed:
    if isinstance(devices, Failed):
        return devices
    if devices.scene is None:
        return Failed(error="These devices have no scene to set up. Use `home`.")
    return ask.SceneSet(scene=devices.scene.summary)
