"""`teachloop serve`: the pages."""

import gc
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .command import default_data


@dataclass(frozen=True)
class Serve:
    """Open the pages for a browser; what `teachloop` alone does."""

    data: Path = field(default_factory=default_data)
    """Folder of takes, jobs and adapters; TEACHLOOP_DATA names another default."""
    source: Literal["simulated", "synthetic"] | None = None
    """Devices without settings: the simulated Franka, or test pictures at 30 frames a second."""
    station: str = ""
    """YAML or TOML file that says which robot, cameras and inputs there are, or tcp://HOST:PORT
    of a `teachloop station` on another machine; without it and a source, station.yaml in the data
    folder, or else the simulated Franka."""
    robot: str = ""
    """Driver of another robot than the station's: panda, or any that Set-up lists."""
    robot_address: str = ""
    """Where that robot is, as Desk has it; simulated cameras then look at what is before the
    simulated controller there."""
    keys: Path | None = None
    """Folder of keys, for a station on another machine; ~/.config/teachloop/keys when left out."""
    host: str = "127.0.0.1"
    """Address to listen on; any but this machine's own needs a password."""
    name: tuple[str, ...] = ()
    """Further names that browsers open it by, such as a proxy's; this machine's own, in any
    domain, are known."""
    port: int = 7860
    """Port to listen on."""
    password: str = field(default="", repr=False)
    """Asked for by every page; better given in TEACHLOOP_PASSWORD, where other users of this
    machine do not see it."""
    label_password: str = field(default="", repr=False)
    """Lets others in to look and to label; better given in TEACHLOOP_LABEL_PASSWORD."""
    look_password: str = field(default="", repr=False)
    """Lets others in to look, and to stop the robot; better given in TEACHLOOP_LOOK_PASSWORD."""
    certificate: Path | None = None
    """TLS certificate (PEM), which makes the address an https one."""
    certificate_key: Path | None = None
    """The certificate's private key (PEM), where it is a file of its own."""

    def run(self) -> int:
        gc.disable()  # all that is imported stays; to look through it each time takes half a second
        from ...datasets.layout_version import begin
        from ..web.server import serve

        begin(self.data)
        return serve(self, ready=_tell)


def _tell(address: str) -> None:
    gc.freeze()
    gc.enable()
    print(f"Open {address}", flush=True)
