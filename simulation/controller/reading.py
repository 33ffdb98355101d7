"""Reading from a TCP connection."""

import socket


def receive_exactly(connection: socket.socket, count: int) -> bytes:
    """So many bytes. Raises ConnectionError where the other side left before."""
    received = b""
    while len(received) < count:
        part = connection.recv(count - len(received))
        if not part:
            raise ConnectionError
        received += part
    return received
