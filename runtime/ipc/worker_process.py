"""A child process: started, watched, and gone when its parent is gone."""

import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..processes.child import ENDS_WITH_PARENT, Child, python_module
from ..validation import StrictModel
from .socket_folder import file_name

ORDERLY_S = 2.0  # for a process to put its things down


class WorkerSettings(StrictModel):
    """What a child is told at its start, as JSON; each child adds what it needs."""

    address: str = ""  # of its end of the line, set at each start


class WorkerProcess:
    """Runs ``python -m module`` with its settings; its stderr goes to a log file.

    The child reads its stdin, which ends when this process ends, however that happens.
    """

    def __init__(
        self,
        name: str,
        module: str,
        folder: Path,
        settings: WorkerSettings,
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """``environment``: instead of ours."""
        self.name, self.module, self._folder = name, module, folder
        self._settings, self._log, self._environment = settings, log, environment
        self._starts = 0
        self._process: Child | None = None

    def start(self, descriptors: Sequence[int]) -> str:
        """Start it (again); returns the address that it listens at. ``descriptors`` stay open
        in it."""
        self._starts += 1
        address = f"ipc://{self._folder}/{file_name(self.name)}{self._starts}"
        settings = self._settings.model_copy(update={"address": address}).model_dump_json()
        command = python_module(self.module, settings)
        self._process = Child.start(
            command,
            self._log,
            ENDS_WITH_PARENT,
            environment=self._environment,
            descriptors=descriptors,
        )
        return address

    @property
    def pid(self) -> int | None:
        """Its process id, once started."""
        return self._process.pid if self._process else None

    def gone(self) -> str | None:
        """Why it is gone, in words; None while it runs."""
        how = self._process.how_it_ended if self._process else None
        if self._process is None or how is None:
            return None
        said = self._process.last_words()
        return f"The {self.name} process {how}.{f' It said: {said}' if said else ''}"

    def stop(self) -> None:
        """Let it put its things down, then make sure that it is gone."""
        if self._process is not None:
            self._process.stop(ORDERLY_S + 1.0)


def watch_parent() -> threading.Event:
    """For a child: the event is set when the parent is gone; soon after, so is this process."""
    gone = threading.Event()
    threading.Thread(target=_wait_for_parent, args=(gone,), daemon=True).start()
    return gone


def _wait_for_parent(gone: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    gone.set()
    threading.Event().wait(ORDERLY_S)
    os._exit(1)
