"""One turn of the loop: observe, decide, limit, apply."""

from collections.abc import Callable

import numpy as np

from ...datasets.steps import Observation, Step
from ..devices.interfaces import Agent, DeviceSilent, RobotState
from ..devices.limited_robot import LimitedRobot

SILENT_S = 0.5  # a reading older than this says nothing of where the arm is


class ControlLoop:
    """Takes its turns; keeps the last reading and the last step."""

    def __init__(self, robot: LimitedRobot, failed: Callable[[Exception], Agent]) -> None:
        self.robot = robot
        self.reading: RobotState | None = None
        self.step: Step | None = None
        self.speed_m_s = 0.0
        self._failed = failed  # told of an agent's error; says who acts instead

    def turn(self, agent: Agent, now_ns: int) -> Step | None:
        """One step; None where the robot has sent no reading yet, or none for ``SILENT_S``:
        then the arm brakes, and whoever reads the age of ``reading`` sees why."""
        self.step = None
        try:
            reading = self.robot.read()
        except DeviceSilent:
            return None
        if now_ns - reading.time_ns > SILENT_S * 1e9 and self.robot.brake():
            return None
        self.speed_m_s = speed_m_s(self.reading, reading, self.speed_m_s)
        self.reading = reading
        self.step = self._step(agent, _seen(reading, now_ns))
        return self.step

    def _step(self, agent: Agent, observation: Observation) -> Step:
        try:
            requested = agent.act(observation)
        except Exception as error:  # an agent is anybody's code
            requested = self._failed(error).act(observation)
        applied = self.robot.apply(requested)
        return Step(
            observation=observation,
            requested=requested,
            applied=applied,
            clipped=self.robot.clipped,
        )

    def rest(self) -> None:
        """No turn at this tick."""
        self.step = None

    def forget(self) -> None:
        """Another robot process, or another scene: start over."""
        self.reading, self.step, self.speed_m_s = None, None, 0.0
        self.robot.forget()


def _seen(reading: RobotState, now_ns: int) -> Observation:
    return Observation(
        time_ns=now_ns,
        joint_positions_rad=reading.joint_positions_rad,
        joint_velocities_rad_s=reading.joint_velocities_rad_s,
        ee_pose=reading.ee_pose,
        gripper_width_m=reading.gripper_width_m,
        gripper_opening_m=reading.gripper_opening_m,
    )


def speed_m_s(before: RobotState | None, now: RobotState, known_m_s: float) -> float:
    """How fast the end effector moved between two readings, by the device's own clock: on
    the host's, readings come in bunches. A reading seen before tells nothing new."""
    if before is None:
        return 0.0
    passed_ns = now.device_time_ns - before.device_time_ns
    if passed_ns <= 0:
        return known_m_s
    return float(np.linalg.norm(now.ee_pose[:3, 3] - before.ee_pose[:3, 3])) * 1e9 / passed_ns
