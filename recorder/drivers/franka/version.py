"""Asks a robot which version of its interface (FCI) it speaks, without becoming its client."""

import socket

from ....simulation.controller.reading import receive_exactly
from ....simulation.controller.wire import CONNECT, CONNECTED, HEADER, PORT, Request
from ...devices.interfaces import DeviceSilent
from .words import connection_words

PATIENCE_S = 3.0
NOBODYS = 0  # a version that no robot speaks is answered, and refused


def fci_version(address: str) -> int:
    """Raises DeviceSilent where no robot answers, or none in these words."""
    size = HEADER.size + CONNECT.size
    request = HEADER.pack(Request.CONNECT, 1, size) + CONNECT.pack(NOBODYS, 0)
    try:
        with socket.create_connection((address, PORT), PATIENCE_S) as line:
            line.sendall(request)
            answer = receive_exactly(line, HEADER.size + CONNECTED.size)
    except ConnectionRefusedError as error:
        raise DeviceSilent(connection_words(address, "Connection to FCI refused")) from error
    except TimeoutError as error:
        raise DeviceSilent(connection_words(address, "Connection timeout")) from error
    except ConnectionError as error:
        raise DeviceSilent(connection_words(address, "the connection was closed")) from error
    except OSError as error:
        raise DeviceSilent(connection_words(address, error.strerror or str(error))) from error
    _, version = CONNECTED.unpack_from(answer, HEADER.size)
    return version
