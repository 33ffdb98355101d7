"""A take that is gone through again: its scene, the slow way to its beginning, then its way while
another take is recorded."""

import time
from collections.abc import Callable
from typing import Protocol

from ...datasets.embodiment import Embodiment
from ...datasets.paths import TaughtPath
from ...geometry.arm_motion import lengths
from ...geometry.poses import pose_delta
from ...runtime.errors import TeachloopError
from ...runtime.ipc.messages import Failed
from ..agents.homing import HomeAgent
from ..agents.replaying import ReplayAgent, approach, expect_like, expect_within
from ..agents.selector import AgentSelector
from ..devices.limited_robot import LimitedRobot
from ..devices.limits import Limits
from ..devices.messages import Description, Reset
from ..devices.station_devices import StationDevices
from ..writer.messages import ReadPath, Taught
from .commands import ReplayBegun, Started
from .recording_controller import RecordingController, WriterLine
from .session import Phase
from .status import Task

AnswerReplay = Callable[[ReplayBegun | Failed], None]
STOPPED = Failed(error="The replay was stopped before it began.")


class ReplayingStation(Protocol):
    """What a replay needs of its station."""

    agents: AgentSelector
    devices: StationDevices
    recording: RecordingController
    robot: LimitedRobot
    task: Task
    writer: WriterLine

    @property
    def limits(self) -> Limits: ...

    @property
    def embodiment(self) -> Embodiment: ...

    @property
    def period_s(self) -> float: ...

    def reset(self, scene: Reset, answer: Callable[[Description | Failed], None]) -> None: ...

    def happened(self, kind: str, text: str) -> None: ...


class Replaying:
    """One replay at a time. ``take`` is the one that is gone through, as long as it is."""

    def __init__(self, station: ReplayingStation) -> None:
        self._station = station
        self.take: str | None = None
        self._path: TaughtPath | None = None
        self._approach: HomeAgent | None = None

    def begin(self, take: str, answer: AnswerReplay) -> None:
        """Answered once the arm sets out, with how far it is from the take's beginning."""
        self.cancel()
        self.take = take

        def read(taught: Taught | Failed) -> None:
            if isinstance(taught, Failed):
                self.cancel()
                answer(taught)
            elif self.take == take:
                self._set_up(taught, answer)
            else:
                answer(STOPPED)

        self._station.writer.ask(ReadPath(take=take), read)

    def cancel(self) -> None:
        """Go no farther."""
        agents = self._station.agents
        if self._approach is not None and agents.homing is self._approach:
            agents.homing = None
        self.take = self._path = self._approach = None
        agents.replaying = None

    def advance(self) -> None:
        """Once a tick: whether the arm is where the take begins, so that it may begin."""
        station, approach = self._station, self._approach
        if approach is None or station.agents.homing is approach:
            return
        arrived = approach.done and not approach.gave_up
        idle = station.recording.session.phase is Phase.IDLE
        if self._path is None or not (arrived and idle):
            self.cancel()
        else:
            self._record(self._path)

    def _record(self, path: TaughtPath) -> None:
        station, agents = self._station, self._station.agents
        self._approach = None
        agents.replaying = ReplayAgent(agents.last_target, path, station.limits, station.period_s)
        now_ns = time.monotonic_ns()
        station.recording.start(now_ns, self._begun, countdown_s=0.0, until_done=True)

    def _begun(self, started: Started | Failed) -> None:
        if isinstance(started, Failed):
            self.cancel()
            self._station.happened("warning", started.error)

    def _set_up(self, taught: Taught, answer: AnswerReplay) -> None:
        """A simulated scene as it was when the take began; a real one, a person sets up."""

        def done(description: Description | Failed | None) -> None:
            if isinstance(description, Failed):
                self.cancel()
                answer(description)
            elif self.take == taught.take:
                answer(self._set_out(taught))
            else:
                answer(STOPPED)

        try:
            expect_like(taught.embodiment, self._station.embodiment)
            expect_within(taught.path, self._station.limits)
            if taught.scene and self._station.devices.scene is not None:
                scene = Reset(seed=None, verb=None, split="", scene=taught.scene)
                self._station.reset(scene, done)
            else:
                done(None)
        except TeachloopError as error:
            done(Failed(error=str(error)))

    def _set_out(self, taught: Taught) -> ReplayBegun:
        station, path = self._station, taught.path
        now = station.devices.robot.read().ee_pose
        away = lengths(pose_delta(now, station.robot.kinematics.forward(path.joints_rad)))
        update = {"task": taught.task, "instruction": taught.instruction}
        station.task = station.task.model_copy(update=update)
        self._path = path
        self._approach = approach(station.agents.last_target, path, station.robot.kinematics)
        station.agents.homing = self._approach
        return ReplayBegun(away_m=float(away[0]), away_rad=float(away[1]))
