"""The inputs of a station, as pages need to know them."""

from collections.abc import Mapping, Sequence

from ..agents.selector import AgentSelector
from ..devices.settings import PAGE_DRIVERS, DeviceSettings
from ..devices.settings_file import BadSettings, parse_model
from ..drivers.registry import UnknownDriver, input_driver
from .status import InputStatus


class Inputs:
    """What each is and can be told, looked up once, and what its hand asks for now."""

    def __init__(self, inputs: Mapping[str, DeviceSettings], agents: AgentSelector) -> None:
        self._cards = [_card(name, device) for name, device in inputs.items()]
        self._agents = agents

    def status(self, now_ns: int) -> Sequence[InputStatus]:
        """In their order."""
        return [self._asking(card, now_ns) for card in self._cards]

    def _asking(self, card: InputStatus, now_ns: int) -> InputStatus:
        twist = self._agents.asked(card.name, now_ns)
        if twist is None:
            return card
        asks = [*twist.linear_m_s, *twist.angular_rad_s]
        return card.model_copy(update={"asks": asks, "gripper": twist.gripper})


def _card(name: str, device: DeviceSettings) -> InputStatus:
    """Drivers of pages are told in the page what they can be told; others, where they are."""
    card = InputStatus(name=name, driver=device.driver)
    if device.driver not in PAGE_DRIVERS:
        return card.model_copy(update={"settings": device.settings})
    try:
        kind = input_driver(device.driver).Settings
        told = parse_model(kind, f"The settings of input {name!r}", device.settings)
    except (BadSettings, UnknownDriver) as error:
        return card.model_copy(update={"problem": str(error)})
    return card.model_copy(update={"settings": told.model_dump(mode="json")})
