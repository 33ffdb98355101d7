"""Somebody names what they have as the weights of a method."""

import os
from pathlib import Path

from ..methods import Methods
from .settings_file import name_weights
from .storage import local


def use_weights(data: Path, methods: Methods, method: str, weights: str) -> None:
    """Remember a file, folder or hub id in the data folder's settings, once the method's own check
    has found it to be what it should be.

    Raises UnknownMethod, UnusableMethod, NoWeightsTaken, WrongSettings, OSError, and what that
    check raises; then all is as it was.
    """
    path = local(weights)
    found = str(path.absolute()) if os.path.exists(path) else weights  # whatever it is made of
    methods.check(method, found)
    name_weights(data, method, found)
