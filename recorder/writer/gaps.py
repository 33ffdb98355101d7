"""How long robot and cameras were silent in a take: what the person who reviews it should know."""

from collections.abc import Iterable

TOLD_NS = 1_000_000_000  # from there on the pages call a picture old, too


class Gaps:
    """The longest time without a word of each device, from the start of a take to its end."""

    def __init__(self, devices: Iterable[str], start_ns: int) -> None:
        self._heard_ns = dict.fromkeys(devices, start_ns)
        self._longest_ns = dict.fromkeys(self._heard_ns, 0)

    def hear(self, device: str, time_ns: int) -> None:
        """A picture or a reading of that time belongs to the take."""
        gap_ns = time_ns - self._heard_ns[device]
        self._longest_ns[device] = max(gap_ns, self._longest_ns[device])
        self._heard_ns[device] = max(time_ns, self._heard_ns[device])

    def until(self, stop_ns: int) -> dict[str, float]:
        """Of each device that was silent for long: for how many seconds, up to this end."""
        for device in self._heard_ns:
            self.hear(device, stop_ns)
        return {name: gap / 1e9 for name, gap in self._longest_ns.items() if gap > TOLD_NS}
