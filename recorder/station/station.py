"""The station: one robot, its cameras, and everything that looks after them."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import zmq

from ...datasets.steps import Observation, Step
from ...runtime.ipc.messages import Failed
from ..agents.selector import AgentSelector
from ..devices.interfaces import Agent
from ..devices.limits import LimitedRobot
from ..devices.messages import Acknowledged, Description, Reset
from ..devices.proxy import Listeners
from ..devices.rings import Rings
from ..writer.messages import Disk, Recovered, TakeFacts, Takes
from .clock import Schedule, Tick, sleep_until
from .commands import TakeAnswer
from .config import StationConfig, Workers
from .faults import Faults, StationFault
from .health import Health
from .lease import Lease
from .loop import ControlLoop
from .published import EVENT, OBSERVATION, STATE, Event, PolicyObservation
from .recording_controller import AnswerTake, RecordingController
from .server import Handler, Server, Wake
from .session import MOVING, Phase
from .status import Status, Task
from .status_report import status_of

TIDY_TICKS = 200  # the garbage collector runs between ticks, and that often


def ignore(_answer: TakeAnswer | Failed) -> None:
    """For what nobody waits for."""


@dataclass(frozen=True, slots=True)
class AttachedPolicy:
    """A policy in another process whose chunks are taken."""

    name: str
    token: str  # that its chunks have to show


class Station:
    """Ticks, and watches over what must not go on. Its commands are in ``CommandHandler``."""

    def __init__(self, config: StationConfig, context: zmq.Context, folder: Path) -> None:
        self.config = config
        self.server = Server(context, f"ipc://{folder}/command", f"ipc://{folder}/publish")
        workers = Workers(config, context, folder, Rings.create(config.settings.shapes))
        self.devices, self.writer = workers.devices(), workers.writer()
        self.health = Health(config.rate_hz)
        self.recording = RecordingController(self.writer, self.health, self._facts)
        self.lease, self.faults = Lease(), Faults()
        period_s = 1.0 / config.rate_hz
        self.robot = LimitedRobot(self.devices.robot, config.settings.limits, period_s)
        self.loop = ControlLoop(self.robot, self._agent_failed)
        inputs = config.settings.inputs
        self.agents = AgentSelector(inputs, lambda: self.robot.target, period_s)
        self.task = Task()
        self.policy: AttachedPolicy | None = None
        self.disk_free_gb: float | None = None
        self.tick_number = 0
        self._listeners = Listeners(self._introduced, self._robot_failed, self.agents.moved)

    def __enter__(self) -> "Station":
        self.writer.start()
        self._start_device()
        return self

    def __exit__(self, *error: object) -> None:
        if self.running:
            self.stop("shutdown")
        self.devices.stop()
        self.writer.stop()
        self.server.close()

    def run(self, stopping: list[int], handle: Handler) -> None:
        """Tick, and let ``handle`` answer commands, until a signal number is in ``stopping``."""
        gc.collect()
        gc.freeze()
        gc.disable()  # never in the middle of a tick
        schedule = Schedule(self.config.rate_hz, time.monotonic_ns())
        while not stopping:
            self.server.serve(schedule.due_ns, handle, self._wake)
            self._tick(schedule.take(sleep_until(schedule.due_ns)))

    def _wake(self) -> Wake:
        wake: Wake = dict(self.devices.wake(self._listeners))
        if self.writer.socket is not None:
            wake[self.writer.socket] = self._hear_writer
        return wake

    def _tick(self, tick: Tick) -> None:
        now_ns = tick.due_ns + tick.late_ns
        self.tick_number = tick.number
        fresh = self.devices.rest(self._unused)
        if fresh and self.recording.begin(now_ns, self.devices.since_ns):
            self.take_turn()
        self.health.watch_tick(tick)
        step = self._turn(now_ns)
        self._publish(now_ns, step)
        self._watch(now_ns)
        self.recording.advance(now_ns)
        if tick.number % TIDY_TICKS == 0:
            gc.collect(1)

    def _turn(self, now_ns: int) -> Step | None:
        if self.devices.resetting or self.faults.has("device") or self.faults.has("robot"):
            self.loop.rest()
            return None
        agent = self.agents.on_turn(self.recording.session.phase in MOVING)
        step = self.loop.turn(agent, now_ns)
        if step is not None:
            self.recording.record(now_ns, step)
        return step

    def _agent_failed(self, error: Exception) -> Agent:
        self._fault("agent", f"The agent failed: {error!r}.", "acknowledge")
        return self.agents.hold

    def _publish(self, now_ns: int, step: Step | None) -> None:
        self.devices.watch_frames(self.health.watch_frame)
        self.server.publish(STATE, self.status(now_ns))
        if self.policy is not None and step is not None:
            self.server.publish(OBSERVATION, self._seen_by_policy(step.observation))

    def status(self, now_ns: int) -> Status:
        """Everything about the station, for pages."""
        return status_of(self, now_ns)

    def _seen_by_policy(self, observation: Observation) -> PolicyObservation:
        seen = self.devices.frames()
        return PolicyObservation(
            time_ns=observation.time_ns,
            phase=self.recording.session.phase.value,
            instruction=self.task.instruction,
            joint_positions_rad=observation.joint_positions_rad.tolist(),
            joint_velocities_rad_s=observation.joint_velocities_rad_s.tolist(),
            ee_pose=observation.ee_pose.ravel().tolist(),
            gripper_width_m=observation.gripper_width_m,
            cameras=self.devices.cameras,
            image_time_ns={name: time_ns for name, (time_ns, _) in seen.items()},
            frames={name: frame for name, (_, frame) in seen.items()},
        )

    def _watch(self, now_ns: int) -> None:
        """What must not go on: a silent client, a dead process, a script at its end."""
        if self.lease.silent(now_ns):
            self.let_go("silence", f"{self.lease.client} fell silent.")
        lost = None if self.faults.has("device") else self.devices.lost(now_ns)
        if lost is not None:
            self._lost("device", lost)
        gone = None if self.faults.has("writer") else self.writer.gone()
        if gone is not None:
            self.writer.fail(gone)
            self._lost("writer", gone)
        take = self.recording.session.take
        if self.recording.recording and take is not None and take.until_done and self._finished():
            self.stop("done")

    def _finished(self) -> bool:
        return self.agents.done or (self.agents.name == "policy" and bool(self.devices.success))

    def _lost(self, source: str, reason: str) -> None:
        self._fault(source, reason, f"restart_{source}")
        if source == "writer":
            self.recording.lost()

    def _fault(self, source: str, text: str, remedy: str) -> None:
        """Say what is wrong, and let nothing move on; what was recorded goes to review."""
        if self.faults.raise_(source, text, remedy):
            self.agents.rest()
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
    def policy_name(self) -> str | None:
        """Of the policy that is attached."""
        return self.policy.name if self.policy else None

    @property
    def _unused(self) -> bool:
        """Whether nobody asks anything of the robot."""
        nobody = self.lease.client is None and self.policy is None
        return nobody and not self.running and self.agents.homing is None

    @property
    def running(self) -> bool:
        """Whether the arm moves, or is about to."""
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
        self.agents.rest()
        self.robot.stop()

    def stop(self, reason: str, *, text: str = "", answer: AnswerTake = ignore) -> None:
        """End what runs; the arm holds."""
        now_ns = time.monotonic_ns()
        self.recording.stop(now_ns, answer, reason=reason, text=text, success=self.devices.success)
        self.agents.rest()

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

    def _robot_failed(self, text: str) -> None:
        self._fault("robot", text, "acknowledge")

    def _introduced(self, described: Description) -> None:
        """The devices said what they are, and before which scene."""
        self.agents.set_scene(described.scene, self.devices.object_poses)
        if described.scene is not None:
            scene = {"task": described.scene.verb, "instruction": described.scene.instruction}
            self.task = self.task.model_copy(update=scene)

    def _hear_writer(self) -> None:
        for news in self.writer.receive():
            if isinstance(news, Takes):
                self.recording.hear(news)
            elif isinstance(news, Disk):
                self.disk_free_gb = news.free_gb
            elif isinstance(news, Recovered):
                for what in news.what:
                    self.happened("recovered", what)

    def _facts(self) -> TakeFacts:
        """What a new take's file says about itself."""
        return TakeFacts(
            **self.task.model_dump(),
            robot=self.devices.robot_name,
            rate_hz=self.config.rate_hz,
            cameras=self.devices.cameras,
            limits=self.config.settings.limits.to_dict(),
            scene=self.devices.scene.json_text if self.devices.scene else "",
        )
