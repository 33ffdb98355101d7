"""The hand's side of its interface: requests over TCP, and states over UDP."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable

from ...geometry.panda import HAND_OPENING_M
from .gripper_wire import (
    CONNECT,
    CONNECTED,
    ENDED,
    GRASP,
    HEADER,
    MOVE,
    PORT,
    STATE,
    VERSION,
    HandRequest,
    HandStatus,
)
from .hand import Hand
from .reading import receive_exactly

STATES_S = 0.02
TEMPERATURE_C = 30


class GripperServer:
    """A hand at an address, for any number of clients."""

    def __init__(self, hand: Hand, host: str) -> None:
        self._hand, self._host = hand, host
        self._listening = socket.create_server((host, PORT))

    def start(self) -> None:
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        client = HandClient(connection, self._hand, self._host)
        try:
            while True:
                client.handle(*client.request())
        except (ConnectionError, OSError):
            pass
        finally:
            client.close()


class HandClient:
    """Whoever uses the hand. What lasts is done beside, so that a stop can come between."""

    def __init__(self, connection: socket.socket, hand: Hand, host: str) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection, self._hand, self._host = connection, hand, host
        self._sending, self._gone = threading.Lock(), threading.Event()

    def close(self) -> None:
        self._gone.set()
        self._connection.close()

    def request(self) -> tuple[HandRequest, int, bytes]:
        """Wait for the next one. Raises ConnectionError where there will be no more."""
        request, number, size = HEADER.unpack(receive_exactly(self._connection, HEADER.size))
        if request not in set(HandRequest) or not HEADER.size <= size < 1 << 12:
            raise ConnectionError
        return HandRequest(request), number, receive_exactly(self._connection, size - HEADER.size)

    def handle(self, request: HandRequest, number: int, payload: bytes) -> None:
        hand = self._hand
        if request == HandRequest.CONNECT:
            self._connect(number, payload)
        elif request == HandRequest.STOP:
            self._reply(request, number, ENDED.pack(hand.stop()))
        elif request == HandRequest.HOMING:
            self._beside(request, number, hand.home)
        elif request == HandRequest.MOVE:
            self._beside(request, number, lambda: hand.move(*MOVE.unpack(payload)))
        else:
            self._beside(request, number, lambda: hand.grasp(*GRASP.unpack(payload)))

    def _connect(self, number: int, payload: bytes) -> None:
        version, port = CONNECT.unpack(payload)
        fits = version == VERSION
        self._reply(HandRequest.CONNECT, number, CONNECTED.pack(not fits, VERSION))
        if not fits:
            raise ConnectionError
        threading.Thread(target=self._tell, args=(port,), daemon=True).start()

    def _beside(self, request: HandRequest, number: int, act: Callable[[], HandStatus]) -> None:
        def run() -> None:
            with contextlib.suppress(OSError):  # it may have left meanwhile
                self._reply(request, number, ENDED.pack(act()))

        threading.Thread(target=run, daemon=True).start()

    def _tell(self, port: int) -> None:
        target, number = (self._connection.getpeername()[0], port), 0
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as states:
            states.bind((self._host, 0))
            while not self._gone.is_set():
                number += 1
                said = (number, self._hand.width_m, HAND_OPENING_M)
                state = STATE.pack(*said, self._hand.grasped, TEMPERATURE_C)
                try:
                    states.sendto(state, target)
                except OSError:
                    return
                time.sleep(STATES_S)

    def _reply(self, request: HandRequest, number: int, payload: bytes) -> None:
        header = HEADER.pack(request, number, HEADER.size + len(payload))
        with self._sending:
            self._connection.sendall(header + payload)
