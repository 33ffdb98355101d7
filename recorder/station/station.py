"""The station: one robot, its cameras, and everything that looks after them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zmq

from ...datasets.embodiment import Embodiment
from ...runtime.disk_errors import in_words
from ...runtime.ipc.messages import Failed
from ..agents.selector import AgentSelector
from ..devices.interfaces import Agent
from ..devices.limited_robot import LimitedRobot
from ..devices.limits import Limits
from ..devices.messages import Acknowledged, Description, Reset
from ..devices.rings import Rings
from ..devices.scene import SceneSummary
from ..writer.messages import Disk, Recovered, TakeFacts
from .commands import TakeAnswer
from .config import StationConfig, Workers
from .faults import Faults, StationFault
from .health import Health
from .inputs import Inputs
from .lease import Lease
from .loop import ControlLoop
from .next_take import NextTakeStarter
from .published import EVENT, Event
from .recording_controller import AnswerTake, RecordingController
from .replaying import Replaying
from .server import Server
from .session import MOVING, Phase
from .status import Status, Task
from .status_report import status_of


def ignore(_answer: TakeAnswer | Failed) -> None:
    """For what nobody waits for."""


@dataclass(frozen=True, slots=True)
class AttachedPolicy:
    """A policy in another process whose chunks are taken."""

    name: str
    token: str  # that its chunks have to show


class Station:
    """Its parts, and what can be done with them. ``Ticking`` runs it, ``CommandHandler`` has its
    commands."""

    def __init__(self, config: StationConfig, context: zmq.Context, folder: Path) -> None:
        self.config = config
        self.server = Server(context, f"ipc://{folder}/command", f"ipc://{folder}/publish")
        workers = Workers(config, context, folder, Rings.create(config.settings.shapes))
        self.devices, self.writer = workers.devices(), workers.writer()
        self.desk = workers.desk()
        self.health = Health(config.rate_hz)
        self.recording = RecordingController(self.writer, self.health, self._facts)
        self.lease, self.faults = Lease(), Faults()
        period_s = 1.0 / config.rate_hz
        self.robot = LimitedRobot(
            self.devices.robot, config.settings.limits, period_s, config.settings.tool.pose
        )
        self.loop = ControlLoop(self.robot, self._agent_failed)
        inputs = config.settings.inputs
        self.agents = AgentSelector(
            inputs,
            lambda: self.robot.target,
            period_s,
            self._felt_nm,
            config.settings.push_nm,
            lambda: [each.camera for each in self.devices.cameras.values()],
        )
        self.inputs = Inputs(inputs, self.agents)
        self.replaying = Replaying(self)
        self.next_take = NextTakeStarter(self)
        self.task = Task()
        self._scene: SceneSummary | None = None  # that the task was taken from
        self.policy: AttachedPolicy | None = None
        self.disk: Disk | None = None
        self.tick_number = 0

    def __enter__(self) -> "Station":
        self.writer.start()
        self._start_device()
        if self.desk is not None:
            self.desk.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self.running:
            self.stop("shutdown")
        self.devices.stop()
        if self.desk is not None:
            self.desk.stop()
        self.writer.stop()
        self.server.close()

    def _felt_nm(self) -> float | None:
        """What somebody, or something, presses on a joint with, where it can be led away."""
        reading = self.loop.reading
        felt = None if reading is None else reading.external_torques_nm
        return float(np.abs(felt).max()) if felt is not None and self.agents.guided else None

    def _agent_failed(self, error: Exception) -> Agent:
        self._fault("agent", in_words(error, "The agent failed"), "acknowledge")
        return self.agents.hold

    def status(self, now_ns: int) -> Status:
        """Everything about the station, for pages."""
        return status_of(self, now_ns)

    def lost_device(self, reason: str) -> None:
        """A process that owns devices is gone."""
        self._fault("device", reason, "restart_device")

    def lost_writer(self, reason: str) -> None:
        """The writing process is gone, and nobody will answer what it was asked."""
        self.writer.fail(reason)
        self._fault("writer", reason, "restart_writer")
        self.recording.lost()

    def recovered(self, news: Recovered) -> None:
        """The writer looked after what an earlier one left."""
        for what in news.what:
            self.happened("recovered", what)
        if news.waiting:
            self._fault("writer", " ".join(news.waiting), "restart_writer")

    def robot_failed(self, text: str) -> None:
        """The robot says that it stopped."""
        self._fault("robot", text, "acknowledge")

    def moved_unasked(self, speed_m_s: float) -> None:
        """The arm moves though it should be at rest: it is stopped, and a person has to look."""
        self.robot.stop()
        self._fault(
            "robot",
            f"The arm moves at {100 * speed_m_s:.0f} cm/s though nobody asks it to. It was "
            "stopped. Look at what pushes it, then acknowledge.",
            "acknowledge",
        )

    def _fault(self, source: str, text: str, remedy: str) -> None:
        """Say what is wrong, and let nothing move on; what was recorded goes to review."""
        if self.faults.raise_(source, text, remedy):
            self._let_all_go()
            self._interrupt("fault", text)

    def happened(self, kind: str, text: str) -> None:
        """Tell everybody, and write it down where a take is recorded."""
        self.recording.event(time.monotonic_ns(), kind, text)
        self._tell(kind, text)

    def _interrupt(self, kind: str, text: str) -> None:
        """Tell everybody why what runs ends here; the take says so, too."""
        if self.running:
            self.stop(kind, text=text)
        self._tell(kind, text)

    def _tell(self, kind: str, text: str) -> None:
        self.server.publish(EVENT, Event(time_ns=time.monotonic_ns(), kind=kind, text=text))

    @property
    def limits(self) -> Limits:
        """That hold for every action."""
        return self.config.settings.limits

    @property
    def embodiment(self) -> Embodiment:
        """What is mounted at the arm."""
        settings = self.config.settings
        return Embodiment(arm=settings.limits.arm, tool=settings.tool, gripper=self.devices.gripper)

    @property
    def period_s(self) -> float:
        """Of the control loop."""
        return 1.0 / self.config.rate_hz

    @property
    def policy_name(self) -> str | None:
        """Of the policy that is attached."""
        return self.policy.name if self.policy else None

    @property
    def idle(self) -> bool:
        """Whether nobody asks anything of the robot, and it stands."""
        return not self.armed and self.robot.resting

    @property
    def armed(self) -> bool:
        """Whether the arm moves, or is about to; on its way home, too."""
        return self.running or self.agents.homing is not None

    @property
    def running(self) -> bool:
        """Whether the session moves the arm, or is about to."""
        return self.recording.session.phase in MOVING | {Phase.COUNTDOWN}

    @property
    def ready(self) -> bool:
        """Whether robot and cameras are there, and the writer has looked after the takes."""
        there = self.devices.described and self.loop.reading is not None
        seen = self.health.cameras == set(self.devices.rings.cameras)
        return there and seen and self.recording.ready and not self.devices.resetting

    def expect_ready(self) -> None:
        """Raise StationFault unless robot and disk are ready."""
        self.faults.expect_none()
        if not self.ready:
            raise StationFault("The station is still starting. Try again in a moment.")

    def take_turn(self) -> None:
        """The chosen agent starts afresh."""
        self.agents.homing = None
        self.agents.chosen.reset()

    def hold(self) -> None:
        """Everybody lets go, and the arm stays where it is."""
        self._let_all_go()
        self.robot.stop()

    def _let_all_go(self) -> None:
        self.agents.rest()
        self.replaying.cancel()

    def stop(self, reason: str, *, text: str = "", answer: AnswerTake = ignore) -> None:
        """End what runs; the arm holds."""
        now_ns = time.monotonic_ns()
        # A task that is not done yet is no failure: that, a person says.
        success = self.devices.success or None
        self.recording.stop(now_ns, answer, reason=reason, text=text, success=success)
        self._let_all_go()

    def recall(self, answer: AnswerTake) -> None:
        """Make a take of what was practised last; the arm holds."""
        self.expect_ready()
        success = self.devices.success or None
        self.recording.recall(time.monotonic_ns(), answer, success=success)
        self._let_all_go()

    def let_go(self, kind: str, text: str) -> None:
        """Nobody holds the controls any more."""
        self.lease.release()
        self.hold()
        self._interrupt(kind, text)

    def acknowledge(self) -> None:
        """A person saw what went wrong and wants to go on."""
        self.faults.clear("agent")
        if self.faults.has("robot"):
            self.robot.forget()
            self.devices.acknowledge(self._acknowledged)

    def _acknowledged(self, answer: Acknowledged | Failed) -> None:
        if isinstance(answer, Acknowledged):
            self.faults.clear("robot")

    def reset(self, scene: Reset, answer: Callable[[Description | Failed], None]) -> None:
        """Set up another scene; meanwhile no target may reach it."""

        def done(description: Description | Failed) -> None:
            self.robot.forget()
            answer(description)

        self.expect_ready()
        self.devices.reset(scene, done)

    def restart_device(self) -> None:
        """Start the device process again after it was lost."""
        if not self.faults.has("device"):
            raise StationFault("The device process runs. There is nothing to restart.")
        self._start_device()
        self.faults.clear("device", "robot")

    def _start_device(self) -> None:
        self.loop.forget()
        self.health.forget_frames()
        self.devices.start()

    def restart_writer(self) -> None:
        """Start the writing process again after it was lost; it recovers what was open."""
        if not self.faults.has("writer"):
            raise StationFault("The writing process runs. There is nothing to restart.")
        self.recording.ready = False
        self.writer.start()
        self.faults.clear("writer")

    def introduced(self, described: Description) -> None:
        """The devices said what they are, and before which scene."""
        self.agents.guided = described.guided
        self.agents.set_scene(described.scene, self.devices.object_poses)
        if described.scene is not None and described.scene.summary != self._scene:
            self._scene = described.scene.summary
            scene = {"task": described.scene.verb, "instruction": described.scene.instruction}
            self.task = self.task.model_copy(update=scene)

    def _facts(self) -> TakeFacts:
        """What a new take's file says about itself."""
        return TakeFacts(
            **self.task.model_dump(),
            taught_by="replay" if self.agents.replaying else self.agents.name,
            replay_of=self.agents.replaying.path.take if self.agents.replaying else "",
            robot=self.devices.robot_name,
            embodiment=self.embodiment,
            payload=self.config.settings.robot.payload,
            rate_hz=self.config.rate_hz,
            cameras=self.devices.cameras,
            limits=self.config.settings.limits.to_dict(),
            scene=self.devices.scene.json_text if self.devices.scene else "",
        )
