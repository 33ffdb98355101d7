"""What the station says about itself, at every tick."""

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from ...datasets.steps import Decider, Observation
from ..devices.interfaces import RobotState
from ..devices.presets import preset_name

if TYPE_CHECKING:
    from .station import Station

Message = dict[str, Any]


def state_message(station: "Station", now_ns: int) -> Message:
    """The ``state`` topic; plain values that JSON knows, too."""
    session = station.recording.session
    fault = station.faults.worst
    decided_by = station.loop.step.applied.decided_by if station.loop.step else Decider.HOLD
    return {
        "time_ns": now_ns,
        "tick": station.tick_number,
        "source": preset_name(station.config.settings),
        "control_rate_hz": station.config.rate_hz,
        "cameras": _cameras(station),
        "agents": list(station.agents.names),
        "ready": station.ready,
        "phase": session.phase.value,
        "countdown_s": session.countdown_s(now_ns),
        "agent": station.agents.name,
        "decided_by": decided_by.name.lower(),
        "take": _take(station, now_ns),
        "kept": [each.model_dump() for each in station.recording.recent],
        "bin": session.binned[-20:],
        "task": dict(station.task),
        "robot": _robot(station),
        "health": _health(station, now_ns),
        "lease": {"client": station.lease.client} if station.lease.client else None,
        "scene": _scene(station),
        "policy": _policy(station, now_ns),
        "fault": fault.to_dict() if fault else None,
    }


def _cameras(station: "Station") -> list[Message]:
    shapes = station.config.settings.shapes.items()
    return [{"name": name, **dataclasses.asdict(shape)} for name, shape in shapes]


def _health(station: "Station", now_ns: int) -> Message:
    return {**station.health.summary(now_ns), "disk_free_gb": station.disk_free_gb}


def _take(station: "Station", now_ns: int) -> Message | None:
    take = station.recording.session.take
    if take is None:
        return None
    return {
        "id": take.id,
        "seconds": take.seconds(now_ns),
        "saved": station.recording.saved,
        "success": take.success,
    }


def _robot(station: "Station") -> Message | None:
    reading, target = station.loop.reading, station.robot.target
    if reading is None:
        return None
    return {
        "joint_positions_rad": reading.joint_positions_rad.tolist(),
        "ee_pose": reading.ee_pose.ravel().tolist(),
        "gripper_width_m": reading.gripper_width_m,
        "gripper_target": target.gripper if target else None,
        "speed_m_s": station.loop.speed_m_s,
        "clipped": list(station.robot.clipped),
        **_measured(reading),
    }


def _measured(reading: RobotState) -> Message:
    """What only some robots measure; what this one does not is left out."""
    found: Message = {name: np.asarray(each).tolist() for name, each in reading.measured.items()}
    return found if reading.errors is None else {**found, "errors": list(reading.errors)}


def _scene(station: "Station") -> Message | None:
    scene, truth = station.cell.scene, station.cell.truth
    if scene is None:
        return None
    shown = scene.model_dump(exclude={"json_text"})
    missing = truth.missing if truth else ""
    return {**shown, "success": station.cell.success, "missing": missing}


def _policy(station: "Station", now_ns: int) -> Message | None:
    if station.policy is None:
        return None
    made_ns = station.agents.mailbox.time_ns
    age_s = (now_ns - made_ns) / 1e9 if made_ns else None
    return {"name": station.policy, "chunk_age_s": age_s}


def observation_message(station: "Station", observation: Observation) -> Message:
    """The ``observation`` topic, for a policy in another process."""
    seen = station.cell.images()
    return {
        "time_ns": observation.time_ns,
        "phase": station.recording.session.phase.value,
        "instruction": station.task["instruction"],
        "joint_positions_rad": observation.joint_positions_rad.tolist(),
        "joint_velocities_rad_s": observation.joint_velocities_rad_s.tolist(),
        "ee_pose": np.ravel(observation.ee_pose).tolist(),
        "gripper_width_m": observation.gripper_width_m,
        "cameras": {name: each.model_dump() for name, each in station.cell.cameras.items()},
        "image_time_ns": {name: stamp.time_ns for name, (stamp, _) in seen.items()},
        "images": {
            name: {"shape": image.shape, "data": image.tobytes()}
            for name, (_, image) in seen.items()
        },
    }
