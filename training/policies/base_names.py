"""Which bases there are, by name, folder or hub id. Imports nothing heavy."""

import re
from pathlib import Path

from ...runtime.errors import TeachloopError
from ...runtime.json_file import BrokenJson, read_json

BASES = Path(__file__).parents[1] / "bases"
DEFAULT = "panda-tabletop"
WEIGHTS, CONFIG = "model.safetensors", "policy.json"
HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


class UnknownBase(TeachloopError):
    """No folder of that name or path holds a base."""

    def __init__(self, name: str) -> None:
        known = ", ".join(list_bases()) or "none"
        super().__init__(f"No base {name!r}. Shipped: {known}; or give a folder with {WEIGHTS}.")


def list_bases() -> list[str]:
    """Names of the shipped bases."""
    return sorted(path.parent.name for path in BASES.glob(f"*/{WEIGHTS}"))


def base_folder(name: str) -> Path:
    """The folder of a base, by shipped name or path. Raises UnknownBase."""
    for folder in (BASES / name, Path(name)):
        if is_there(folder / WEIGHTS):
            return folder
    raise UnknownBase(name)


def is_there(path: Path) -> bool:
    """Whether a path exists; one that is too long to be one does not."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def split_base(base: str) -> tuple[str, str]:
    """A folder or hub id, and which of the robots that it knows is meant: what follows a ``#``,
    as in ``openvla/openvla-7b#bridge_orig``; nothing where none is named."""
    if is_there(Path(base)):
        return base, ""
    source, _, robot = base.partition("#")
    return source, robot


def is_openvla(base: str) -> bool:
    """Whether a base is an OpenVLA: by its configuration, or by its id on the hub."""
    base, _ = split_base(base)
    config = Path(base) / "config.json"
    if is_there(config):
        try:
            return read_json(config).get("model_type") == "openvla"
        except BrokenJson:
            return False
    return bool(HUB_ID.fullmatch(base)) and "openvla" in base.lower() and not is_there(Path(base))


def absolute_name(base: str) -> str:
    """What names the base also elsewhere: a folder becomes absolute, a name or a hub id stays,
    nothing becomes the shipped one. Raises UnknownBase."""
    if not base or base in list_bases():
        return base or DEFAULT
    if not is_openvla(base):
        return str(base_folder(base).resolve())
    source, _ = split_base(base)
    return f"{Path(source).resolve()}{base[len(source) :]}" if is_there(Path(source)) else base
