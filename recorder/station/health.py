"""Whether the station keeps its promises: rate, lateness, frame ages, skew and drops."""

from collections import Counter, deque
from dataclasses import dataclass

from ...runtime.ipc.ring import Stamp
from ...runtime.validation import StrictModel
from ..writer.messages import TakeHealth
from .clock import Tick

WINDOW_S = 10.0
LATE_MS = 5.0
HOUR_OF_TICKS = 72_000


class HealthSummary(StrictModel):
    """The last 10 s; ``skipped`` and ``drops`` since a take began."""

    rate_hz: float
    late: int  # ticks
    late_by: str  # the step that most of them waited for; "" of none
    skipped: int
    p99_lateness_ms: float
    frame_age_ms: dict[str, float]  # camera -> age of its newest frame
    skew_ms: float
    drops: dict[str, int]  # camera -> frames
    recent_drops: int
    disk_free_gb: float | None  # None before the writer said it
    disk_minutes: float | None  # of recording, until that is full


@dataclass(frozen=True, slots=True)
class _Seen:
    """A tick that was."""

    due_ns: int
    late_ms: float
    skipped: int
    cause: str

    @property
    def is_late(self) -> bool:
        return self.late_ms > LATE_MS or self.skipped > 0


class Health:
    """Watches ticks and frames; everything is measured, nothing assumed."""

    def __init__(self, rate_hz: float) -> None:
        self.rate_hz = rate_hz
        self._late_ms: deque[float] = deque(maxlen=round(WINDOW_S * rate_hz))
        self._begun_ns: deque[int] = deque(maxlen=round(WINDOW_S * rate_hz))
        self._causes: deque[tuple[int, str]] = deque()  # of late ticks: when, which step
        self._skips: deque[tuple[int, int]] = deque()  # when, how many ticks
        self._losses: deque[tuple[int, int]] = deque()  # when, how many frames
        self._stamps: dict[str, Stamp] = {}
        self._before: dict[str, Stamp] = {}
        self.restart()

    def restart(self) -> None:
        """Count from here: a take begins."""
        self._ticks: deque[_Seen] = deque(maxlen=HOUR_OF_TICKS)
        self._lost: deque[tuple[int, str, int]] = deque(maxlen=HOUR_OF_TICKS)
        self.skipped = 0
        self.drops: dict[str, int] = {}

    def watch_tick(self, tick: Tick, cause: str = "") -> None:
        """Take note of how late a tick began, and of what it would have had to wait for."""
        late_ms = tick.late_ns / 1e6
        self._late_ms.append(late_ms)
        self._ticks.append(_Seen(tick.due_ns, late_ms, tick.skipped, cause))
        self._begun_ns.append(tick.due_ns + tick.late_ns)
        if late_ms > LATE_MS or tick.skipped:
            self._causes.append((tick.due_ns, cause))
        self.skipped += tick.skipped
        if tick.skipped:
            self._skips.append((tick.due_ns, tick.skipped))

    def watch_frame(self, camera: str, stamp: Stamp) -> None:
        """Take note of a camera's newest frame; a gap in the device's count is a drop."""
        before = self._stamps.get(camera)
        if before is not None and stamp.number > before.number + 1:
            missed = (stamp.number - before.number) - (stamp.index - before.index)
            if missed > 0:
                self._lose(camera, missed, stamp.time_ns)
        if before is None or stamp.index != before.index:
            self._before[camera] = before or stamp
            self._stamps[camera] = stamp

    def _lose(self, camera: str, count: int, time_ns: int) -> None:
        self.drops[camera] = self.drops.get(camera, 0) + count
        self._lost.append((time_ns, camera, count))
        self._losses.append((time_ns, count))

    @property
    def cameras(self) -> set[str]:
        """Those that have sent a frame."""
        return set(self._stamps)

    def forget_frames(self) -> None:
        """The devices start over, with counters of their own."""
        self._stamps.clear()

    def summary(
        self, now_ns: int, disk_free_gb: float | None = None, disk_minutes: float | None = None
    ) -> HealthSummary:
        """For the page."""
        for seen in (self._skips, self._losses, self._causes):
            while seen and seen[0][0] < now_ns - WINDOW_S * 1e9:
                seen.popleft()
        ages = {name: (now_ns - each.time_ns) / 1e6 for name, each in self._stamps.items()}
        late = sum(late > LATE_MS for late in self._late_ms)
        return HealthSummary(
            rate_hz=self._achieved_hz(),
            late=late + sum(count for _, count in self._skips),
            late_by=_most(Counter(cause for _, cause in self._causes)),
            skipped=self.skipped,
            p99_lateness_ms=quantile(self._late_ms, 0.99),
            frame_age_ms=ages,
            skew_ms=self._skew_ms(),
            drops=dict(self.drops),
            recent_drops=sum(count for _, count in self._losses),
            disk_free_gb=disk_free_gb,
            disk_minutes=disk_minutes,
        )

    def of_take(self, began_ns: int = 0) -> TakeHealth:
        """What is stored with a take: its own ticks, not the last 10 s. ``began_ns``: of one that
        began after ``restart``."""
        ticks = [each for each in self._ticks if each.due_ns >= began_ns]
        late_ms = deque(each.late_ms for each in ticks)
        drops: Counter[str] = Counter()
        for time_ns, camera, count in self._lost:
            drops[camera] += count if time_ns >= began_ns else 0
        return TakeHealth(
            rate_hz=self._achieved_hz(),
            ticks=len(ticks),
            skipped=sum(each.skipped for each in ticks),
            late=sum(late > LATE_MS for late in late_ms),
            p99_lateness_ms=quantile(late_ms, 0.99),
            max_lateness_ms=max(late_ms, default=0.0),
            late_by=dict(Counter(each.cause for each in ticks if each.is_late)),
            drops={camera: count for camera, count in drops.items() if count},
        )

    def _skew_ms(self) -> float:
        """How far apart the cameras' frames came that belong together.

        One camera's newest frame may still be on its way: then the others' last ones count.
        """
        oldest = min((stamp.time_ns for stamp in self._stamps.values()), default=0)
        return max((self._apart_ns(name, oldest) for name in self._stamps), default=0) / 1e6

    def _apart_ns(self, camera: str, time_ns: int) -> int:
        pair = (self._before[camera], self._stamps[camera])
        return min(abs(stamp.time_ns - time_ns) for stamp in pair)

    def _achieved_hz(self) -> float:
        if len(self._begun_ns) < 2:
            return 0.0
        return (len(self._begun_ns) - 1) * 1e9 / (self._begun_ns[-1] - self._begun_ns[0])


def _most(causes: "Counter[str]") -> str:
    return causes.most_common(1)[0][0] if causes else ""


def quantile(values: deque[float], share: float) -> float:
    """The smallest value that at least ``share`` of the values do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
