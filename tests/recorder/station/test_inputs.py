"""What a station says of its inputs."""

import time

import pytest

from teachloop.recorder.agents.selector import AgentSelector
from teachloop.recorder.devices.interfaces import Twist
from teachloop.recorder.devices.settings import DeviceSettings
from teachloop.recorder.station.inputs import Inputs
from teachloop.recorder.station.status import InputStatus


def told(now_ns: int = 0, moved: Twist | None = None, **devices: DeviceSettings) -> InputStatus:
    """What is said of the last of these inputs, once its hand has moved."""
    agents = AgentSelector(devices, lambda: None, 0.05)
    if moved is not None:
        agents.moved(list(devices)[-1], moved)
    return Inputs(devices, agents).status(now_ns)[-1]


@pytest.mark.parametrize("driver", ["gamepad", "browser_spacemouse"])
def test_a_page_is_told_all_that_its_input_can_be_told(driver: str) -> None:
    said = told(pad=DeviceSettings(driver=driver, settings={"speed_m_s": 0.3, "locked": ["roll"]}))
    assert (said.name, said.driver, said.problem) == ("pad", driver, "")
    assert (said.settings["speed_m_s"], said.settings["locked"]) == (0.3, ["roll"])
    assert (said.settings["side"], said.settings["turn_rad_s"]) == ("front", 1.0)


def test_a_mistake_in_its_settings_is_said_and_the_station_goes_on() -> None:
    said = told(pad=DeviceSettings(driver="gamepad", settings={"deadband": 2}))
    assert "The settings of input 'pad'" in said.problem
    assert "deadband must be 0.9 or less" in said.problem
    assert said.settings == {}


def test_what_a_hand_asks_for_is_said_until_it_is_silent_for_200_ms() -> None:
    mouse = DeviceSettings(driver="spacemouse")
    now_ns = time.monotonic_ns()
    twist = Twist((0.1, 0.0, -0.2), (0.0, 0.5, 0.0), 1.0, now_ns)
    soon = told(now_ns + 190_000_000, twist, mouse=mouse)
    assert (soon.asks, soon.gripper) == ([0.1, 0.0, -0.2, 0.0, 0.5, 0.0], 1.0)
    late = told(now_ns + 210_000_000, twist, mouse=mouse)
    assert (late.asks, late.gripper) == (None, None)


def test_a_page_s_twist_reaches_each_input_of_a_page_and_no_other() -> None:
    drivers = {"keys": "keyboard", "pad": "gamepad", "mouse": "spacemouse"}
    devices = {name: DeviceSettings(driver=driver) for name, driver in drivers.items()}
    agents = AgentSelector(devices, lambda: None, 0.05)
    now_ns = time.monotonic_ns()
    agents.press(Twist((0.1, 0.0, 0.0), (0.0, 0.0, 0.0), None, now_ns))
    said = {each.name: each.asks is not None for each in Inputs(devices, agents).status(now_ns)}
    assert said == {"keys": True, "pad": True, "mouse": False}
