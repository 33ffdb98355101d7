"""What of a take is written: some of its cameras, and what lies between the ends that count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from google.protobuf.message import Message

from ...labels.snapshot import Snapshot
from ...takes.reader import Take
from ...takes.recorded_streams import Ints
from .clock import Clock, clock_of
from .errors import NothingLeft
from .options import McapOptions

BASE, TOOL, TARGET = "base", "tool", "target"
LATEST = (1 << 63) - 1


def camera_frame(camera: str) -> str:
    """What the frame at a camera's lens is called; x right, y down, z forward."""
    return f"camera/{camera}"


@dataclass(frozen=True, slots=True)
class Timed:
    """A message, and when it was."""

    time_ns: int  # by the take's clock
    topic: str
    message: Message
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of a take is written."""

    take: Take
    said: Snapshot
    cameras: Sequence[str]
    depths: Sequence[str]  # cameras; a face is to be told in its depth, too
    operators: bool  # whether it may be told who recorded it
    clock: Clock
    start_ns: int  # when the first of it was
    end_ns: int  # … and the last

    def rows(self, times_ns: Ints) -> Iterator[tuple[int, int]]:
        """Index and time of each row that counts, of times (n,) that do not fall."""
        first, end = np.searchsorted(times_ns, [self.start_ns, self.end_ns + 1]).tolist()
        return enumerate(times_ns[first:end].tolist(), start=first)

    def counts(self, time_ns: int) -> bool:
        return self.start_ns <= time_ns <= self.end_ns


def part_of(take: Take, said: Snapshot, options: McapOptions) -> Part:
    """Raises NothingLeft."""
    cameras = options.cameras or tuple(take.info.cameras)
    start_ns, end_ns = _ends(take, said, cameras)
    return Part(
        take=take,
        said=said,
        cameras=cameras,
        depths=[] if options.hide_faces else [each for each in cameras if each in take.depths],
        operators=options.operators,
        clock=clock_of(take.info),
        start_ns=start_ns,
        end_ns=end_ns,
    )


def _ends(take: Take, said: Snapshot, cameras: Sequence[str]) -> tuple[int, int]:
    """When the first and the last was recorded of what counts. Raises NothingLeft."""
    happened = [event.time_ns for event in take.events]
    seen = [take.frames[camera].time_ns for camera in cameras]
    times_ns = np.concatenate([take.robot.time_ns, take.actions.time_ns, *seen, happened])
    trim = said.trim
    start_ns, end_ns = (trim.start_ns, trim.end_ns) if trim else (0, LATEST)
    inside = times_ns[(times_ns >= start_ns) & (times_ns < end_ns)].astype(np.int64)
    if not len(inside):
        raise NothingLeft(take.info.take_id)
    return int(inside.min()), int(inside.max())
