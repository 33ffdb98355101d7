"""Puts the station's status together from its parts."""

from typing import Protocol

import numpy as np

from ...datasets.embodiment import Embodiment
from ...datasets.steps import Decider
from ..agents.selector import AgentSelector
from ..devices.desk import DeskLine
from ..devices.limited_robot import LimitedRobot
from ..devices.presets import preset_name
from ..devices.station_devices import StationDevices
from ..writer.messages import Disk
from .config import StationConfig
from .faults import Faults
from .health import Health, HealthSummary
from .inputs import Inputs
from .lease import Lease
from .loop import ControlLoop
from .next_take import NextTakeStarter
from .recording_controller import RecordingController
from .replaying import Replaying
from .status import (
    CameraStatus,
    DecidedBy,
    LeaseStatus,
    PolicyStatus,
    RobotStatus,
    SceneStatus,
    Status,
    TakeStatus,
    Task,
)

PIXEL_BYTES, DEPTH_BYTES = 0.2, 0.25  # of an image and of its depth, usually
TOLD = 20  # takes that were kept or binned
DECIDED_BY: dict[Decider, DecidedBy] = {
    Decider.HOLD: "hold",
    Decider.OPERATOR: "operator",
    Decider.SCRIPT: "script",
    Decider.POLICY: "policy",
    Decider.GUIDED: "guided",
}


class Reported(Protocol):
    """The parts of a station that its status tells of."""

    config: StationConfig
    agents: AgentSelector
    devices: StationDevices
    desk: DeskLine | None
    faults: Faults
    health: Health
    inputs: Inputs
    lease: Lease
    loop: ControlLoop
    recording: RecordingController
    replaying: Replaying
    next_take: NextTakeStarter
    robot: LimitedRobot
    task: Task
    disk: Disk | None
    tick_number: int

    @property
    def ready(self) -> bool: ...

    @property
    def armed(self) -> bool: ...

    @property
    def embodiment(self) -> Embodiment: ...

    @property
    def policy_name(self) -> str | None: ...


def status_of(station: Reported, now_ns: int) -> Status:
    """The ``state`` topic."""
    session = station.recording.session
    decider = station.loop.step.applied.decided_by if station.loop.step else Decider.HOLD
    return Status(
        time_ns=now_ns,
        tick=station.tick_number,
        source=preset_name(station.config.settings),
        desk=station.desk is not None,
        ready=station.ready,
        control_rate_hz=station.config.rate_hz,
        limits=station.config.settings.limits.to_dict(),
        embodiment=station.embodiment,
        cameras=_cameras(station.devices),
        agents=list(station.agents.names),
        inputs=list(station.inputs.status(now_ns)),
        phase=session.phase,
        armed=station.armed,
        resting=station.devices.resting,
        countdown_s=session.countdown_s(now_ns),
        waits_for=station.next_take.waits_for,
        agent=station.agents.name,
        decided_by=DECIDED_BY[decider],
        replaying=station.replaying.take,
        take=_take(station.recording, now_ns),
        remembered_s=station.recording.remembered_s(now_ns),
        kept=station.recording.recent,
        undoable=session.kept[-TOLD:],
        bin=session.binned[-TOLD:],
        task=station.task,
        robot=_robot(station, now_ns),
        health=_health(station, now_ns),
        lease=LeaseStatus(client=station.lease.client) if station.lease.client else None,
        scene=_scene(station.devices),
        policy=_policy(station, now_ns),
        fault=station.faults.worst,
    )


def _health(station: Reported, now_ns: int) -> HealthSummary:
    disk = station.disk
    if disk is None:
        return station.health.summary(now_ns)
    expected_bytes_s = sum(
        shape.pixels * shape.fps * (PIXEL_BYTES + DEPTH_BYTES * shape.depth)
        for shape in station.devices.shapes.values()
    )
    return station.health.summary(now_ns, disk.free_gb, disk.minutes(expected_bytes_s))


def _cameras(devices: StationDevices) -> list[CameraStatus]:
    return [
        CameraStatus(
            name=name,
            width=shape.width,
            height=shape.height,
            fps=shape.fps,
            depth=shape.depth,
        )
        for name, shape in devices.shapes.items()
    ]


def _take(recording: RecordingController, now_ns: int) -> TakeStatus | None:
    take = recording.session.take
    if take is None:
        return None
    return TakeStatus(
        id=take.id,
        seconds=take.seconds(now_ns),
        saved=recording.saved,
        success=take.success,
        partly=take.partly,
        silent_s=take.silent_s,
    )


def _robot(station: Reported, now_ns: int) -> RobotStatus | None:
    reading, target = station.loop.reading, station.robot.target
    if reading is None:
        return None
    return RobotStatus(
        age_ms=(now_ns - reading.time_ns) / 1e6,
        joint_positions_rad=reading.joint_positions_rad.tolist(),
        ee_pose=reading.ee_pose.ravel().tolist(),
        gripper_width_m=reading.gripper_width_m,
        gripper_target=target.gripper if target else None,
        speed_m_s=station.loop.speed_m_s,
        clipped=list(station.robot.clipped),
        errors=None if reading.errors is None else list(reading.errors),
        **{name: np.asarray(each).tolist() for name, each in reading.measured.items()},
    )


def _scene(devices: StationDevices) -> SceneStatus | None:
    if devices.scene is None:
        return None
    missing = devices.truth.missing if devices.truth else ""
    summary = devices.scene.summary.model_dump()
    return SceneStatus(**summary, success=devices.success, missing=missing)


def _policy(station: Reported, now_ns: int) -> PolicyStatus | None:
    if station.policy_name is None:
        return None
    made_ns = station.agents.mailbox.time_ns
    age_s = (now_ns - made_ns) / 1e9 if made_ns else None
    return PolicyStatus(name=station.policy_name, chunk_age_s=age_s)
