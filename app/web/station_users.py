"""Which servers use the station of a data folder; the last that leaves ends it."""

import fcntl
import os
from pathlib import Path

NAME = "servers"


class StationUsers:
    """Counted by a lock that ends with its process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._descriptor: int | None = None

    def join(self) -> None:
        """Be one of them."""
        if self._descriptor is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self._descriptor = os.open(self._path, flags, 0o644)
            fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Be none of them any more; whether nobody is left."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(descriptor)
        return True
