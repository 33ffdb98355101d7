"""The registry of adapters: LoRA weights and all that is needed to trust and use them.

`<data>/adapters/<id>/adapter.json` beside the weights. A folder appears there whole or not
at all; a deleted one waits in `<data>/bin/adapters/`.
"""

import contextlib
import hashlib
import itertools
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...runtime.errors import TeachloopError
from ...runtime.ids import next_stamp
from ...runtime.json_file import BrokenJson
from .card import CARD, AdapterCard, Comparison, read_card, write_card

BIN = Path("bin", "adapters")  # in the data folder


class NoSuchAdapter(TeachloopError):
    def __init__(self, adapter_id: str, known: list[str]) -> None:
        super().__init__(f"No adapter {adapter_id!r}. Known: {', '.join(known) or 'none'}.")


class AdapterDamaged(TeachloopError):
    def __init__(self, adapter_id: str, reason: str) -> None:
        super().__init__(f"Adapter {adapter_id} cannot be used: {reason}")


class AdapterExists(TeachloopError):
    def __init__(self, path: Path) -> None:
        super().__init__(f"There already is an adapter at {path}; rename or delete it first.")


class NameTaken(TeachloopError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is another adapter {name!r}: give this one a name that tells them apart."
        )


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


@dataclass(frozen=True, slots=True)
class DamagedAdapter:
    """An adapter whose card cannot be read, and why."""

    path: Path
    reason: str

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
    adapter_id = f"{next_stamp(_given(data))}-{secrets.token_hex(2)}"
    hidden = adapters / f".{adapter_id}"
    hidden.mkdir()
    try:
        yield hidden
        read_card(hidden)
        hidden.rename(adapters / adapter_id)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _given(data: Path) -> list[str]:
    """Ids of all adapters, also of those in the bin or half done."""
    folders = data / "adapters", data / BIN
    return [path.name.lstrip(".") for folder in folders for path in folder.glob("*")]


def finished_path(hidden: Path) -> Path:
    """Where the folder given by `new_adapter` will be once it is finished."""
    return hidden.with_name(hidden.name.lstrip("."))


def list_adapters(data: Path) -> list[Adapter]:
    """All finished adapters whose cards can be read, newest first."""
    return [each for each in list_all(data) if isinstance(each, Adapter)]


def list_all(data: Path) -> list[Adapter | DamagedAdapter]:
    """All finished adapters, newest first."""
    folders = [path.parent for path in (data / "adapters").glob(f"[!.]*/{CARD}")]
    return [_opened(path) for path in sorted(folders, reverse=True)]


def _opened(folder: Path) -> Adapter | DamagedAdapter:
    try:
        return Adapter(folder, read_card(folder))
    except BrokenJson as error:
        return DamagedAdapter(folder, str(error))


def get_adapter(data: Path, adapter_id: str) -> Adapter:
    """Raises NoSuchAdapter, AdapterDamaged."""
    known = {adapter.id: adapter for adapter in list_all(data)}
    if adapter_id not in known:
        raise NoSuchAdapter(adapter_id, list(known))
    found = known[adapter_id]
    if isinstance(found, DamagedAdapter):
        raise AdapterDamaged(found.id, found.reason)
    return found


def rename_adapter(data: Path, adapter_id: str, name: str) -> Adapter:
    """Change the shown name; the id stays. Raises EmptyName, NameTaken, NoSuchAdapter."""
    name = name.strip()
    if not name:
        raise EmptyName
    adapter = get_adapter(data, adapter_id)
    if name in [other.card.name for other in list_adapters(data) if other.id != adapter_id]:
        raise NameTaken(name)
    return _rewritten(adapter, adapter.card.model_copy(update={"name": name}))


def free_name(data: Path, name: str) -> str:
    """The name, or where another adapter has it already, the name and a number."""
    taken = {adapter.card.name for adapter in list_adapters(data)}
    numbered = (f"{name} {number}" for number in itertools.count(2))
    return next(each for each in itertools.chain([name], numbered) if each not in taken)


def record_evaluation(data: Path, adapter_id: str, evaluation: Comparison) -> Adapter:
    """Keep a comparison on the card, and what was found before. Raises NoSuchAdapter."""
    adapter = get_adapter(data, adapter_id)
    card = adapter.card
    before = (card.evaluation, *card.earlier) if card.evaluation else card.earlier
    changed = {"evaluation": evaluation, "earlier": before}
    return _rewritten(adapter, card.model_copy(update=changed))


def _rewritten(adapter: Adapter, card: AdapterCard) -> Adapter:
    write_card(adapter.path, card)
    return Adapter(adapter.path, card)


def delete_adapter(data: Path, adapter_id: str) -> Path:
    """Move an adapter to the bin, also a damaged one; returns where it lies now. Raises
    NoSuchAdapter."""
    known = {adapter.id: adapter.path for adapter in list_all(data)}
    if adapter_id not in known:
        raise NoSuchAdapter(adapter_id, list(known))
    return _move(known[adapter_id], data / BIN)


def known_name(data: Path, adapter_id: str) -> str:
    """What an adapter is called, also one in the bin; its id where nobody knows any more."""
    for parent in (data / "adapters", data / BIN):
        with contextlib.suppress(BrokenJson):
            return read_card(parent / adapter_id).name
    return adapter_id


def restore_adapter(data: Path, adapter_id: str) -> Adapter:
    """Take an adapter out of the bin again. Raises NoSuchAdapter, AdapterExists."""
    binned = data / BIN
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
