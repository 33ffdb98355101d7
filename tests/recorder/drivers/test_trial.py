"""What a trial says of an input."""

import pytest

from teachloop.recorder.devices.settings import DeviceSettings, ProcessSettings
from teachloop.recorder.drivers.trial import trial


def tried(driver: str, **settings: float) -> str:
    device = DeviceSettings(driver=driver, settings={**settings})
    result = trial(ProcessSettings(control_rate_hz=20, inputs={"stick": device}))
    assert result.ok
    return result.text


@pytest.mark.parametrize(("speed_m_s", "said"), [(0.05, "motions of stick"), (0.0, "no motion")])
def test_only_an_input_that_moves_is_said_to_move(speed_m_s: float, said: str) -> None:
    assert said in tried("made_up_input:MadeUpInput", speed_m_s=speed_m_s)


def test_the_keyboard_has_nothing_to_wait_for() -> None:
    assert tried("keyboard") == "It opens, and nobody moves it."
