"""The bases that a person picks from: shipped ones, folders in the data folder, and named ones.

`<data>/bases.json` remembers the names: folders, ids on the hub, addresses of policy servers.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ...runtime.errors import TeachloopError
from ...runtime.text_list import add_text, read_texts
from ..grounded.stages import PRESETS
from ..openvla.recipe import PRESETS as OPENVLA_STEPS
from ..serving.address import is_address
from .base_names import CONFIG, WEIGHTS, is_openvla, is_there, list_bases

NAMED = "bases.json"
GROUNDED_TIMES = {
    "tiny": "less than a minute",
    "quick": "about 3 min on 2 cores",
    "better": "about 10 min on 2 cores",
}


Family = Literal["grounded", "openvla", "server"]


class Plan(BaseModel):
    """What a person wants to know before training on a base."""

    model_config = ConfigDict(frozen=True)

    trains: str
    disk: str
    presets: dict[str, tuple[str, str]]
    """Steps and time of each preset, in words."""


class BaseChoice(Plan):
    """A base to pick."""

    name: str
    label: str
    family: Family


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
    return [_card(name, family) for name in names if (family := _family(name))]


def add_base(data: Path, source: str) -> None:
    """Remember a base by its name. Raises NoBase."""
    source = source.strip()
    if not _family(source):
        raise NoBase(source)
    add_text(data / NAMED, source)


def _family(name: str) -> Family | None:
    """None where there is no such base."""
    if is_address(name):
        return "server"
    if is_openvla(name):
        return "openvla"
    whole = all(is_there(Path(name) / part) for part in (CONFIG, WEIGHTS))
    return "grounded" if name in list_bases() or whole else None


def _card(name: str, family: Family) -> BaseChoice:
    label = name if family in ("server", "openvla") and "/" in name else Path(name).name
    return BaseChoice(name=name, label=label, family=family, **dict(_plan(family)))


def _plan(family: Family) -> Plan:
    if family == "server":
        return Plan(trains="", disk="", presets={})
    if family == "openvla":
        steps = {name: (f"{count} steps", "needs a GPU") for name, count in OPENVLA_STEPS.items()}
        trains = "LoRA on vision, projector and language"
        return Plan(trains=trains, disk="about 450 MB", presets=steps)
    return Plan(
        trains="LoRA and the action head",
        disk="about 10 MB",
        presets={
            name: (f"{sum(stage.steps for stage in stages)} steps", GROUNDED_TIMES[name])
            for name, stages in PRESETS.items()
        },
    )
