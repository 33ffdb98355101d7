"""The bases that a person picks from: shipped ones, folders in the data folder, and named ones.

`<data>/bases.json` remembers the names: folders, ids on the hub, addresses of policy servers.
"""

from pathlib import Path

from ...runtime.errors import TeachloopError
from ...runtime.text_list import add_text, read_texts
from ..serving.address import is_address
from .base_names import CONFIG, WEIGHTS, list_bases
from .interface import Plan
from .registry import family, find_family

NAMED = "bases.json"
SERVER = "server"  # the family of what another machine serves


class BaseChoice(Plan):
    """A base to pick."""

    name: str
    label: str
    family: str
    """Of the registered ones, or server."""


class NoBase(TeachloopError):
    def __init__(self, source: str) -> None:
        super().__init__(
            f"{source!r} is no base. Give a folder with {CONFIG} and {WEIGHTS}, an OpenVLA as a "
            "folder or an id of the hub (openvla/openvla-7b), or a policy server's address."
        )


def choices(data: Path) -> list[BaseChoice]:
    """All bases, the shipped ones first."""
    folders = [str(path) for path in sorted((data / "bases").glob("*")) if _family(str(path))]
    names = dict.fromkeys([*list_bases(), *folders, *read_texts(data / NAMED)])
    return [_card(name, known) for name in names if (known := _family(name))]


def add_base(data: Path, source: str) -> None:
    """Remember a base by its name. Raises NoBase."""
    source = source.strip()
    if not _family(source):
        raise NoBase(source)
    add_text(data / NAMED, source)


def _family(name: str) -> str:
    """Nothing where there is no such base."""
    if is_address(name):
        return SERVER
    known = find_family(name)
    return known.name if known else ""


def _card(name: str, named: str) -> BaseChoice:
    if named == SERVER:
        label = name if "/" in name else Path(name).name
        return BaseChoice(name=name, label=label, family=named, trains="", disk="", presets={})
    known = family(named)
    label = known.label(name)
    return BaseChoice(name=name, label=label, family=named, **dict(known.plan))
