from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.panda import HAND_TOOL
from teachloop.simulation.controller.arm import Arm, Load
from teachloop.simulation.controller.controller import MISSED_IN_A_ROW, RobotController
from teachloop.simulation.controller.wire import (
    COMMAND,
    Controller,
    Fault,
    Generator,
    Mode,
    MoveStatus,
    Record,
)
from teachloop.simulation.robot_spec import RobotSpec
from teachloop.simulation.tasks import sample_scene

KINEMATICS = Kinematics()

TORQUES = (Controller.EXTERNAL, Generator.JOINT_VELOCITY)
JOINTS = (Controller.JOINT_IMPEDANCE, Generator.JOINT_POSITION)


@pytest.fixture
def robot() -> RobotController:
    return RobotController(Arm(sample_scene(3)))


def answer(**fields: object) -> Record:
    command = np.zeros((), COMMAND)
    for name, value in fields.items():
        command[name] = value
    return command


def go_on(robot: RobotController, milliseconds: int, command: Record | None = None) -> Record:
    """The last state of so many."""
    state = robot.tick(command)
    for _ in range(milliseconds - 1):
        state = robot.tick(command)
    return state


def faults(state: Record, name: str = "errors") -> list[int]:
    return np.flatnonzero(state[name]).tolist()


def ended(robot: RobotController) -> list[MoveStatus]:
    return [status for _, status in robot.ended]


def test_at_rest_it_stands_and_its_state_is_its_kinematics(robot: RobotController) -> None:
    before = robot.tick(None)["q"].copy()
    state = go_on(robot, 300)
    assert np.abs(state["q"] - before).max() < 1e-4
    pose = state["O_T_EE"].reshape(4, 4).T
    np.testing.assert_allclose(pose, KINEMATICS.forward(state["q"]), atol=1e-6)
    assert (state["robot_mode"], state["message_id"]) == (Mode.IDLE, 301)


def test_torques_move_it_and_without_any_it_floats(robot: RobotController) -> None:
    start = robot.tick(None)["q"].copy()
    assert robot.begin(7, *TORQUES) == MoveStatus.STARTED
    floating = go_on(robot, 200, answer(tau_J_d=np.zeros(7)))
    assert np.abs(floating["q"] - start).max() < 1e-3
    torque = answer(tau_J_d=[0, 0, 0, 0, 0, 0, 1.0])
    moved = go_on(robot, 300, torque)
    assert moved["q"][6] > start[6] + 0.05
    torque["motion_finished"] = 1
    robot.tick(torque)
    assert list(robot.ended) == [(7, MoveStatus.SUCCESS)]
    assert robot.mode == Mode.IDLE


def leap(robot: RobotController) -> Record:
    return answer(tau_J_d=[5.0, 0, 0, 0, 0, 0, 0])


def beyond(robot: RobotController) -> Record:
    return answer(tau_J_d=[0, 0, 0, 0, 0, 0, 13.0])


@pytest.mark.parametrize(
    ("command", "fault"), [(leap, Fault.TORQUE_DISCONTINUITY), (beyond, Fault.TORQUE_RANGE)]
)
def test_torques_that_break_the_limits_stop_it(
    robot: RobotController, command: Callable[[RobotController], Record], fault: Fault
) -> None:
    robot.begin(1, *TORQUES)
    robot.tick(answer(tau_J_d=np.zeros(7)))
    state = robot.tick(command(robot))
    assert (state["robot_mode"], faults(state), faults(state, "reflex_reason")) == (
        Mode.REFLEX, [fault], [fault],
    )  # fmt: skip
    assert ended(robot) == [MoveStatus.REFLEX]
    assert robot.begin(2, *TORQUES) == MoveStatus.NOT_POSSIBLE
    assert robot.recover()
    assert robot.begin(3, *TORQUES) == MoveStatus.STARTED


@pytest.mark.parametrize(
    ("step_rad", "fault"),
    [
        (4e-6, None),
        (5e-5, Fault.JOINT_GENERATOR_VELOCITY_DISCONTINUITY),
        (3e-3, Fault.JOINT_GENERATOR_VELOCITY_LIMITS),
        (3.0, Fault.JOINT_GENERATOR_POSITION_LIMITS),
    ],
)
def test_joint_positions_are_judged_as_libfranka_limits_them(
    robot: RobotController, step_rad: float, fault: Fault | None
) -> None:
    joints = robot.tick(None)["q"].copy()
    robot.begin(1, *JOINTS)
    robot.tick(answer(q_c=joints))
    state = robot.tick(answer(q_c=joints + np.eye(7)[6] * step_rad))
    assert faults(state) == ([] if fault is None else [fault])


def test_commands_that_are_missed_are_forgiven_until_too_many_are(robot: RobotController) -> None:
    robot.begin(1, *TORQUES)
    robot.tick(answer(tau_J_d=np.zeros(7)))
    state = go_on(robot, MISSED_IN_A_ROW - 1)
    assert faults(state) == []
    assert state["control_command_success_rate"] == pytest.approx(1 / MISSED_IN_A_ROW)
    assert faults(robot.tick(None)) == [Fault.COMMUNICATION_CONSTRAINTS]


def test_a_hard_touch_is_a_reflex_and_a_soft_one_is_measured(robot: RobotController) -> None:
    robot.arm.wrench = np.array([0, 0, 8.0, 0, 0, 0])
    state = go_on(robot, 300)
    assert state["O_F_ext_hat_K"][2] == pytest.approx(8.0, abs=0.5)
    assert faults(state) == []
    robot.arm.wrench = np.array([0, 0, 40.0, 0, 0, 0])
    state = go_on(robot, 300)
    assert faults(state) == [Fault.CARTESIAN_REFLEX]


@pytest.mark.parametrize("mode", [Mode.USER_STOPPED, Mode.OTHER, Mode.GUIDING])
def test_what_a_person_switches_at_the_robot_goes_before(
    robot: RobotController, mode: Mode
) -> None:
    robot.begin(1, *TORQUES)
    robot.switch(mode)
    assert ended(robot) == [MoveStatus.EMERGENCY]
    assert robot.begin(2, *TORQUES) == MoveStatus.NOT_POSSIBLE
    assert robot.recover() is (mode == Mode.GUIDING)
    robot.switch(Mode.IDLE)
    assert robot.begin(3, *TORQUES) == MoveStatus.STARTED


def test_a_known_payload_is_carried(robot: RobotController) -> None:
    robot.arm.load = Load(1.0, HAND_TOOL[:3, 3])
    robot.arm.wrench = np.array([0, 0, -9.81, 0, 0, 0])  # what it weighs
    robot.begin(1, *TORQUES)
    start = robot.arm.joints_rad
    state = go_on(robot, 300, answer(tau_J_d=np.zeros(7)))
    assert np.abs(state["q"] - start).max() < 1e-3
    np.testing.assert_allclose(state["O_F_ext_hat_K"], 0.0, atol=0.1)


@pytest.fixture
def fr3() -> RobotController:
    spec = RobotSpec(arm="fr3")
    return RobotController(Arm(replace(sample_scene(3), robot=spec)))


def sent_to(robot: RobotController, joint: int, to_rad: float, speed_rad_s: float) -> list[int]:
    """The errors after a joint was commanded to turn, as fast as that, with a gentle start."""
    robot.begin(1, *JOINTS)
    joints, speed = robot.arm.joints_rad, 0.0
    sign = np.sign(to_rad - joints[joint])
    for _ in range(6000):
        if sign * (to_rad - joints[joint]) <= 0:
            break
        speed = min(speed_rad_s, speed + 0.004)
        joints[joint] += sign * speed * 1e-3
        state = robot.tick(answer(q_c=joints))
        if faults(state):
            return faults(state)
    return []


def test_an_fr3_ends_and_slows_down_where_its_own_limits_say(
    robot: RobotController, fr3: RobotController
) -> None:
    """A Panda's sixth joint turns down to 0, an FR3's to 0.54, slower and slower."""
    assert sent_to(robot, 5, 0.5, 0.5) == []
    assert sent_to(fr3, 5, 0.5, 0.5) == [Fault.JOINT_GENERATOR_VELOCITY_LIMITS]
    assert 0.54 < fr3.arm.joints_rad[5] < 0.75


def test_an_fr3_has_to_be_slower_near_the_end_of_a_joint(fr3: RobotController) -> None:
    assert sent_to(fr3, 6, 2.95, 1.5) == [Fault.JOINT_GENERATOR_VELOCITY_LIMITS]
    assert 2.6 < fr3.arm.joints_rad[6] < 2.95, "not before it is near"
