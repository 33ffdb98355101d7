"""The times of a take by the wall clock, as viewers show them."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from google.protobuf.timestamp_pb2 import Timestamp

from ...takes.format import TakeInfo

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SECOND_NS = 10**9


@dataclass(frozen=True, slots=True)
class Clock:
    """How a take's clock and the wall clock go together."""

    offset_ns: int  # what is added to the take's times

    def wall_ns(self, time_ns: int) -> int:
        """Since 1970."""
        return time_ns + self.offset_ns

    def stamp(self, time_ns: int) -> Timestamp:
        """The same as messages have it."""
        seconds, nanos = divmod(self.wall_ns(time_ns), SECOND_NS)
        return Timestamp(seconds=seconds, nanos=nanos)


def clock_of(info: TakeInfo) -> Clock:
    """By the wall clock at the start; the take's own times where nobody knows it, as of a take
    that others recorded and did not say when."""
    if info.source is not None:
        return Clock(0)
    try:
        since = datetime.fromisoformat(info.created) - EPOCH
    except (ValueError, TypeError):  # no time, or one of a place that is not told
        return Clock(0)
    wall_ns = since // timedelta(microseconds=1) * 1000
    return Clock(max(0, wall_ns - info.created_time_ns))
