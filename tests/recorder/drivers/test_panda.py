"""The unmodified panda-py against a simulated controller."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.tool import Tool
from teachloop.geometry.arm_motion import ArmMotion
from teachloop.geometry.joint_tracker import JointLimits
from teachloop.geometry.kinematics import Kinematics
from teachloop.geometry.poses import apply_delta
from teachloop.recorder.devices.conformance import check_robot
from teachloop.recorder.devices.interfaces import (
    DeviceSilent,
    ProcessContext,
    RobotError,
    RobotState,
)
from teachloop.recorder.devices.settings import DeviceSettings
from teachloop.recorder.drivers.franka.panda_link import whole_until
from teachloop.recorder.drivers.franka.version import fci_version
from teachloop.recorder.drivers.opening import make_robot
from teachloop.simulation.controller.beside import NewTrouble, Push, Stumble, Switch
from teachloop.simulation.controller.network import Trouble

KINEMATICS = Kinematics()

PERIOD_S = 0.05
NewRobot = Callable[..., Any]


class Driving:
    """Somebody who moves the hand, tick by tick."""

    def __init__(self, robot: Any) -> None:
        self.robot = robot
        self.goal = robot.read().ee_pose
        self._motion = ArmMotion(
            KINEMATICS, robot.read().joint_positions_rad, JointLimits(), PERIOD_S
        )
        self.slowest_s = 0.0

    def ticks(self, count: int, delta: tuple[float, ...] = (0, 0, 0), gripper: float = 1.0) -> None:
        for _ in range(count):
            self.goal = apply_delta(self.goal, [*delta, 0, 0, 0])
            points = self._motion.towards(self.goal)
            action = Action(
                ee_pose=self.goal,
                gripper=gripper,
                decided_by=Decider.OPERATOR,
                points_rad=points,
            )
            began = time.monotonic()
            self.robot.apply(action)
            taken = time.monotonic() - began
            self.slowest_s = max(self.slowest_s, taken)
            time.sleep(max(0.0, PERIOD_S - taken))


def entered(robot: Any) -> Driving:
    deadline = time.monotonic() + 5.0
    while time.monotonic() < deadline:
        try:
            robot.read()
            return Driving(robot)
        except DeviceSilent:
            time.sleep(0.01)
    raise AssertionError("no state within 5 s")


@pytest.mark.parametrize("impedance", ["joint", "cartesian"])
def test_it_keeps_the_contract(new_robot: NewRobot, impedance: str) -> None:
    with new_robot().driver(impedance=impedance, stiffness="stiff") as robot:
        check_robot(robot)


@pytest.mark.parametrize("impedance", ["joint", "cartesian"])
def test_with_another_tool_its_centre_point_is_what_is_told_and_moved(
    new_robot: NewRobot, impedance: str
) -> None:
    tool = Tool(position_m=(0.02, 0.0, 0.2))
    context = ProcessContext(tool=tool)
    with new_robot().driver(context, impedance=impedance, stiffness="stiff") as robot:
        check_robot(robot, Kinematics(flange_to_tool=tool.pose))


def test_the_tool_is_told_before_the_robot_takes_commands(new_robot: NewRobot) -> None:
    tool = Tool(position_m=(0.0, 0.0, 0.3))
    controller = new_robot()
    controller.happen(Switch(to="user_stopped"))
    with controller.driver(ProcessContext(tool=tool)) as robot:
        entered(robot)
        state = robot.read()
        expected = Kinematics(flange_to_tool=tool.pose).forward(state.joint_positions_rad)
        np.testing.assert_allclose(state.ee_pose, expected, atol=1e-4)
        controller.happen(Switch(to="idle"))
        time.sleep(0.2)
        robot.acknowledge()
        entered(robot).ticks(3)
        state = robot.read()
        expected = Kinematics(flange_to_tool=tool.pose).forward(state.joint_positions_rad)
        np.testing.assert_allclose(state.ee_pose, expected, atol=2e-3)


def test_the_states_of_the_robot_are_passed_on_each_once_and_in_order(new_robot: NewRobot) -> None:
    seen: list[RobotState] = []
    with new_robot().driver() as robot:
        driving = entered(robot)
        driving.ticks(10)  # while a controller starts, the library passes on what it needs alone
        robot.stream(seen.append)
        driving.ticks(30, (0.002, 0, 0.001))
    numbers = [state.device_time_ns // 1_000_000 for state in seen]
    assert len(numbers) > 300
    steps = np.diff(numbers)
    assert steps.min() == 1
    share = len(numbers) / (numbers[-1] - numbers[0] + 1)
    assert share > 0.99, "a busy machine overtakes the library's log, and nothing else loses any"
    newest = seen[-1]
    assert newest.joint_torques_nm is not None
    assert newest.external_wrench is not None
    assert newest.control_success_rate is not None


@pytest.mark.parametrize(
    ("logged", "beside", "told"),
    [
        ([5, 6, 7], [7], [5, 6, 7]),
        ([5, 6, 8], [7, 8], [5, 6, 7, 8]),
        ([5, 6], [7, 8], [5, 6, 7, 8]),
        ([5, 6], [8], [5, 6]),  # 7 may still be in the log the next time
        ([5, 7], [4], [4, 5, 7]),
        ([], [3], [3]),
        ([], [], []),
    ],
)
def test_what_the_log_left_out_is_told_in_its_place(
    logged: list[int], beside: list[int], told: list[int]
) -> None:
    assert whole_until(logged, beside) == told


def test_nobody_at_the_address_is_said(new_robot: NewRobot) -> None:
    robot = new_robot()
    robot.address = "127.0.0.77"
    with pytest.raises(DeviceSilent, match="Activate FCI in Desk"):
        robot.driver().__enter__()


@pytest.mark.parametrize(("version", "words"), [(4, "0.8.0"), (8, "0.14.2"), (10, "0.21.3")])
def test_a_robot_of_another_version_says_what_to_install(
    new_robot: NewRobot, version: int, words: str
) -> None:
    with pytest.raises(DeviceSilent, match=words):
        new_robot(version=version).driver().__enter__()


def test_a_robot_that_is_another_arm_than_its_limits_are_of_moves_nowhere(
    new_robot: NewRobot,
) -> None:
    robot = new_robot().driver(context=ProcessContext(arm="fr3"))
    with pytest.raises(DeviceSilent, match=r"speaks version 5 .* Set limits\.arm to panda"):
        robot.__enter__()


def test_which_driver_fits_is_asked_of_the_robot(new_robot: NewRobot) -> None:
    robot = new_robot()
    assert fci_version(robot.address) == 5
    settings = {"address": robot.address}
    with make_robot(DeviceSettings(driver="auto", settings=settings), ProcessContext()) as arm:
        entered(arm).ticks(3)
    older = {"address": new_robot(version=4).address}
    with pytest.raises(DeviceSilent, match=r"libfranka 0\.8\.0"):
        make_robot(DeviceSettings(driver="auto", settings=older), ProcessContext())


def test_asking_a_robot_that_has_a_client_says_so_and_disturbs_nobody(new_robot: NewRobot) -> None:
    controller = new_robot()
    with controller.driver() as robot:
        driving = entered(robot)
        with pytest.raises(DeviceSilent, match="one client at a time"):
            fci_version(controller.address)
        driving.ticks(5, (0.001, 0, 0))


def test_a_second_client_is_told_that_there_is_another(new_robot: NewRobot) -> None:
    controller = new_robot()
    with controller.driver() as first:
        entered(first)
        with pytest.raises(DeviceSilent, match="one client at a time"):
            controller.driver().__enter__()


def test_a_reflex_is_told_and_waits_for_a_person(new_robot: NewRobot) -> None:
    controller = new_robot()
    with controller.driver() as robot:
        driving = entered(robot)
        driving.ticks(5, (0.002, 0, 0))
        controller.happen(Stumble(fault="cartesian_reflex"))
        with pytest.raises(RobotError, match=r"cartesian_reflex.*see that the way is free"):
            driving.ticks(60)
        stopped = robot.read().joint_positions_rad
        time.sleep(0.5)
        assert np.abs(robot.read().joint_positions_rad - stopped).max() < 1e-3
        robot.acknowledge()
        again = entered(robot)
        again.ticks(20, (0, 0, 0.002))
        assert robot.read().ee_pose[2, 3] > again.goal[2, 3] - 0.02


def test_the_user_stop_has_to_be_released_first(new_robot: NewRobot) -> None:
    controller = new_robot()
    with controller.driver() as robot:
        driving = entered(robot)
        controller.happen(Switch(to="user_stopped"))
        with pytest.raises(RobotError, match="user stop is pressed: release it"):
            driving.ticks(60)
        with pytest.raises(RobotError, match="user stop"):
            robot.acknowledge()
        controller.happen(Switch(to="idle"))
        time.sleep(0.2)
        robot.acknowledge()
        entered(robot).ticks(3)


def test_a_slow_hand_delays_nothing_and_does_the_newest(new_robot: NewRobot) -> None:
    with new_robot(gripper_delay_s=0.5).driver() as robot:
        driving = entered(robot)
        driving.ticks(2, gripper=0.0)
        driving.ticks(40, gripper=1.0)
        assert driving.slowest_s < 0.02
        assert robot.read().gripper_width_m > 0.07


def test_lost_commands_show_in_the_success_rate_and_too_many_stop_it(new_robot: NewRobot) -> None:
    controller = new_robot(lost=0.3)
    with controller.driver() as robot:
        driving = entered(robot)
        driving.ticks(20, (0.001, 0, 0))
        assert 0.4 < robot.read().control_success_rate < 0.9
        controller.happen(NewTrouble(trouble=Trouble(lost=1.0)))
        with pytest.raises(RobotError, match="communication_constraints_violation"):
            driving.ticks(60)


def test_a_push_is_felt_and_given_way_to(new_robot: NewRobot) -> None:
    controller = new_robot()
    with controller.driver(stiffness="soft") as robot:
        driving = entered(robot)
        controller.happen(Push(force_n=(0.0, 12.0, 0.0), seconds=2.0))
        driving.ticks(20)
        state = robot.read()
        assert state.external_wrench[1] == pytest.approx(12.0, abs=2.0)
        assert state.ee_pose[1, 3] > driving.goal[1, 3] + 0.003
