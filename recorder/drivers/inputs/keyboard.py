"""The keyboard of whoever has a page open; held keys come with the page's messages."""

from ..no_device import NoDevice


class Keyboard(NoDevice):
    """Keys that are held in the page."""


Driver = Keyboard
