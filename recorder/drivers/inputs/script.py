"""The scripted expert, which knows simulated scenes."""

from ..no_device import NoDevice


class Script(NoDevice):
    """Does the simulated scene's task by itself."""


Driver = Script
