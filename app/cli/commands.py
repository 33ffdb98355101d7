"""Every command of the command line: a field's text is its help."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import tyro

from ..web.errors import NoDataFolder
from .command import Command, default_data, require_at_least
from .model_commands import Evaluate, Finetune, ImportAdapter, MergeAdapter, Preset, Pretrain


@dataclass(frozen=True)
class Serve:
    """Open the pages for a browser; what `teachloop` alone does."""

    data: Path = field(default_factory=default_data)
    """Folder of takes, jobs and adapters; TEACHLOOP_DATA names another default."""
    source: Literal["simulated", "synthetic"] | None = None
    """Devices without settings: the simulated Franka, or test pictures at 30 frames a second."""
    station: Path | None = None
    """YAML file that says which robot, cameras and inputs there are; without it and a source,
    station.yaml in the data folder, or else the simulated Franka."""
    host: str = "127.0.0.1"
    """Address to listen on; any but this machine's own needs a password."""
    port: int = 7860
    """Port to listen on."""
    password: str = ""
    """Asked for by every page; better given in TEACHLOOP_PASSWORD, where other users of this
    machine do not see it."""
    certificate: Path | None = None
    """TLS certificate (PEM), which makes the address an https one."""
    certificate_key: Path | None = None
    """The certificate's private key (PEM), where it is a file of its own."""

    def run(self) -> int:
        from ..web.server import serve

        return serve(self, ready=lambda address: print(f"Open {address}", flush=True))


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
    password: str = ""
    """Asked of every station; better given in TEACHLOOP_POLICY_PASSWORD, there and here."""
    certificate: Path | None = None
    """TLS certificate (PEM), which makes the address an https one."""
    certificate_key: Path | None = None
    """The certificate's private key (PEM), where it is a file of its own."""

    def run(self) -> int:
        from .policy_serving import serve_policy

        return serve_policy(self, ready=lambda address: print(f"Serving {address}", flush=True))


@dataclass(frozen=True)
class Demo:
    """Run the whole loop unattended on the simulated Franka, and print what came of it."""

    episodes: int = 20
    """Takes to record of a task that the base has never seen."""
    rollouts: int = 50
    """Unseen layouts to try before and after fine-tuning."""
    seed: int = 11
    """Decides every layout; another seed records and tries others."""
    base: str = ""
    """Folder of the base policy to begin with; the shipped one when left out."""
    preset: Preset = "quick"
    """How much time to spend on training; tiny only tries whether everything runs."""
    out: Path | None = None
    """Folder for everything that is made; a new one under the data folder when left out."""
    json: bool = False
    """End with one line of JSON on standard output."""

    def run(self) -> int:
        require_at_least(1, episodes=self.episodes, rollouts=self.rollouts)
        require_at_least(0, seed=self.seed)
        from ..demo.loop import run_demo

        return run_demo(self)


@dataclass(frozen=True)
class RunTests:
    """Lint, types, import rules and all tests, the browser's included."""

    pytest_arguments: Annotated[tuple[str, ...], tyro.conf.Positional] = ()
    """Handed on to pytest, for example: tests/datasets -k damaged."""

    def run(self) -> int:
        from .checks import run_gates

        return run_gates(self.pytest_arguments)


@dataclass(frozen=True)
class Check:
    """Say what is wrong with a take or a data folder; exit code 1 when something is."""

    path: Annotated[Path, tyro.conf.Positional]
    """A take file, a take's folder, or a data folder."""

    def run(self) -> int:
        from ...datasets.takes.check import check

        faults = check(self.path)
        for fault in faults:
            print(fault)
        print(f"{self.path}: {f'{len(faults)} fault(s)' if faults else 'in order'}")
        return 1 if faults else 0


@dataclass(frozen=True)
class Recover:
    """Rescue takes that a crash or a kill interrupted; safe to repeat."""

    data: Path = field(default_factory=default_data)
    """The data folder."""

    def run(self) -> int:
        from ...datasets.takes.recover import recover

        if not self.data.is_dir():
            raise NoDataFolder(self.data)
        done = recover(self.data / "takes")
        for recovery in done:
            print(f"{recovery.folder.name}: {recovery.what}")
        print(f"{len(done)} take(s) recovered." if done else "Nothing to recover.")
        return 0


@dataclass(frozen=True)
class Version:
    """Print the versions that a result depends on."""

    def run(self) -> int:
        from ...training.adapters.card import installed_versions

        for name, found in installed_versions().items():
            print(f"{name} {found}")
        return 0


COMMANDS: dict[str, type[Command]] = {
    "serve": Serve,
    "serve-policy": ServePolicy,
    "demo": Demo,
    "test": RunTests,
    "check": Check,
    "recover": Recover,
    "pretrain": Pretrain,
    "finetune": Finetune,
    "evaluate": Evaluate,
    "import-adapter": ImportAdapter,
    "merge-adapter": MergeAdapter,
    "version": Version,
}
