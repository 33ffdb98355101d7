"""The station: one robot, its cameras, and the loop that owns them."""

import gc
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import zmq

from ..datasets.steps import Observation, Step
from .child import Child
from .console import Console
from .desk import Answer, TakeDesk
from .drivers import camera_shapes
from .faults import Faults, StationFault
from .health import Health
from .lease import Lease
from .limits import LimitedRobot, Limits
from .line import Line, Message
from .protocols import DeviceSilent, RobotState
from .remote_robot import RemoteRobot
from .report import observation_message, state_message
from .rings import Rings
from .roster import Roster
from .server import Server, Wake
from .session import MOVING, Phase
from .ticks import Schedule, Tick, sleep_until
from .wire import pose_of

SILENT_NS = 5_000_000_000  # a device that sent nothing for so long has hung
TIDY_TICKS = 200  # the garbage collector runs between ticks, and that often


@dataclass(frozen=True, slots=True)
class StationConfig:
    """What a station serves."""

    data: Path
    source: str = "simulated"
    rate_hz: float = 20.0
    seed: int = 0
    limits: Limits = field(default_factory=Limits)


def ignore(_message: Message) -> None:
    """For what nobody waits for."""


class Station:
    """The loop, and everything that it looks after. Its commands are in ``Console``."""

    def __init__(self, config: StationConfig, context: "zmq.Context[Any]", folder: Path) -> None:
        self.config = config
        self.server = Server(context, f"ipc://{folder}/command", f"ipc://{folder}/publish")
        self.rings = Rings.create(camera_shapes(config.source))
        self.device = self._line("device", context, folder, {"seed": config.seed})
        self.scribe = self._line("scribe", context, folder, {})
        self.health = Health(config.rate_hz)
        self.desk = TakeDesk(self.scribe, self.health, self._facts)
        self.lease, self.faults = Lease(), Faults()
        self._remote = RemoteRobot(self.device, self.rings.robot)
        period_s = 1.0 / config.rate_hz
        self.robot = LimitedRobot(self._remote, config.limits, period_s)
        self.roster = Roster(lambda: self.robot.target, period_s)
        self.task = {"task": "", "instruction": "", "operator": ""}
        self.policy: str | None = None
        self.policy_token: str | None = None
        self.devices: Message | None = None  # what the device process says of itself
        self.disk_free_gb: float | None = None
        self.reading: RobotState | None = None
        self.step: Step | None = None
        self.speed_m_s = 0.0
        self.tick_number = 0
        self._resetting = False
        self._started_ns = 0
        self._first_frames: dict[str, int] = {}
        self._console = Console(self)

    def _line(
        self, name: str, context: "zmq.Context[Any]", folder: Path, more: dict[str, Any]
    ) -> Line:
        config = {
            "source": self.config.source,
            "data": str(self.config.data),
            "preview": f"ipc://{folder}/preview",
            "descriptors": self.rings.descriptors,
            **more,
        }
        log = self.config.data / "station" / f"{name}.log"
        child = Child(name, f"{__package__}.{name}", folder, config, log)
        return Line(child, context, self.rings.descriptors)

    def __enter__(self) -> "Station":
        self.scribe.start()
        self._start_device()
        return self

    def __exit__(self, *error: object) -> None:
        if self.running:
            self.stop("shutdown")
        for line in (self.device, self.scribe):
            line.stop()
        self.server.close()

    def run(self, stopping: "list[int]") -> None:
        """Tick until a signal number appears in ``stopping``."""
        gc.collect()
        gc.freeze()
        gc.disable()  # never in the middle of a tick
        schedule = Schedule(self.config.rate_hz, time.monotonic_ns())
        while not stopping:
            self.server.serve(schedule.due_ns, self._console.handle, self._wake)
            self._tick(schedule.take(sleep_until(schedule.due_ns)))

    def _wake(self) -> Wake:
        lines = ((self.device, self._hear_device), (self.scribe, self._hear_scribe))
        return {line.socket: hear for line, hear in lines if line.socket is not None}

    def _tick(self, tick: Tick) -> None:
        now_ns = tick.due_ns + tick.late_ns
        self.tick_number = tick.number
        if self.desk.begin(now_ns):
            self.take_turn()
        self.health.watch_tick(tick)
        self.step = self._act(now_ns)
        if self.step is not None:
            self.desk.record(now_ns, self.step)
        self._publish(now_ns)
        self._watch(now_ns)
        self.desk.advance(now_ns)
        if tick.number % TIDY_TICKS == 0:
            gc.collect(1)

    def _act(self, now_ns: int) -> Step | None:
        """One turn of the loop: observe, decide, limit, apply."""
        if self._resetting or self.faults.has("device") or self.faults.has("robot"):
            return None
        before = self.reading
        try:
            self.reading = self.robot.read()
        except DeviceSilent:
            return None
        self.speed_m_s = speed_m_s(before, self.reading)
        observation = self._observation(self.reading, now_ns)
        agent = self.roster.on_turn(self.desk.session.phase in MOVING)
        try:
            requested = agent.act(observation)
        except Exception as error:  # an agent is anybody's code
            self._fault("agent", f"The agent failed: {error!r}.", "acknowledge")
            requested = self.roster.hold.act(observation)
        applied = self.robot.apply(requested)
        return Step(
            observation=observation,
            requested=requested,
            applied=applied,
            clipped=self.robot.clipped,
        )

    def _observation(self, reading: RobotState, now_ns: int) -> Observation:
        return Observation(
            time_ns=now_ns,
            joint_positions_rad=reading.joint_positions_rad,
            joint_velocities_rad_s=reading.joint_velocities_rad_s,
            ee_pose=reading.ee_pose,
            gripper_width_m=reading.gripper_width_m,
        )

    def _publish(self, now_ns: int) -> None:
        for name, ring in self.rings.cameras.items():
            stamp = ring.newest_stamp()
            if stamp is not None and stamp.index >= self._first_frames[name]:
                self.health.watch_frame(name, stamp)
        self.server.publish("state", self.state(now_ns))
        if self.policy is not None and self.step is not None:
            self.server.publish("observation", observation_message(self, self.step.observation))

    def state(self, now_ns: int | None = None) -> Message:
        """Everything about the station, for pages."""
        return state_message(self, time.monotonic_ns() if now_ns is None else now_ns)

    def _watch(self, now_ns: int) -> None:
        """What must not go on: a silent client, a dead process, a script at its end."""
        if self.lease.silent(now_ns):
            self.let_go("silence", f"{self.lease.client} fell silent.")
        self._watch_lines(now_ns)
        take = self.desk.session.take
        if self.desk.recording and take is not None and take.until_done and self._finished():
            self.stop("done")

    def _finished(self) -> bool:
        return self.roster.done or (self.roster.name == "policy" and bool(self.success))

    def _watch_lines(self, now_ns: int) -> None:
        for source, line in (("device", self.device), ("writer", self.scribe)):
            reason = None if self.faults.has(source) else line.gone()
            if reason is not None:
                line.fail(reason)
                self._lost(source, reason)
        last_ns = max(self._started_ns, self.reading.time_ns if self.reading else 0)
        if self.devices and now_ns - last_ns > SILENT_NS and not self.faults.has("device"):
            self._lost("device", f"The device sent nothing for {SILENT_NS / 1e9:g} s.")

    def _lost(self, source: str, reason: str) -> None:
        self._fault(source, reason, f"restart_{source}")
        if source == "writer":
            self.desk.lost()

    def _fault(self, source: str, text: str, remedy: str) -> None:
        """Say what is wrong, and let nothing move on; what was recorded goes to review."""
        if not self.faults.raise_(source, text, remedy):
            return
        self.roster.rest()
        self._interrupt("fault", text)

    def happened(self, kind: str, text: str) -> None:
        """Tell everybody, and write it down where a take is recorded."""
        self.desk.event(time.monotonic_ns(), kind, text)
        self._tell(kind, text)

    def _interrupt(self, kind: str, text: str) -> None:
        """Tell everybody why what runs ends here; the take says so, too."""
        if self.running:
            self.stop(kind, text=text)
        self._tell(kind, text)

    def _tell(self, kind: str, text: str) -> None:
        now_ns = time.monotonic_ns()
        self.server.publish("event", {"time_ns": now_ns, "kind": kind, "text": text})

    @property
    def running(self) -> bool:
        """Whether the arm moves, or is about to."""
        return self.desk.session.phase in MOVING | {Phase.COUNTDOWN}

    @property
    def success(self) -> bool | None:
        """Whether the simulated task is done; None where nobody can know."""
        return self._remote.truth["success"] if self._remote.truth else None

    @property
    def truth(self) -> Message | None:
        """What the simulator knows about its scene."""
        return self._remote.truth

    @property
    def scene(self) -> Message | None:
        """The simulated scene's description."""
        return self.devices["scene"] if self.devices else None

    @property
    def instruction(self) -> str:
        """What the operator was asked to do."""
        return self.task["instruction"]

    def take_turn(self) -> None:
        """The chosen agent starts afresh."""
        self.roster.homing = None
        self.roster.chosen.reset()

    def hold(self) -> None:
        """Everybody lets go, and the arm stays where it is."""
        self.roster.rest()
        self.robot.stop()

    def stop(self, reason: str, *, text: str = "", answer: Answer = ignore) -> None:
        """End what runs; the arm holds."""
        now_ns = time.monotonic_ns()
        self.desk.stop(now_ns, answer, reason=reason, text=text, success=self.success)
        self.roster.rest()

    def let_go(self, kind: str, text: str) -> None:
        """Nobody holds the controls any more."""
        self.lease.release()
        self.hold()
        self._interrupt(kind, text)

    @property
    def ready(self) -> bool:
        """Whether robot and cameras are there, and the writer has looked after the takes."""
        there = self.devices is not None and self.reading is not None
        seen = self.health.cameras == set(self.rings.cameras)
        return there and seen and self.desk.ready and not self._resetting

    def expect_ready(self) -> None:
        """Raise StationFault unless robot and disk are ready."""
        self.faults.expect_none()
        if not self.ready:
            raise StationFault("The station is still starting. Try again in a moment.")

    def acknowledge(self) -> None:
        """A person saw what went wrong and wants to go on."""
        self.faults.clear("agent")
        if self.faults.has("robot"):
            self.robot.forget()
            self.device.ask("acknowledge", self._acknowledged)

    def _acknowledged(self, message: Message) -> None:
        if "error" not in message:
            self.faults.clear("robot")

    def reset(self, fields: Message, answer: Answer) -> None:
        """Set up another scene; meanwhile no target may reach it."""
        self.expect_ready()
        self._resetting = True

        def done(message: Message) -> None:
            self._resetting = False
            self.robot.forget()
            answer({"error": message["error"]} if "error" in message else _scene(message))

        self.device.ask("reset", done, **fields)

    def restart_device(self) -> None:
        """Start the device process again after it was lost."""
        if not self.faults.has("device"):
            raise StationFault("The device process runs. There is nothing to restart.")
        self._start_device()
        self.faults.clear("device", "robot")

    def restart_writer(self) -> None:
        """Start the writing process again after it was lost; it recovers what was open."""
        if not self.faults.has("writer"):
            raise StationFault("The writing process runs. There is nothing to restart.")
        self.desk.ready = False
        self.scribe.start()
        self.faults.clear("writer")

    def _start_device(self) -> None:
        self.devices, self.reading, self.step = None, None, None
        self._resetting = False
        self._started_ns = time.monotonic_ns()
        self._remote.begin()
        self.robot.forget()
        self.health.forget_frames()
        self._first_frames = {name: ring.head for name, ring in self.rings.cameras.items()}
        self.device.start()

    def _hear_device(self) -> None:
        for message in self.device.receive():
            if "robot_error" in message:
                self._fault("robot", message["robot_error"], "acknowledge")
            if "cameras" in message:
                self._introduced(message)

    def _introduced(self, message: Message) -> None:
        """The devices said what they are, and before which scene."""
        self.devices = message
        self._started_ns = time.monotonic_ns()
        self.roster.set_scene(message["scene"], self._object_poses)
        if message["scene"] is not None:
            scene = message["scene"]
            self.task.update(task=scene["verb"], instruction=scene["instruction"])

    def _object_poses(self) -> dict[str, Any]:
        objects = self.truth["objects"] if self.truth else {}
        return {name: pose_of(pose) for name, pose in objects.items()}

    def _hear_scribe(self) -> None:
        for message in self.scribe.receive():
            self.desk.hear(message)
            self.disk_free_gb = message.get("disk_free_gb", self.disk_free_gb)
            for what in message.get("recovered", ()):
                self.happened("recovered", what)

    def image_shape(self, camera: str) -> tuple[int, int, int]:
        """(height, width, 3) of a camera's recorded images."""
        shape = camera_shapes(self.config.source)[camera]
        return shape.height, shape.width, 3

    def _facts(self) -> Message:
        """What a new take's file says about itself."""
        devices = self.devices or {"cameras": {}, "robot": "", "scene": None}
        return {
            **self.task,
            "robot": devices["robot"],
            "rate_hz": self.config.rate_hz,
            "cameras": devices["cameras"],
            "limits": self.config.limits.to_dict(),
            "scene": devices["scene"]["json"] if devices["scene"] else "",
        }


def speed_m_s(before: RobotState | None, now: RobotState) -> float:
    """How fast the end effector moved between two readings."""
    if before is None or now.time_ns <= before.time_ns:
        return 0.0
    moved_m = float(np.linalg.norm(now.ee_pose[:3, 3] - before.ee_pose[:3, 3]))
    return moved_m * 1e9 / (now.time_ns - before.time_ns)


def _scene(message: Message) -> Message:
    return {"scene": {key: value for key, value in message["scene"].items() if key != "json"}}
