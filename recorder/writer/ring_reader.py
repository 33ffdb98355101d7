"""What the devices published, in order, as the rows of a take."""

from collections.abc import Iterator, Mapping

from ...runtime.ipc.ring import Record, Ring
from ..devices.camera_shape import CameraShape
from ..devices.rings import Rings
from .rows import ROBOT, Row, frame_row, state_row

LEAD_NS = 200_000_000  # a frame that old still belongs to the first tick


class Cursor:
    """Reads a ring in order, from the newest record at a moment on.

    With ``lead_ns``, also what came in that time before the moment; nothing from before
    ``since_ns``.
    """

    def __init__(self, ring: Ring, start_ns: int, since_ns: int = 0, lead_ns: int = 0) -> None:
        self._ring = ring
        self._next = ring.head
        while self._is_after(self._next - 1, max(since_ns, start_ns - lead_ns)):
            self._next -= 1
        if self._is_after(self._next - 1, max(since_ns, start_ns - LEAD_NS)):
            self._next -= 1
        self.lost = 0  # overwritten before they were read

    def _is_after(self, index: int, start_ns: int) -> bool:
        stamp = self._ring.stamp(index) if index >= 0 else None
        return stamp is not None and stamp.time_ns > start_ns

    def take(self, until_ns: int | None = None) -> Record | None:
        """The next record, or None where there is none up to ``until_ns`` yet."""
        while self._next < self._ring.head:
            record = self._ring.read(self._next)
            if record is not None and until_ns is not None and record.stamp.time_ns > until_ns:
                return None
            self._next += 1
            if record is not None:
                return record
            self.lost += 1
        return None


class RingReader:
    """Reads all rings of a station from a moment on.

    Before it, what the first tick needs, but nothing from before ``since_ns``: that was another
    scene.
    """

    def __init__(
        self, rings: Rings, shapes: Mapping[str, CameraShape], time_ns: int, since_ns: int
    ) -> None:
        self._shapes = shapes
        self._robot = Cursor(rings.robot, time_ns, since_ns, lead_ns=2 * LEAD_NS)
        cameras = rings.cameras.items()
        self._cameras = {name: Cursor(ring, time_ns, since_ns) for name, ring in cameras}

    def rows(self, until_ns: int | None = None) -> Iterator[Row]:
        """What came since, up to ``until_ns``; each stream in its order."""
        while record := self._robot.take(until_ns):
            yield state_row(record)
        for name, cursor in self._cameras.items():
            while record := cursor.take(until_ns):
                yield frame_row(name, self._shapes[name], record)

    @property
    def lost(self) -> dict[str, int]:
        """Records that were overwritten before they were read, by device."""
        cursors = {ROBOT: self._robot, **self._cameras}
        return {name: cursor.lost for name, cursor in cursors.items() if cursor.lost}
