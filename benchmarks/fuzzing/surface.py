"""What a kind of thing that comes from outside has to be for the harness."""

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Protocol

from .mutators import Mutator

LONGEST_WORDS = 4000  # characters that say why something is refused
NO_WORDS = re.compile(r"Traceback|object at 0x|<class '|\bNoneType\b|server failed|station failed")


class Surface(Protocol):
    """One kind. Made once in the process that feeds it, with an empty folder of its own."""

    def feed(self, m: Mutator) -> str:
        """Make one mutated input and hand it to the product; why it was refused, or nothing where
        it was accepted. Whatever is raised here is a fault of the product."""
        ...


class Accepted(Exception):
    """Something was accepted that must not be, or differs from what was said."""


SURFACES: Mapping[str, str] = {
    name: f"{__package__}.surfaces.{name}"
    for name in (
        "takes",
        "labels",
        "adapters",
        "jobs",
        "weights",
        "settings",
        "rest",
        "websocket",
        "station",
        "policy",
        "catalog",
        "rlbench",
        "lerobot",
        "robomimic",
        "droid",
        "remote",
    )
}


def opened(name: str, folder: Path) -> Surface:
    """The surface of that name, with good samples made in ``folder``."""
    return import_module(SURFACES[name]).SURFACE(folder)


def no_words(text: str) -> str:
    """Why a refusal says nothing to a person; nothing where it does."""
    if len(text.split()) < 3:
        return "a refusal of fewer than three words"
    if len(text) > LONGEST_WORDS:
        return f"a refusal of {len(text)} characters"
    found = NO_WORDS.search(text)
    if found:
        return f"a refusal in a program's words ({found[0]})"
    try:
        text.encode()
    except UnicodeEncodeError:
        return "a refusal that cannot be sent: half a character is in it"
    return ""
