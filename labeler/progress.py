"""How far a propagation is, told not too often."""

import time

from .updates import LabelProgress, Tell

TELL_S = 0.1  # at most that often


class Progress:
    """Tells shares, 0 … 1."""

    def __init__(self, take_id: str, tell: Tell) -> None:
        self._take_id, self._tell = take_id, tell
        self._told = 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() - self._told > TELL_S:
            self._told = time.monotonic()
            self._tell(LabelProgress(take=self._take_id, state="running", progress=share))
