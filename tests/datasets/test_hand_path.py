"""The path of a hand, thinned, and where it closed first."""

from pathlib import Path

import numpy as np
from numbered_takes import NumberedTake, joints_at, numbered_take

from teachloop.datasets.catalog import Catalog
from teachloop.datasets.catalog_rows import path_of
from teachloop.datasets.hand_path import MOST_POINTS, HandPath, hand_path
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.kinematics import Kinematics


def path(data: Path, how: NumberedTake) -> HandPath | None:
    numbered_take(data, "one", how)
    with Take.open(data / "takes" / "one") as take:
        return hand_path(take)


def place(how: NumberedTake, tick: int) -> np.ndarray:
    return 1000 * Kinematics().forward(joints_at(how, tick))[:3, 3]


def test_it_goes_from_the_first_tick_to_the_last(tmp_path: Path) -> None:
    how = NumberedTake(ticks=100)
    found = path(tmp_path, how)
    assert found is not None
    assert len(found.points_mm) == MOST_POINTS
    ticks = [round(99 * number / (MOST_POINTS - 1)) for number in range(MOST_POINTS)]
    wanted = np.array([place(how, tick) for tick in ticks])
    assert np.abs(np.array(found.points_mm) - wanted).max() <= 0.5


def test_a_short_take_has_all_its_ticks(tmp_path: Path) -> None:
    found = path(tmp_path, NumberedTake(ticks=7))
    assert found is not None
    assert len(found.points_mm) == 7
    assert found.closed_mm is None


def test_the_hand_closes_where_it_is_first_told_to(tmp_path: Path) -> None:
    """The gripper of such a take is open for 30 ticks."""
    how = NumberedTake(ticks=60)
    found = path(tmp_path, how)
    assert found is not None
    assert found.closed_mm is not None
    assert np.abs(np.array(found.closed_mm) - place(how, 30)).max() <= 0.5


def test_without_a_gripper_nothing_closes(tmp_path: Path) -> None:
    found = path(tmp_path, NumberedTake(ticks=60, gripper=None))
    assert found is not None
    assert found.closed_mm is None


def test_pictures_have_no_path(tmp_path: Path) -> None:
    assert path(tmp_path, NumberedTake(ticks=5, fields={"kind": "pictures"})) is None


def test_the_catalog_knows_it(tmp_path: Path) -> None:
    found = path(tmp_path, NumberedTake(ticks=20))
    with Catalog(tmp_path) as catalog:
        catalog.refresh()
        (row,) = catalog.takes()
    assert path_of(row) == found
