"""Asks a robot which version of its interface (FCI) it speaks, without becoming its client."""

import socket
import struct

from ...devices.interfaces import DeviceSilent
from .words import connection_words

PORT = 1337
PATIENCE_S = 3.0
HEADER = struct.Struct("<III")  # request, its number, and the size with this header
CONNECT, NOBODYS_VERSION = 0, 0  # a version that no robot speaks is answered, and refused
ASKED = struct.Struct("<HH")  # the version, and a port for states
ANSWERED = struct.Struct("<BH")  # a status, and the robot's version


def fci_version(address: str) -> int:
    """Raises DeviceSilent where no robot answers, or none in these words."""
    request = HEADER.pack(CONNECT, 1, HEADER.size + ASKED.size) + ASKED.pack(NOBODYS_VERSION, 0)
    try:
        with socket.create_connection((address, PORT), PATIENCE_S) as line:
            line.sendall(request)
            answer = _exactly(line, HEADER.size + ANSWERED.size)
    except ConnectionRefusedError as error:
        raise DeviceSilent(connection_words(address, "Connection to FCI refused")) from error
    except TimeoutError as error:
        raise DeviceSilent(connection_words(address, "Connection timeout")) from error
    except OSError as error:
        raise DeviceSilent(connection_words(address, error.strerror or str(error))) from error
    _, version = ANSWERED.unpack_from(answer, HEADER.size)
    return version


def _exactly(line: socket.socket, size: int) -> bytes:
    """Raises OSError where the line ends before."""
    content = b""
    while len(content) < size:
        part = line.recv(size - len(content))
        if not part:
            raise OSError("the connection was closed")
        content += part
    return content
