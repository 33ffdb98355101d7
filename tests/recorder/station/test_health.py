from teachloop.recorder.station.clock import Tick
from teachloop.recorder.station.health import Health
from teachloop.recorder.writer.messages import Disk
from teachloop.runtime.ipc.ring import Stamp

MS = 1_000_000


def ticked(health: Health, late_ms: list[float], skipped: int = 0) -> None:
    for number, late in enumerate(late_ms):
        health.watch_tick(Tick(number, number * 50 * MS, round(late * MS), skipped))


def stamp(number: int, index: int, time_ms: int = 0) -> Stamp:
    return Stamp(index, number, time_ms * MS, 0)


def test_lateness_and_rate_are_what_was_measured() -> None:
    health = Health(20.0)
    ticked(health, [0.1] * 98 + [7.0, 9.0])
    summary = health.summary(0, None)
    assert 19.9 < summary.rate_hz < 20.1
    assert (summary.late, summary.p99_lateness_ms) == (2, 9.0)


def test_the_page_sees_ten_seconds_and_the_take_sees_itself() -> None:
    health = Health(20.0)
    ticked(health, [8.0] * 10)
    health.restart()
    ticked(health, [0.5] * 300)
    assert health.summary(0, None).p99_lateness_ms == 0.5
    assert health.of_take().ticks == 300
    assert health.of_take().max_lateness_ms == 0.5


def test_a_gap_in_the_devices_count_is_a_drop() -> None:
    health = Health(20.0)
    for number, index in ((4, 0), (5, 1), (8, 2), (9, 3)):
        health.watch_frame("front", stamp(number, index))
    assert health.summary(0, None).drops == {"front": 2}


def test_losses_of_long_ago_are_the_take_s_alone() -> None:
    health = Health(20.0)
    health.watch_tick(Tick(0, 0, 0, 3))
    health.watch_frame("front", stamp(4, 0, 1_000))
    health.watch_frame("front", stamp(7, 1, 1_150))
    soon, later = health.summary(5_000 * MS, None), health.summary(12_000 * MS, None)
    assert (soon.late, soon.recent_drops) == (3, 2)
    assert (later.late, later.recent_drops) == (0, 0)
    assert (later.skipped, later.drops) == (3, {"front": 2})


def test_a_frame_that_only_the_loop_missed_is_no_drop() -> None:
    health = Health(20.0)
    health.watch_frame("front", stamp(4, 0))
    health.watch_frame("front", stamp(7, 3))
    assert health.summary(0, None).drops in ({}, {"front": 0})


def test_ages_and_skew_come_from_arrival_times() -> None:
    health = Health(20.0)
    for name, offset in (("front", 0), ("wrist", 6)):
        health.watch_frame(name, stamp(0, 0, 100 + offset))
    health.watch_frame("front", stamp(1, 1, 150))  # the wrist's second is on its way
    summary = health.summary(160 * MS, None)
    assert summary.frame_age_ms == {"front": 10.0, "wrist": 54.0}
    assert summary.skew_ms == 6.0


def test_room_is_told_in_minutes_of_what_is_recorded() -> None:
    before, after = Disk(free_gb=12.0, bytes_s=None), Disk(free_gb=12.0, bytes_s=2e6)
    assert before.minutes(10e6) == 20.0
    assert after.minutes(10e6) == 100.0, "what was measured counts more"
    assert Disk(free_gb=12.0, bytes_s=0.0).minutes(0.0) > 1e6
