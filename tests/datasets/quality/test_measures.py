"""The figures of takes for which they are known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn_takes import draw_take
from straight_streams import RATE_HZ, TICKS, WAY_M, frames, moved, straight_streams

from teachloop.datasets.quality.measures import Streams, TakeMeasures, measure, measure_streams
from teachloop.datasets.quality.same_pictures import same_pictures
from teachloop.datasets.takes.reader import Take

KEPT = np.arange(TICKS)


def measures(streams: Streams) -> TakeMeasures:
    found = measure_streams(streams)
    assert found is not None
    return found


def places(streams: Streams) -> np.ndarray:
    return streams.robot.ee_pose[:, :3, 3].copy()


def test_a_straight_way_has_its_length_and_nothing_against_it() -> None:
    found = measures(straight_streams())
    assert found.path_m == pytest.approx(WAY_M)
    assert found.moving_s == pytest.approx((TICKS - 1) / RATE_HZ)
    assert found.shake_mm == pytest.approx(0, abs=1e-9)
    assert (found.missing, found.pause_s, found.empty_s) == (0, 0, 0)
    assert found.dropped == found.late == found.frozen_s == {"front": 0, "wrist": 0}
    assert found.closes is True
    assert found.object_m == pytest.approx(WAY_M * (TICKS // 2 - 1) / (TICKS - 1))


def test_ticks_that_are_not_there_are_missing() -> None:
    take = straight_streams()
    rows = KEPT % 5 != 3
    found = measures(replace(take, actions=take.actions.at(rows)))
    assert found.missing == pytest.approx(1 - rows.sum() / TICKS)


def test_pictures_that_never_came_are_counted_for_their_camera() -> None:
    take = straight_streams()
    kept = KEPT[KEPT % 4 != 1]
    lacking = {**take.frames, "wrist": frames(kept)}
    same = {**take.same, "wrist": np.zeros(len(kept), bool)}
    found = measures(replace(take, frames=lacking, same=same))
    assert found.dropped == {"front": 0, "wrist": pytest.approx(0.25, abs=0.01)}


def test_pictures_that_came_in_bursts_were_too_old_in_between() -> None:
    take = straight_streams()
    late = frames(KEPT)
    late = replace(late, time_ns=np.ceil(late.time_ns / 400e6).astype(np.int64) * 400_000_000)
    found = measures(replace(take, frames={**take.frames, "front": late}))
    # of eight ticks those 150 to 350 ms after the last burst
    assert found.late == {"front": pytest.approx(5 / 8, abs=0.07), "wrist": 0}


def test_a_picture_that_stays_counts_while_the_hand_moves() -> None:
    take = straight_streams()
    same = {**take.same, "front": (KEPT > 20) & (KEPT <= 40)}
    assert measures(replace(take, same=same)).frozen_s == {
        "front": pytest.approx(20 / RATE_HZ),
        "wrist": 0,
    }
    resting = places(take)
    resting[20:41] = resting[20]
    assert measures(replace(moved(take, resting), same=same)).frozen_s == {"front": 0, "wrist": 0}


def test_the_longest_rest_between_two_movements_is_the_pause() -> None:
    take = straight_streams()
    stopping = places(take)
    stopping[10:15], stopping[30:51] = stopping[10], stopping[30]
    assert measures(moved(take, stopping)).pause_s == pytest.approx(20 / RATE_HZ)


def test_rest_at_the_ends_is_no_pause_and_no_movement() -> None:
    take = straight_streams()
    waiting = places(take)
    waiting[:21], waiting[60:] = waiting[20], waiting[60]
    found = measures(moved(take, waiting))
    assert found.pause_s == 0
    assert found.moving_s == pytest.approx(40 / RATE_HZ)


@pytest.mark.parametrize("sigma_mm", [1.0, 4.0])
def test_shaking_is_told_in_its_size(sigma_mm: float) -> None:
    take = straight_streams()
    trembling = np.random.default_rng(5).normal(0, sigma_mm / 1000, (TICKS, 3))
    found = measures(moved(take, places(take) + trembling))
    # the median length of three normal figures is 1.54 of their sigma; smoothing takes a part
    assert 0.9 * sigma_mm < found.shake_mm < 1.54 * sigma_mm


def test_a_wide_bend_is_no_shaking() -> None:
    take = straight_streams()
    angle = np.pi * KEPT / TICKS
    bend = 0.15 * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    assert measures(moved(take, bend)).shake_mm < 0.1


def test_a_closed_hand_with_nothing_in_it_is_empty() -> None:
    take = straight_streams()
    widths_m = take.robot.gripper_width_m
    assert widths_m is not None
    slipped = np.where(KEPT >= TICKS - 20, 0.0, widths_m)
    found = measures(replace(take, robot=replace(take.robot, gripper_width_m=slipped)))
    assert found.empty_s == pytest.approx(19 / RATE_HZ)


def test_without_a_gripper_or_a_simulator_nobody_knows() -> None:
    take = straight_streams()
    bare = replace(
        take,
        actions=replace(take.actions, applied_gripper=None),
        robot=replace(take.robot, gripper_width_m=None),
        qpos=np.zeros((0, 0)),
    )
    found = measures(bare)
    assert (found.closes, found.empty_s, found.object_m) == (None, None, None)


@pytest.mark.parametrize("seed", range(30))
def test_figures_of_nonsense_are_none_or_numbers(seed: int) -> None:
    random, take = np.random.default_rng(seed), straight_streams()
    far = 10.0 ** random.integers(0, 300)
    places_m = random.normal(0, far, (TICKS, 3))
    times_ns = random.integers(-(2**62), 2**62, TICKS)
    numbers = random.integers(-(2**40), 2**40, TICKS)
    odd = replace(frames(KEPT), number=numbers, time_ns=times_ns[random.permutation(TICKS)])
    nonsense = replace(
        moved(take, places_m),
        actions=replace(take.actions, time_ns=times_ns if seed % 2 else take.actions.time_ns),
        frames={"front": odd, "wrist": frames(KEPT[:0])},
        same={"front": random.random(TICKS) < 0.5, "wrist": np.zeros(0, bool)},
        qpos=random.normal(0, far, (TICKS, int(random.integers(0, 30)))),
    )
    found = measure_streams(nonsense)
    if found is not None:
        assert TakeMeasures.model_validate_json(found.model_dump_json()) == found


def test_a_simulator_state_without_objects_tells_of_none() -> None:
    take = straight_streams()
    assert measures(replace(take, qpos=np.zeros((TICKS, 2)))).object_m is None
    assert measures(replace(take, qpos=np.zeros((TICKS, 9)))).object_m is None


def test_a_few_ticks_say_nothing() -> None:
    take = straight_streams()
    assert measure_streams(replace(take, actions=take.actions.at(KEPT < 5))) is None


def test_a_recorded_take_is_measured_and_its_repeated_pictures_found(tmp_path: Path) -> None:
    draw_take(tmp_path, "one")
    with Take.open(tmp_path / "takes" / "one") as take:
        found = measure(take)
        repeated = {
            name: sum(take.jpeg(name, n - 1) == take.jpeg(name, n) for n in range(1, len(frames)))
            for name, frames in take.frames.items()
        }
        assert {name: same_pictures(take, name).sum() for name in take.frames} == repeated
    assert found is not None
    assert TakeMeasures.model_validate_json(found.model_dump_json()) == found
