"""Every family of policies behind one door. Imports nothing heavy."""

from importlib import import_module
from pathlib import Path

from .base_names import DEFAULT
from .interface import LoadedPolicy, PolicyFamily, TrainingConfig

FAMILIES: dict[str, str] = {
    "grounded": "..grounded.family",
    "openvla": "..openvla.family",
}
"""Name of a family → the module whose FAMILY it is, loaded when it is asked for."""
OF_THE_SHIPPED = "grounded"


def family(name: str) -> PolicyFamily[TrainingConfig]:
    """The family of that name."""
    return import_module(FAMILIES[name], __package__).FAMILY


def find_family(base: str) -> PolicyFamily[TrainingConfig] | None:
    """The first family that knows a base; None where nobody does."""
    known = (each for each in map(family, FAMILIES) if each.knows(base))
    return next(known, None)


def family_of(base: str) -> PolicyFamily[TrainingConfig]:
    """The family that a base is of. What nobody knows is left to the family of the shipped bases,
    which says what there is."""
    return find_family(base) or family(OF_THE_SHIPPED)


def absolute_name(base: str) -> str:
    """What names the base also elsewhere; nothing becomes the shipped one. Raises UnknownBase."""
    return family_of(base or DEFAULT).absolute_name(base or DEFAULT)


def open_policy(base: str, adapter: Path | None = None, bits: int = 0) -> LoadedPolicy:
    """Load a policy; it makes agents, one at a time.

    ``bits``: 4 or 8 to quantise an OpenVLA; 0: as it was trained. Raises TeachloopError on a
    base or adapter that cannot be used.
    """
    return family_of(base).open(base, adapter, bits)
