import numpy as np
import pytest

from teachloop.datasets.paths import path_error
from teachloop.geometry.poses import apply_delta

START = np.diag([1.0, -1.0, -1.0, 1.0])


def way(ticks: int, speed: float = 0.01) -> np.ndarray:
    """An arc that rises and turns, at so much a tick."""
    along = np.arange(ticks) * speed
    return np.array(
        [
            apply_delta(START, [0.3 * np.sin(2 * s), s, 0.2 * s, 0.1 * s, 0.0, 0.8 * s])
            for s in along
        ]
    )


def test_the_same_way_slower_or_later_is_no_error() -> None:
    slower = np.concatenate([np.repeat(way(1), 15, 0), way(119, 0.005)])
    error = path_error(way(60), slower)
    assert error.position_m < 0.0005
    assert error.rotation_rad < 0.002


def test_a_way_beside_it_is_as_far_as_it_is() -> None:
    beside = way(60)
    beside[:, 2, 3] += 0.004
    error = path_error(way(60), beside)
    assert error.position_m == pytest.approx(0.004, abs=0.0004)


def test_a_turn_is_told_apart_from_a_move() -> None:
    turned = np.array([apply_delta(pose, [0, 0, 0, 0, 0, 0.03]) for pose in way(60)])
    error = path_error(way(60), turned)
    assert error.rotation_rad == pytest.approx(0.03, abs=0.012)
    assert error.position_m < 0.012


@pytest.mark.parametrize("short", [way(60)[:40], way(60)[20:]])
def test_a_way_that_was_not_gone_to_its_end_is_an_error(short: np.ndarray) -> None:
    assert path_error(way(60), short).position_m > 0.1


def test_an_excursion_is_an_error() -> None:
    astray = way(60)
    astray[30:34, 0, 3] += 0.05
    assert path_error(way(60), astray).position_m > 0.03
