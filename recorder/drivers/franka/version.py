"""Asks a robot which version of its interface (FCI) it speaks, without becoming its client."""

import socket
import struct

from ....simulation.controller.reading import receive_exactly
from ....simulation.controller.wire import CONNECT, CONNECTED, HEADER, PORT, Request
from ...devices.interfaces import DeviceSilent
from .words import connection_words

PATIENCE_S = 3.0
LONGEST = 64  # bytes of such an answer
NOBODYS = 0  # a version that no robot speaks is answered, and refused
NEWER = struct.Struct("<HH")  # how newer systems answer: a status, and their version


def fci_version(address: str) -> int:
    """Raises DeviceSilent where no robot answers, or none in these words."""
    try:
        answer = _asked(address)
    except ConnectionRefusedError as error:
        raise DeviceSilent(connection_words(address, "Connection to FCI refused")) from error
    except TimeoutError as error:
        raise DeviceSilent(connection_words(address, "Connection timeout")) from error
    except ConnectionError as error:
        raise DeviceSilent(connection_words(address, "the connection was closed")) from error
    except OSError as error:
        raise DeviceSilent(connection_words(address, error.strerror or str(error))) from error
    layout = CONNECTED if len(answer) == CONNECTED.size else NEWER
    if len(answer) < layout.size:
        raise DeviceSilent(connection_words(address, "it answers, and not as a robot does"))
    return layout.unpack_from(answer)[1]


def _asked(address: str) -> bytes:
    """What it answers to somebody who wants to be its client, behind the header. States would go
    to a port of ours. Raises OSError."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as states,
        socket.create_connection((address, PORT), PATIENCE_S) as line,
    ):
        states.bind(("", 0))
        asked = CONNECT.pack(NOBODYS, states.getsockname()[1])
        line.sendall(HEADER.pack(Request.CONNECT, 1, HEADER.size + len(asked)) + asked)
        _, _, size = HEADER.unpack(receive_exactly(line, HEADER.size))
        return receive_exactly(line, min(max(0, size - HEADER.size), LONGEST))
