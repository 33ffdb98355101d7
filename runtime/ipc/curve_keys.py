"""Keys by which two machines know each other: one pair of our own, and the public ones of others.

A folder holds ``own.json``, for its owner alone, ``<name>.public.json``, to be copied to others,
and in ``known/`` what was copied here. Who is not in there does not get in.
"""

import re
import socket
from pathlib import Path
from typing import Annotated, TypeVar

import zmq
from pydantic import Field, ValidationError

from ..atomic_file import PRIVATE, write_whole
from ..errors import TeachloopError
from ..regular_file import read_bytes
from ..validation import StrictModel

OWN, KNOWN, PUBLIC = "own.json", "known", ".public.json"
OTHERS = 0o077
Z85Key = Annotated[str, Field(pattern=r"^[0-9a-zA-Z.\-:+=^!/*?&<>()\[\]{}@%$#]{40}$")]
MachineName = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z_-]{0,62}$")]


class PublicKey(StrictModel):
    """What others may know of a machine, and have to know to talk with it."""

    name: MachineName
    public: Z85Key


class OwnKey(PublicKey):
    secret: Annotated[Z85Key, Field(repr=False)]


Key = TypeVar("Key", bound=PublicKey)


class BadKey(TeachloopError):
    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is no key that can be used: {reason}")


class KeyReadable(BadKey):
    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            f"other users of this machine can read it. Make another with 'teachloop keys' after "
            f"removing it, or, where nobody has read it: chmod 600 {path}",
        )


class NotKnown(TeachloopError):
    """No public key of the machine that is asked for."""

    def __init__(self, folder: Path, host: str, known: list[str]) -> None:
        there = f"Known are {', '.join(known)}." if known else "None is known."
        super().__init__(
            f"Which key has {host}? {there} Copy its {PUBLIC[1:]} file here, then say: "
            f"teachloop keys --keys {folder} --trust FILE"
        )


def default_keys() -> Path:
    """Of this machine's user, whatever the data folder."""
    return Path.home() / ".config" / "teachloop" / "keys"


def own_key(folder: Path) -> OwnKey:
    """This machine's pair, made on first use. Raises BadKey, KeyReadable."""
    path = folder / OWN
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        public, secret = zmq.curve_keypair()
        made = OwnKey(name=_host_name(), public=public.decode(), secret=secret.decode())
        write_whole(path, made.model_dump_json().encode(), durable=True, mode=PRIVATE)
    if path.stat().st_mode & OTHERS:
        raise KeyReadable(path)
    key = _read(path, OwnKey)
    shown = PublicKey(name=key.name, public=key.public).model_dump_json().encode()
    if not public_file(folder, key).exists():
        write_whole(public_file(folder, key), shown)
    return key


def public_file(folder: Path, key: PublicKey) -> Path:
    """What is copied to the other machine."""
    return folder / f"{key.name}{PUBLIC}"


def trust(folder: Path, file: Path) -> PublicKey:
    """Let the machine in whose public key this is. Raises BadKey."""
    key = _read(file, PublicKey)
    (folder / KNOWN).mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(folder / KNOWN / f"{key.name}{PUBLIC}", key.model_dump_json().encode())
    return key


def known_keys(folder: Path) -> list[PublicKey]:
    """Of the machines that may come in. Raises BadKey."""
    return [_read(path, PublicKey) for path in sorted((folder / KNOWN).glob(f"*{PUBLIC}"))]


def key_of(folder: Path, host: str) -> PublicKey:
    """The public key of a host: the one of its name, or else the only one. Raises NotKnown."""
    keys = known_keys(folder)
    named = [key for key in keys if key.name == host.partition(".")[0]]
    found = named or keys
    if len(found) != 1:
        raise NotKnown(folder, host, [key.name for key in keys])
    return found[0]


def _read(path: Path, kind: type[Key]) -> Key:
    try:
        return kind.model_validate_json(read_bytes(path))
    except (OSError, ValidationError):
        wanted = ", ".join(kind.model_fields)
        raise BadKey(
            path, f"it should be a JSON file with {wanted}, as 'teachloop keys' makes."
        ) from None


def _host_name() -> str:
    plain = re.sub(r"[^0-9A-Za-z_-]", "", socket.gethostname().partition(".")[0])[:63]
    return plain.lstrip("_-") or "machine"
