"""`teachloop serve-policy`: a policy that thinks for other machines."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .command import default_data


@dataclass(frozen=True)
class ServePolicy:
    """Let a policy think here, for stations without a GPU and for clients of openpi's; stations
    name this address as a base."""

    data: Path = field(default_factory=default_data)
    """Folder of the adapters."""
    adapter: str = ""
    """Id of the adapter; the base alone when left out."""
    base: str = ""
    """Base, where no adapter names it: a folder, a hub id, or the shipped one when left out."""
    bits: Literal[0, 4, 8] = 0
    """Quantise an OpenVLA (needs a GPU and bitsandbytes); 0: as it was trained."""
    cameras_of: str = ""
    """Id of a take whose cameras' calibration holds for clients that send none; the adapter's
    newest when left out."""
    host: str = "127.0.0.1"
    """Address to listen on; any but this machine's own needs a password."""
    port: int = 7861
    """Port to listen on."""
    password: str = field(default="", repr=False)
    """Asked of every station; better given in TEACHLOOP_POLICY_PASSWORD, there and here."""
    certificate: Path | None = None
    """TLS certificate (PEM), which makes the address an https one."""
    certificate_key: Path | None = None
    """The certificate's private key (PEM), where it is a file of its own."""

    def run(self) -> int:
        from ..web.policy_service import serve_policy

        return serve_policy(self, ready=lambda address: print(f"Serving {address}", flush=True))
