"""The unmodified franky against an independent simulated controller, franky-sim, which is installed
in an environment of its own: TEACHLOOP_FRANKY_SIM names the program."""

import importlib.util
import os
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from teachloop.datasets.steps import Action, Decider
from teachloop.geometry.poses import apply_delta
from teachloop.recorder.devices.conformance import check_robot
from teachloop.recorder.devices.interfaces import DeviceSilent, ProcessContext, RobotState
from teachloop.recorder.devices.settings import DeviceSettings, GripperSettings
from teachloop.recorder.drivers.franka.version import fci_version
from teachloop.recorder.drivers.opening import make_robot, mount

PROGRAM = "TEACHLOOP_FRANKY_SIM"
READY_S = 60.0
PERIOD_S = 0.05


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where a simulated robot is."""
    pytest.importorskip("franky", reason="the extra franky (franky-control) is not installed")
    if PROGRAM not in os.environ:
        pytest.skip(f"{PROGRAM} names no program franky-sim")
    address = f"127.{os.getpid() % 250 + 1}.7.1"
    command = [os.environ[PROGRAM], "-s", "mujoco", "--hostname", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as robot:
        assert robot.stdout is not None
        deadline = time.monotonic() + READY_S
        while "Connect to the server" not in robot.stdout.readline():
            assert time.monotonic() < deadline
        yield address
        robot.kill()


def driver(address: str, name: str = "franky", **settings: Any) -> Any:
    """Not entered yet. That robot speaks version 10, as an FR3 does."""
    device = DeviceSettings(driver=name, settings={"address": address, **settings})
    context = ProcessContext(arm="fr3")
    return mount(make_robot(device, context), GripperSettings(), context)[0]


@pytest.mark.parametrize("impedance", ["joint", "cartesian"])
def test_it_keeps_the_contract(address: str, impedance: str) -> None:
    with driver(address, impedance=impedance, stiffness="stiff") as robot:
        check_robot(robot)


def test_every_state_that_the_robot_sent_is_passed_on(address: str) -> None:
    seen: list[RobotState] = []
    with driver(address) as robot:
        robot.stream(seen.append)
        begin = _first(robot)
        for tick in range(60):
            way = [0.0, 0.05 * np.sin(tick / 10), 0.0, 0.0, 0.0, 0.0]
            pose = apply_delta(begin.ee_pose, way)
            robot.apply(Action(ee_pose=pose, gripper=1.0, decided_by=Decider.SCRIPT))
            time.sleep(PERIOD_S)
    moved = [state.device_time_ns // 1_000_000 for state in seen[len(seen) // 4 :]]
    assert len(moved) > 500
    assert set(np.diff(moved)) == {1}


def test_whoever_does_not_know_which_robot_it_is_asks_it(address: str) -> None:
    assert fci_version(address) == 10
    with driver(address, "auto") as robot:
        assert np.isfinite(_first(robot).joint_positions_rad).all()


def test_the_limits_of_another_arm_are_refused(address: str) -> None:
    device = DeviceSettings(driver="franky", settings={"address": address})
    with pytest.raises(DeviceSilent, match=r"Set limits\.arm to fr3"):
        make_robot(device, ProcessContext(arm="panda")).__enter__()


def _first(robot: Any) -> RobotState:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        try:
            return robot.read()
        except DeviceSilent:
            time.sleep(0.01)
    raise AssertionError("it says nothing")


def test_nobody_at_the_address_is_said() -> None:
    pytest.importorskip("franky", reason="the extra franky (franky-control) is not installed")
    with pytest.raises(DeviceSilent, match=r"127\.0\.0\.77"):
        driver("127.0.0.77").__enter__()


def test_without_the_library_it_is_said_how_to_get_it() -> None:
    if importlib.util.find_spec("franky") is not None:
        pytest.skip("it is installed")
    with pytest.raises(DeviceSilent, match="pip install franky-control"):
        driver("127.0.0.77").__enter__()
