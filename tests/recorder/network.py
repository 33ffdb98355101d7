"""A network between two machines that can be slow, and cut, in the test's own process."""

import contextlib
import os
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec

from teachloop.runtime.ipc.curve_keys import own_key, public_file, trust

PORTS = 3
P = ParamSpec("P")
_firsts = iter(range(20000 + os.getpid() % 1000 * 30, 60000, PORTS))


def free_ports() -> int:
    """The first of three in a row that are free, and that were not given before."""
    for first in _firsts:
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            for port in range(first, first + PORTS):
                listener = stack.enter_context(socket.socket())
                listener.bind(("127.0.0.1", port))
            return first
    raise AssertionError("no three ports are free")


def acquaint(one: Path, other: Path) -> None:
    """Make two folders of keys that know each other."""
    trust(one, public_file(other, own_key(other)))
    trust(other, public_file(one, own_key(one)))


class Network:
    """Carries three ports of one machine to the other."""

    def __init__(self, target: int, delay_s: float = 0.0) -> None:
        self.port = free_ports()
        self._target, self._delay_s = target, delay_s
        self._sockets: set[socket.socket] = set()
        self._listeners: list[socket.socket] = []

    def mend(self) -> None:
        """Carry from now on."""
        for offset in range(PORTS):
            listener = socket.create_server(("127.0.0.1", self.port + offset))
            self._listeners.append(listener)
            self._begin(self._accept, listener, self._target + offset)

    def cut(self) -> None:
        """Carry nothing more, and let nobody in."""
        for each in (*self._listeners, *tuple(self._sockets)):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._listeners.clear()
        self._sockets.clear()

    def _accept(self, listener: socket.socket, target: int) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._join(listener.accept()[0], target)

    def _join(self, near: socket.socket, target: int) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", target))
        except OSError:
            near.close()
            return
        self._sockets |= {near, far}
        self._begin(self._carry, near, far)
        self._begin(self._carry, far, near)

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        """Each piece arrives its delay after it was sent, however many are on their way."""
        pieces: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        self._begin(self._deliver, pieces, target)
        data = b" "
        while data:
            data = b""
            with contextlib.suppress(OSError):
                data = source.recv(1 << 18)
            pieces.put((time.monotonic() + self._delay_s, data))

    @staticmethod
    def _deliver(pieces: "queue.SimpleQueue[tuple[float, bytes]]", target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                due, data = pieces.get()
                time.sleep(max(0.0, due - time.monotonic()))
                if not data:
                    break
                target.sendall(data)
            target.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _begin(work: Callable[P, None], *arguments: P.args, **named: P.kwargs) -> None:
        threading.Thread(target=work, args=arguments, kwargs=named, daemon=True).start()


@contextlib.contextmanager
def network(target: int, delay_s: float = 0.0) -> Iterator[Network]:
    carried = Network(target, delay_s)
    carried.mend()
    try:
        yield carried
    finally:
        carried.cut()
