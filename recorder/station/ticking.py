"""Runs a station: ticks when they are due, and what is heard between two of them."""

import gc
import time

from ...datasets.steps import Observation, Step
from ..devices.interfaces import Agent
from ..devices.proxy import Listeners
from ..writer.messages import Disk, Recovered, Takes
from .cadence import Cadence
from .clock import Schedule, Tick, sleep_until
from .published import OBSERVATION, STATE, PolicyObservation
from .server import Handler, Wake
from .session import MOVING
from .silent_devices import SilentDevices
from .station import Station
from .unasked_motion import UnaskedMotion

TIDY_TICKS = 200  # the garbage collector runs between ticks, and that often


class Ticking:
    """Decides, publishes, and watches over what must not go on, at every tick."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._unasked = UnaskedMotion(station.moved_unasked)
        self._silent = SilentDevices(lambda text: station.happened("warning", text))
        self._cadence = cadence = Cadence()
        self._decide = cadence.timed("agent and robot", self._turn)
        self._tell = cadence.timed("status", self._publish)
        self._look = cadence.timed("rules", self._watch)
        self._tidy = cadence.timed("memory", lambda: gc.collect(1))
        self._listeners = Listeners(station.introduced, station.robot_failed, station.agents.moved)

    def run(self, stopping: list[int], handle: Handler) -> None:
        """Tick, and let ``handle`` answer commands, until a signal number is in ``stopping``."""
        gc.collect()
        gc.freeze()
        gc.disable()  # never in the middle of a tick
        schedule = Schedule(self._station.config.rate_hz, time.monotonic_ns())
        answer = self._cadence.timed("commands", handle)
        while not stopping:
            self._station.server.serve(schedule.due_ns, answer, self._wake)
            self._tick(schedule.take(sleep_until(schedule.due_ns)))

    def _wake(self) -> Wake:
        station = self._station
        wake: Wake = dict(station.devices.wake(self._listeners))
        if station.writer.socket is not None:
            wake[station.writer.socket] = self._hear_writer
        if station.desk is not None:
            wake |= station.desk.wake(self._pressed, lambda text: station.happened("warning", text))
        return {socket: self._cadence.timed("news", hear) for socket, hear in wake.items()}

    def _pressed(self, key: str) -> None:
        """A button at the robot's hand is a key of the page that drives."""
        self._station.happened("pressed", key)

    def _hear_writer(self) -> None:
        for news in self._station.writer.receive():
            if isinstance(news, Takes):
                self._station.recording.hear(news)
            elif isinstance(news, Disk):
                self._station.disk = news
            elif isinstance(news, Recovered):
                self._station.recovered(news)

    def _tick(self, tick: Tick) -> None:
        station, now_ns = self._station, tick.due_ns + tick.late_ns
        station.tick_number = tick.number
        fresh = station.devices.rest(station.idle)
        if fresh and station.recording.begin(now_ns, station.devices.since_ns):
            station.take_turn()
        if fresh:
            station.recording.remember(now_ns, station.devices.since_ns)
        station.health.watch_tick(tick, self._cadence.cause(tick))
        step = self._decide(now_ns)
        self._tell(now_ns, step)
        self._look(now_ns)
        station.replaying.advance()
        station.next_take.advance(now_ns)
        station.recording.advance(now_ns)
        if tick.number % TIDY_TICKS == 0:
            self._tidy()

    def _turn(self, now_ns: int) -> Step | None:
        station = self._station
        faulty = station.faults.has("device") or station.faults.has("robot")
        if station.devices.resetting or faulty:
            station.loop.rest()
            return None
        step = station.loop.turn(self._agent(now_ns), now_ns)
        if step is not None:
            station.recording.record(now_ns, step)
            self._unasked.watch(station.loop.speed_m_s, station.robot.resting)
        return step

    def _agent(self, now_ns: int) -> Agent:
        station = self._station
        moving = station.recording.session.phase in MOVING
        if not moving:
            self._silent.rest()
        elif self._silent.any(now_ns, station.devices.heard()):
            return station.agents.hold
        return station.agents.on_turn(moving)

    def _publish(self, now_ns: int, step: Step | None) -> None:
        station = self._station
        station.devices.watch_frames(station.health.watch_frame)
        station.server.publish(STATE, station.status(now_ns))
        if station.policy is not None and step is not None:
            station.server.publish(OBSERVATION, self._seen_by_policy(step.observation))

    def _seen_by_policy(self, observation: Observation) -> PolicyObservation:
        station = self._station
        seen = station.devices.frames()
        return PolicyObservation(
            time_ns=observation.time_ns,
            phase=station.recording.session.phase.value,
            instruction=station.task.instruction,
            joint_positions_rad=observation.joint_positions_rad.tolist(),
            joint_velocities_rad_s=observation.joint_velocities_rad_s.tolist(),
            ee_pose=observation.ee_pose.ravel().tolist(),
            gripper_width_m=observation.gripper_width_m,
            gripper_opening_m=observation.gripper_opening_m,
            cameras=station.devices.cameras,
            image_time_ns={name: time_ns for name, (time_ns, _) in seen.items()},
            frames={name: frame for name, (_, frame) in seen.items()},
        )

    def _watch(self, now_ns: int) -> None:
        """What must not go on: a silent client, a dead process, a script at its end."""
        station = self._station
        if station.lease.silent(now_ns):
            station.let_go("silence", f"{station.lease.client} fell silent.")
        lost = None if station.faults.has("device") else station.devices.lost(now_ns)
        if lost is not None:
            station.lost_device(lost)
        gone = None if station.faults.has("writer") else station.writer.gone()
        if gone is not None:
            station.lost_writer(gone)
        if station.desk is not None:
            station.desk.watch(now_ns)
        if reason := station.agents.gave_up():
            station.next_take.gave_up()
            station.happened("home", reason)
        if self._finished():
            station.stop("done")

    def _finished(self) -> bool:
        """Whether a take that was to go on until something is done may end."""
        station = self._station
        take = station.recording.session.take
        if not station.recording.recording or take is None or not take.until_done:
            return False
        policy_drove = station.agents.name == "policy"
        return station.agents.done or (policy_drove and bool(station.devices.success))
