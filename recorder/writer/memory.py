"""What was done while nobody recorded: the last half a minute of it can still become a take."""

from collections import deque
from collections.abc import Iterator, Mapping

from ..devices.camera_shape import CameraShape
from ..devices.rings import Rings
from .messages import REMEMBERED_S
from .ring_reader import LEAD_NS, RingReader
from .rows import NO_DEVICE, ROBOT, Row

MOST_BYTES = 2**30


class Memory:
    """The rows of the last ``REMEMBERED_S``, or fewer where they would take too much room."""

    def __init__(
        self, rings: Rings, shapes: Mapping[str, CameraShape], time_ns: int, since_ns: int
    ) -> None:
        self._reader = RingReader(rings, shapes, time_ns, since_ns)
        self._rows: deque[Row] = deque()
        self._bytes = 0
        self._since_ns = time_ns
        self._frozen = False

    @property
    def size(self) -> int:
        """Bytes that a take of it fills, about."""
        return self._bytes

    @property
    def lost(self) -> dict[str, int]:
        """Records that were overwritten before they were read, by device."""
        return self._reader.lost

    def freeze(self, until_ns: int) -> None:
        """Remember nothing of what comes after this moment, and forget nothing: a take is to be
        made of it, now or once there is room."""
        self.drain(until_ns)
        self._frozen = True

    def add(self, row: Row) -> None:
        """Remember this, and forget what is too old for it."""
        if self._frozen:
            return
        self._rows.append(row)
        self._bytes += row.size
        oldest_ns = row.time_ns - REMEMBERED_S * 1e9 - 2 * LEAD_NS
        while self._rows[0].time_ns < oldest_ns or self._bytes > MOST_BYTES:
            forgotten = self._rows.popleft()
            self._bytes -= forgotten.size
            self._since_ns = max(self._since_ns, forgotten.time_ns + 2 * LEAD_NS)

    def drain(self, until_ns: int) -> None:
        """Remember what the devices published since."""
        for row in () if self._frozen else self._reader.rows(until_ns):
            self.add(row)

    def start_ns(self, stop_ns: int) -> int:
        """Where a take begins that ends at this moment."""
        return max(self._since_ns, stop_ns - round(REMEMBERED_S * 1e9))

    def rows(self, start_ns: int) -> Iterator[Row]:
        """What a take that begins then holds: of the robot also what came shortly before, and of
        each camera the picture that its first tick needs."""
        before: dict[str, Row] = {}
        for row in self._rows:
            if row.time_ns >= start_ns - (2 * LEAD_NS if row.device == ROBOT else 0):
                if row.device in before:
                    yield before.pop(row.device)
                yield row
            elif row.device != NO_DEVICE and row.time_ns >= start_ns - LEAD_NS:
                before[row.device] = row
