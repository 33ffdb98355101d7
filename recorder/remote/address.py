"""Where a station on another machine is reached."""

from dataclasses import dataclass

from ...runtime.errors import TeachloopError

SCHEME = "tcp://"
LAST_FIRST_PORT = 65533  # two more follow


class BadAddress(TeachloopError):
    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is no address of a station. Give it as tcp://HOST:PORT, such as "
            f"tcp://robot-pc:7700, with a port from 1 to {LAST_FIRST_PORT}: the two that follow "
            "are used as well."
        )


@dataclass(frozen=True, slots=True)
class StationAddress:
    """A host, and the first of three ports."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> "StationAddress":
        """Raises BadAddress."""
        host, _, port = text.removeprefix(SCHEME).rpartition(":")
        fits = is_station_address(text) and host and port.isascii() and port.isdigit()
        if not fits or not 1 <= int(port) <= LAST_FIRST_PORT:
            raise BadAddress(text)
        return cls(host, int(port))

    def at(self, offset: int = 0) -> str:
        """The socket's address, for requests, or for what is published."""
        return f"{SCHEME}{self.host}:{self.port + offset}"

    def __str__(self) -> str:
        return self.at()


def is_station_address(text: str) -> bool:
    """Whether it is meant as one, and not as a file of settings."""
    return text.startswith(SCHEME)
