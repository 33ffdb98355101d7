"""A station from its lock to its last word: what the process of a station runs."""

import contextlib
import fcntl
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import zmq

from ...runtime.atomic_file import write_whole
from ...runtime.errors import TeachloopError
from ...runtime.ipc.socket_folder import socket_folder
from ...runtime.processes.priority import set_priority, set_real_time
from ...runtime.regular_file import open_lock
from .command_handler import CommandHandler
from .config import StationConfig
from .endpoint import Endpoint, endpoint_file, fingerprint
from .station import Station
from .ticking import Ticking


class StationRuns(TeachloopError):
    """Another station serves this data folder."""

    def __init__(self, data: Path, pid: str) -> None:
        super().__init__(
            f"A station (process {pid}) serves {data} already. Use that one, or end it first."
        )


def serve(config: StationConfig) -> None:
    """Run a station until SIGTERM or SIGINT. Raises StationRuns for a second one."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: stopping.append(got))
    with alone(config.data), socket_folder() as folder, _context() as context:
        endpoint_file(config.data).unlink(missing_ok=True)  # of one that was killed
        with Station(config, context, folder) as station:
            announce(config.data, folder, fingerprint(config.settings))
            try:
                Ticking(station).run(stopping, CommandHandler(station).handle)
            finally:
                endpoint_file(config.data).unlink(missing_ok=True)


@contextlib.contextmanager
def alone(data: Path) -> Iterator[None]:
    """Be the only station of the data folder; the lock ends with its process."""
    (data / "station").mkdir(parents=True, exist_ok=True)
    with open_lock(data / "station" / "lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise StationRuns(data, lock.read().strip() or "unknown") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextlib.contextmanager
def _context() -> Iterator[zmq.Context]:
    """Sockets, whose thread is as urgent as the loop; a starved one would deliver no stop."""
    set_priority(-10)
    set_real_time(inherited=True)
    context = zmq.Context()
    context.socket(zmq.PAIR).close()  # the thread starts with the first socket
    set_real_time(inherited=False)
    try:
        yield context
    finally:
        context.destroy(linger=200)


def announce(data: Path, folder: Path, settings: str) -> Endpoint:
    """Write where the station answers, whole or not at all. ``settings`` tells it from others."""
    endpoint = Endpoint.in_folder(folder, os.getpid(), settings)
    write_whole(endpoint_file(data), endpoint.model_dump_json().encode())
    return endpoint
