"""Asks the gate of a station on another machine, and says in words why it does not answer."""

from pathlib import Path
from types import TracebackType

import zmq

from ...runtime.errors import TeachloopError
from ...runtime.ipc.curve import Handshakes, connect
from ...runtime.ipc.curve_keys import OwnKey, PublicKey, key_of, own_key, public_file
from ...runtime.ipc.serialization import pack
from ..station.endpoint import StationAway
from .address import StationAddress
from .envelopes import Answered, Asked
from .messages import FOR_GATE, Reply, Request, reply_from

ANSWER_S = 6.0  # longer than a handshake may take


class Refused(TeachloopError):
    """The other machine does not know us."""

    def __init__(self, address: StationAddress, server: PublicKey, file: Path) -> None:
        super().__init__(
            f"{server.name} ({address}) does not know the key of this machine. Copy {file} there, "
            f"then say there: teachloop keys --trust {file.name}"
        )


class WrongKey(TeachloopError):
    """Who answers has another key than the one that we know."""

    def __init__(self, address: StationAddress, server: PublicKey) -> None:
        super().__init__(
            f"What answers at {address} is not the machine whose key is known here as "
            f"{server.name}. Copy its public key here again ('teachloop keys' says there which "
            "file that is), and see that the address is right."
        )


class NobodyAnswers(StationAway):
    def __init__(self, address: StationAddress) -> None:
        super().__init__(
            f"Nobody answers at {address}. Start the station there: teachloop station --listen "
            f"tcp://0.0.0.0:{address.port}; and see that ports {address.port} to "
            f"{address.port + 2} are open."
        )


class GateClient:
    """For one thread; use as a context manager. Raises NotKnown, BadKey when it is made."""

    def __init__(self, address: StationAddress, keys: Path) -> None:
        self._address, self._keys = address, keys
        self._own: OwnKey = own_key(keys)
        self._server: PublicKey = key_of(keys, address.host)
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._handshakes = Handshakes(self._socket)
        connect(self._socket, self._own, self._server, address.at())
        self._number = 0

    def ask(self, request: Request, reply: type[Reply]) -> Reply:
        """Raises Refused, WrongKey, NobodyAnswers, NotGiven, and Invalid for another version's
        answer."""
        self._number += 1
        asked = Asked(FOR_GATE, self._number, 0, pack(request))
        if self._socket.poll(round(ANSWER_S * 1000), zmq.POLLOUT):
            self._socket.send_multipart(asked.parts)
            while self._socket.poll(round(ANSWER_S * 1000)):
                answer = Answered.of(self._socket.recv_multipart())
                if answer.number == self._number:
                    return reply_from(answer.payload, reply)
        raise self._why()

    def _why(self) -> TeachloopError:
        if self._handshakes.refused:
            return Refused(self._address, self._server, public_file(self._keys, self._own))
        if self._handshakes.reached and not self._handshakes.succeeded:
            return WrongKey(self._address, self._server)
        return NobodyAnswers(self._address)

    def __enter__(self) -> "GateClient":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._handshakes.close()
        self._context.destroy(linger=0)
