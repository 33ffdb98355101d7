"""Pictures or states that stopped coming: nobody moves the arm by what was seen before."""

from collections.abc import Callable, Mapping

MOST_S = 0.5


class SilentDevices:
    """Watches, while the arm may move, how long ago each device was heard; ``told`` hears in words
    which of them fell silent, and when all are back."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._since_ns: int | None = None
        self._silent: list[str] = []

    def rest(self) -> None:
        """The arm does not move, and devices may rest."""
        self._since_ns, self._silent = None, []

    def any(self, now_ns: int, heard_ns: Mapping[str, int]) -> bool:
        """Whether a device is silent, by the time (ns) at which each was last heard."""
        self._since_ns = now_ns if self._since_ns is None else self._since_ns
        heard = {name: max(time_ns, self._since_ns) for name, time_ns in heard_ns.items()}
        silent = [name for name, time_ns in heard.items() if now_ns - time_ns > MOST_S * 1e9]
        if silent != self._silent:
            self._told(_words(silent))
        self._silent = silent
        return bool(silent)


def _words(silent: list[str]) -> str:
    if not silent:
        return "All devices are heard again. The arm goes on."
    names = " and ".join(silent)
    return f"Nothing came from {names} for {MOST_S:g} s. The arm holds until something comes."
