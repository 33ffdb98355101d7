"""Ticks: the latest at or before, drops and jitter flagged and never shifted."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from teachloop.datasets.action_targets import integrate, target_deltas, targets_ahead
from teachloop.datasets.alignment import MOST_TICKS, NothingToAlign, align, tick_times, ticks_of
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.poses import apply_delta

START_NS = 1_000_000_000
PERIOD_NS = 50_000_000


def test_ticks_of_a_regular_take_are_its_own(recording, pose) -> None:
    with Take.open(recording.take(10)) as take:
        ticks = align(take)
    np.testing.assert_array_equal(ticks.time_ns, START_NS + PERIOD_NS * np.arange(10))
    np.testing.assert_array_equal(ticks.frame_index["front"], np.arange(10))
    np.testing.assert_array_equal(ticks.applied_pose, [pose(tick + 1) for tick in range(10)])
    np.testing.assert_array_equal(ticks.ee_pose, [pose(tick) for tick in range(10)])
    assert not ticks.stale["front"].any()
    assert ticks.joint_positions_rad.shape == (10, 7)
    assert len(ticks) == 10


def test_drop_is_a_flag_and_never_a_shift(recording, number_shown) -> None:
    with Take.open(recording.take(12, dropped={"wrist": {4, 5, 6, 7}})) as take:
        ticks = align(take)
        shown = [number_shown(take.image("wrist", i)) for i in ticks.frame_index["wrist"]]
        assert take.frames["wrist"].dropped == 4
    assert shown == [0, 1, 2, 3, 3, 3, 3, 3, 8, 9, 10, 11]
    np.testing.assert_array_equal(np.flatnonzero(ticks.stale["wrist"]), [6, 7])  # over 0.1 s
    assert not ticks.stale["front"].any()


def test_camera_that_came_late_is_flagged_until_its_first_frame(recording) -> None:
    with Take.open(recording.take(5, dropped={"front": {0, 1}})) as take:
        ticks = align(take)
    np.testing.assert_array_equal(ticks.frame_index["front"], [-1, -1, 0, 1, 2])
    np.testing.assert_array_equal(ticks.stale["front"], [True, True, False, False, False])


def test_camera_without_a_frame_is_stale_throughout(recording) -> None:
    with Take.open(recording.take(5, dropped={"front": set(range(5))})) as take:
        ticks = align(take)
    assert ticks.stale["front"].all()
    assert (ticks.frame_index["front"] == -1).all()


def test_jitter_neither_repeats_nor_skips_an_action(recording) -> None:
    jitter = np.random.default_rng(0).integers(-15_000_000, 15_000_000, 40)
    times = [int(at) for at in START_NS + PERIOD_NS * np.arange(40) + jitter]
    with Take.open(recording.take(40, times_ns=times)) as take:
        ticks = align(take)
        np.testing.assert_array_equal(ticks.applied_pose, take.actions.applied_pose)
    np.testing.assert_array_equal(ticks.frame_index["front"], np.arange(40))


def test_missed_ticks_hold_the_last_action(recording) -> None:
    times = [START_NS + PERIOD_NS * tick for tick in (0, 1, 2, 5, 6)]
    with Take.open(recording.take(5, times_ns=times)) as take:
        ticks = align(take)
    np.testing.assert_array_equal(ticks.frame_index["front"], [0, 1, 2, 2, 2, 3, 4])
    np.testing.assert_array_equal(ticks.applied_pose[3:5], ticks.applied_pose[[2, 2]])


def test_half_rate_takes_every_other_tick(recording) -> None:
    with Take.open(recording.take(9)) as take:
        ticks = align(take, rate_hz=10.0)
    np.testing.assert_array_equal(ticks.frame_index["front"], [0, 2, 4, 6, 8])


def test_higher_rate_repeats_and_never_looks_ahead(recording) -> None:
    with Take.open(recording.take(6)) as take:
        ticks = align(take, rate_hz=50.0)
        for camera, index in ticks.frame_index.items():
            assert (take.frames[camera].time_ns[index] <= ticks.time_ns).all()
    assert len(ticks) == 13
    assert (np.diff(ticks.time_ns) > 0).all()


def test_tick_times_rise_for_any_jitter() -> None:
    draw = np.random.default_rng(1)
    for rate in (5.0, 13.7, 20.0, 21.0, 60.0):
        recorded = START_NS + np.cumsum(draw.integers(1_000_000, 100_000_000, 200))
        ticks = tick_times(recorded, rate, 20.0)
        assert (np.diff(ticks) > 0).all()
        assert ticks[0] == recorded[0]
        assert abs(int(ticks[-1] - recorded[-1])) < 1e9 / rate


def test_take_without_actions_cannot_be_aligned(recording) -> None:
    with Take.open(recording.take(0)) as take, pytest.raises(NothingToAlign):
        align(take)


def test_integrated_deltas_are_the_applied_targets(recording) -> None:
    times = [START_NS + PERIOD_NS * tick for tick in (0, 1, 2, 5, 6, 7, 8, 9)]
    with Take.open(recording.take(8, times_ns=times)) as take:
        ticks = align(take)
    rebuilt = integrate(ticks.ee_pose[0], target_deltas(ticks))
    np.testing.assert_allclose(rebuilt, ticks.applied_pose, atol=1e-12)


def test_targets_ahead_lead_from_the_measured_pose_and_hold_the_last(recording) -> None:
    with Take.open(recording.take(6)) as take:
        ticks = align(take)
    rows, ahead = np.array([0, 2, 5]), np.arange(4)
    grippers = ticks.applied_gripper
    assert grippers is not None
    given = (ticks.ee_pose, ticks.applied_pose, grippers)
    targets = targets_ahead(*given, rows, ahead)
    assert targets.shape == (3, 4, 7)
    for row, tick in enumerate(rows):
        for step in ahead:
            meant = min(tick + step, 5)
            reached = apply_delta(ticks.ee_pose[tick], targets[row, step, :6])
            np.testing.assert_allclose(reached, ticks.applied_pose[meant], atol=1e-12)
            assert targets[row, step, 6] == grippers[meant]


def test_a_time_that_cannot_be_is_no_take_s() -> None:
    with pytest.raises(NothingToAlign, match="2 actions over 4611686018 s are no take's"):
        tick_times(np.array([0, 1 << 62]), 20.0, 20.0)
    with pytest.raises(NothingToAlign, match="3 actions over 18446744074 s"):
        tick_times(np.array([-(1 << 63), 0, (1 << 63) - 1]), 20.0, 20.0)


def test_a_take_may_have_lost_most_of_its_actions() -> None:
    most = MOST_TICKS - 1
    assert len(tick_times(np.array([0, most * 1000]), 1e6, 1e6)) == MOST_TICKS
    with pytest.raises(NothingToAlign):
        tick_times(np.array([0, (most + 1) * 1000]), 1e6, 1e6)
    assert pytest.approx(14.6, abs=0.1) == MOST_TICKS / 20 / 3600, "hours at 20 Hz"


def test_a_long_take_may_have_lost_half_of_them() -> None:
    count = MOST_TICKS // 2 + 10
    recorded = np.arange(count) * 1000
    for last, fits in ((2 * count - 1, True), (2 * count, False)):
        recorded[-1] = last * 1000
        if fits:
            assert len(tick_times(recorded, 1e6, 1e6)) == last + 1
        else:
            with pytest.raises(NothingToAlign):
                tick_times(recorded, 1e6, 1e6)


def test_a_tick_snaps_to_what_was_recorded_near_its_place_at_either_rate() -> None:
    ms = 1_000_000
    off = np.array([0, 100 - 23, 200 - 22, 300]) * ms  # 22.5 ms are 0.45 of the recorded period
    times = tick_times(off, 10.0, 20.0) // ms
    np.testing.assert_array_equal(times, [0, 100, 178, 300])
    beside = np.array([0, 50 - 12, 100 - 11, 150]) * ms  # 11.25 ms are 0.45 of the wanted one
    times = tick_times(beside, 40.0, 20.0) // ms
    np.testing.assert_array_equal(times, [0, 25, 50, 75, 89, 125, 150])


def test_ticks_need_states_and_actions(recording) -> None:
    with Take.open(recording.take(3)) as take:
        whole = take.actions
        columns: dict[str, Any] = {each.name: getattr(whole, each.name) for each in fields(whole)}
        empty = {name: None if rows is None else rows[:0] for name, rows in columns.items()}
        none = replace(whole, **empty)
        with pytest.raises(NothingToAlign, match="has no robot states or no actions"):
            ticks_of(take, 20.0, none)
        early = replace(whole, time_ns=whole.time_ns - 10 * PERIOD_NS)
        with pytest.raises(NothingToAlign, match="only after its last action"):
            ticks_of(take, 20.0, early)


def test_how_far_the_gripper_is_open_is_a_share_of_its_own_opening(recording) -> None:
    with Take.open(recording.take(3)) as take:
        ticks = align(take)
    assert ticks.gripper_width_m is not None
    shares = ticks.opening(np.array([2, 0]))
    assert shares is not None
    np.testing.assert_allclose(shares, ticks.gripper_width_m[[2, 0]] / ticks.gripper_opening_m)
    assert replace(ticks, gripper_width_m=None).opening(np.array([0])) is None
