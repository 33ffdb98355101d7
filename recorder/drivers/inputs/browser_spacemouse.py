"""A SpaceMouse at the computer of whoever has a page open; its motion comes with the page's
messages."""

from ..no_device import NoDevice
from ..spacemouse.settings import SpaceMouseSettings


class BrowserSpaceMouse(NoDevice):
    """A SpaceMouse at the computer of whoever has the page open, by WebHID: Chrome, Edge. Try, on
    Record, connects it."""

    Settings = SpaceMouseSettings


Driver = BrowserSpaceMouse
