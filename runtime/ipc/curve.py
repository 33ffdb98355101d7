"""Sockets between machines: encrypted, and only between those that know each other's key."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import zmq
from zmq.auth.thread import ThreadAuthenticator
from zmq.utils.monitor import recv_monitor_message

from ..errors import TeachloopError
from .curve_keys import OwnKey, PublicKey, known_keys

DOMAIN = "teachloop"
HEARTBEAT_MS, SILENT_MS = 500, 2500
HANDSHAKE_MS = 5000
RECONNECT_MS, SLOWEST_RECONNECT_MS = 100, 1000
LARGEST = 64 << 20  # bytes of one message part: four pictures at their largest
Socket = zmq.Socket[bytes]


class _Known:
    """Asked at every handshake, so that a key holds as soon as its file is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def callback(self, _domain: str, key: bytes) -> bool:
        """Whether the machine of this public key (Z85) may come in."""
        try:
            return key.decode() in [each.public for each in known_keys(self._folder)]
        except TeachloopError:
            return False


@contextmanager
def only_known(context: zmq.Context, folder: Path) -> Iterator[None]:
    """For the block, sockets that listen in this context let in whose keys are known."""
    authenticator = ThreadAuthenticator(context)
    authenticator.start()
    try:
        authenticator.configure_curve_callback(DOMAIN, _Known(folder))
        yield
    finally:
        authenticator.stop()


def listen(socket: Socket, own: OwnKey, address: str) -> Socket:
    """Bind, for those alone whom ``only_known`` lets in. Raises zmq.ZMQError."""
    socket.curve_server = True
    _identify(socket, own)
    socket.setsockopt_string(zmq.ZAP_DOMAIN, DOMAIN)
    socket.zap_enforce_domain = True  # where nobody checks keys, nobody comes in
    socket.bind(address)
    return socket


def connect(socket: Socket, own: OwnKey, server: PublicKey, address: str) -> Socket:
    """Connect, again and again; nothing waits in the socket while there is no connection."""
    socket.curve_serverkey = server.public.encode()
    _identify(socket, own)
    socket.immediate = True
    socket.reconnect_ivl, socket.reconnect_ivl_max = RECONNECT_MS, SLOWEST_RECONNECT_MS
    socket.connect(address)
    return socket


def _identify(socket: Socket, own: OwnKey) -> None:
    socket.curve_publickey, socket.curve_secretkey = own.public.encode(), own.secret.encode()
    socket.linger, socket.maxmsgsize = 0, LARGEST
    socket.heartbeat_ivl, socket.heartbeat_timeout = HEARTBEAT_MS, SILENT_MS
    socket.handshake_ivl = HANDSHAKE_MS


class Handshakes:
    """Why a socket that connects is not heard, as far as its library knows."""

    def __init__(self, socket: Socket) -> None:
        self._monitor = socket.get_monitor_socket()
        self._seen: set[int] = set()

    @property
    def reached(self) -> bool:
        """Whether something listens at the address."""
        return zmq.Event.CONNECTED in self._events()

    @property
    def succeeded(self) -> bool:
        return zmq.Event.HANDSHAKE_SUCCEEDED in self._events()

    @property
    def refused(self) -> bool:
        """Whether the other side said that it does not know our key."""
        return zmq.Event.HANDSHAKE_FAILED_AUTH in self._events()

    def _events(self) -> set[int]:
        while self._monitor.poll(0):
            self._seen.add(recv_monitor_message(self._monitor)["event"])
        return self._seen

    def close(self) -> None:
        self._monitor.close(linger=0)
