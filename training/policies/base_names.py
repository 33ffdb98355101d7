"""Which bases there are, by name, folder or hub id. Imports nothing heavy."""

from pathlib import Path

from ...runtime.errors import TeachloopError

BASES = Path(__file__).parents[1] / "bases"
DEFAULT = "panda-tabletop"
WEIGHTS, CONFIG = "model.safetensors", "policy.json"


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
