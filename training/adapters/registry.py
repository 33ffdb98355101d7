"""The registry of adapters: LoRA weights and all that is needed to trust and use them.

`<data>/adapters/<id>/adapter.json` beside the weights. A folder appears there whole or not
at all; a deleted one waits in `<data>/bin/adapters/`.
"""

import hashlib
import logging
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...runtime.errors import TeachloopError
from ...runtime.json_file import BrokenJson
from .card import CARD, AdapterCard, Comparison, read_card, write_card

logger = logging.getLogger(__name__)


class NoSuchAdapter(TeachloopError):
    def __init__(self, adapter_id: str, known: list[str]) -> None:
        super().__init__(f"No adapter {adapter_id!r}. Known: {', '.join(known) or 'none'}.")


class AdapterExists(TeachloopError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"There already is an adapter at {path}; rename or delete it first.")


class EmptyName(TeachloopError):
    def __init__(self) -> None:
        super().__init__("An adapter needs a name of at least one visible character.")


@dataclass(frozen=True, slots=True)
class Adapter:
    """A finished adapter: its folder and its card."""

    path: Path
    card: AdapterCard

    @property
    def id(self) -> str:
        return self.path.name


def sha256_of(path: Path) -> str:
    """Digest of a file, or of all files below a folder with their names."""
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file():
            digest.update(file.relative_to(path).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


@contextmanager
def new_adapter(data: Path) -> Iterator[Path]:
    """A hidden folder to fill: on a clean end it becomes an adapter, on an error it vanishes.

    Write the weights and `write_card` into it. Its name then is the adapter's id.
    """
    adapters = data / "adapters"
    adapters.mkdir(parents=True, exist_ok=True)
    adapter_id = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
    hidden = adapters / f".{adapter_id}"
    hidden.mkdir()
    try:
        yield hidden
        read_card(hidden)
        hidden.rename(adapters / adapter_id)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def finished_path(hidden: Path) -> Path:
    """Where the folder given by `new_adapter` will be once it is finished."""
    return hidden.with_name(hidden.name.lstrip("."))


def list_adapters(data: Path) -> list[Adapter]:
    """All finished adapters, newest first; one whose card is broken is logged and left out."""
    folders = [path.parent for path in (data / "adapters").glob(f"[!.]*/{CARD}")]
    found = (_open_or_log(path) for path in sorted(folders, reverse=True))
    return [adapter for adapter in found if adapter]


def _open_or_log(folder: Path) -> Adapter | None:
    try:
        return Adapter(folder, read_card(folder))
    except BrokenJson as error:
        logger.warning("%s", error)
        return None


def get_adapter(data: Path, adapter_id: str) -> Adapter:
    """Raises NoSuchAdapter."""
    for adapter in list_adapters(data):
        if adapter.id == adapter_id:
            return adapter
    raise NoSuchAdapter(adapter_id, [adapter.id for adapter in list_adapters(data)])


def rename_adapter(data: Path, adapter_id: str, name: str) -> Adapter:
    """Change the shown name; the id stays. Raises EmptyName, NoSuchAdapter."""
    if not name.strip():
        raise EmptyName
    adapter = get_adapter(data, adapter_id)
    return _rewritten(adapter, adapter.card.model_copy(update={"name": name.strip()}))


def record_evaluation(data: Path, adapter_id: str, evaluation: Comparison) -> Adapter:
    """Keep a comparison on the card. Raises NoSuchAdapter."""
    adapter = get_adapter(data, adapter_id)
    return _rewritten(adapter, adapter.card.model_copy(update={"evaluation": evaluation}))


def _rewritten(adapter: Adapter, card: AdapterCard) -> Adapter:
    write_card(adapter.path, card)
    return Adapter(adapter.path, card)


def delete_adapter(data: Path, adapter_id: str) -> Path:
    """Move an adapter to the bin; returns where it lies now."""
    return _move(get_adapter(data, adapter_id).path, data / "bin" / "adapters")


def restore_adapter(data: Path, adapter_id: str) -> Adapter:
    """Take an adapter out of the bin again. Raises NoSuchAdapter, AdapterExists."""
    binned = data / "bin" / "adapters"
    if not (binned / adapter_id / CARD).is_file():
        raise NoSuchAdapter(adapter_id, sorted(path.name for path in binned.glob("*")))
    _move(binned / adapter_id, data / "adapters")
    return get_adapter(data, adapter_id)


def _move(folder: Path, parent: Path) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    if (parent / folder.name).exists():
        raise AdapterExists(parent / folder.name)
    os.replace(folder, parent / folder.name)
    return parent / folder.name
