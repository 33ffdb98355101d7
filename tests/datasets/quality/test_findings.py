"""What is said of a take, and what is not."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from teachloop.datasets.quality.findings import Usual, findings
from teachloop.datasets.quality.measures import TakeMeasures

GOOD = TakeMeasures(
    missing=0.0,
    dropped={"front": 0.0, "wrist": 0.01},
    late={"front": 0.0, "wrist": 0.0},
    frozen_s={"front": 0.0, "wrist": 0.1},
    moving_s=5.0,
    pause_s=0.5,
    path_m=0.8,
    shake_mm=0.6,
    closes=True,
    empty_s=0.0,
    object_m=0.2,
)


def usual(count: int = 20) -> Usual | None:
    random = np.random.default_rng(3)
    factors = np.exp(random.normal(0, 0.08, (count, 2)))
    takes = [other(path_m=0.8 * far, moving_s=5.0 * slow) for far, slow in factors]
    return Usual.of(takes)


def other(**figures: Any) -> TakeMeasures:
    return GOOD.model_copy(update=figures)


def kinds(take: TakeMeasures, beside: Usual | None) -> list[str]:
    return [each.kind for each in findings(take, beside)]


def test_nothing_is_said_of_a_good_take() -> None:
    assert findings(GOOD, usual()) == []
    assert findings(GOOD, None) == []


@pytest.mark.parametrize(
    ("figures", "kind", "words"),
    [
        ({"missing": 0.12}, "rate", "12 % of its ticks are missing."),
        ({"dropped": {"front": 0.01, "wrist": 0.2}}, "dropped", "20 % of the pictures of wrist"),
        ({"late": {"front": 0.3, "wrist": 0.0}}, "late", "front was too old at 30 %"),
        ({"frozen_s": {"front": 2.0}}, "frozen", "front showed one picture for 2.0 s"),
        ({"pause_s": 3.0}, "pause", "for 3.0 s in the middle"),
        ({"shake_mm": 3.1}, "shaking", "3.1 mm"),
    ],
)
def test_what_was_not_recorded_well_is_said_beside_others_and_alone(
    figures: dict[str, Any], kind: str, words: str
) -> None:
    for beside in (usual(), None):
        (found,) = findings(other(**figures), beside)
        assert found.kind == kind
        assert words in found.text


@pytest.mark.parametrize(
    ("figures", "kind", "words"),
    [
        ({"path_m": 2.0}, "path", "2.00 m, where 0."),
        ({"path_m": 0.2}, "path", "0.20 m"),
        ({"moving_s": 12.0}, "duration", "12.0 s, where"),
        ({"closes": False}, "not closed", "never closes"),
        ({"empty_s": 1.2}, "nothing held", "1.2 s"),
        ({"object_m": 0.001}, "nothing moved", "No object moved"),
    ],
)
def test_what_differs_from_the_others_is_said_where_there_are_some(
    figures: dict[str, Any], kind: str, words: str
) -> None:
    (found,) = findings(other(**figures), usual())
    assert found.kind == kind
    assert words in found.text
    assert findings(other(**figures), usual(4)) == [], "four are too few to know"


def test_what_the_others_do_as_well_is_not_odd() -> None:
    pushing = [other(closes=False, empty_s=4.0, object_m=0.0)] * 10
    assert kinds(pushing[0], Usual.of(pushing)) == []


def test_where_takes_differ_much_more_is_usual() -> None:
    random = np.random.default_rng(4)
    wide = [other(path_m=0.8 * factor) for factor in np.exp(random.normal(0, 0.5, 30))]
    assert kinds(other(path_m=2.0), Usual.of(wide)) == []


def test_a_shaky_hand_among_shaky_ones_is_not_odd() -> None:
    shaky = [other(shake_mm=2.0)] * 8
    assert kinds(shaky[0], Usual.of(shaky)) == []
    assert kinds(shaky[0], usual()) == ["shaking"]


def test_what_nobody_knows_is_not_held_against_a_take() -> None:
    unknown = other(closes=None, empty_s=None, object_m=None)
    assert kinds(unknown, usual()) == []
    beside = usual()
    assert beside is not None
    assert kinds(unknown, replace(beside, empty_s=np.inf)) == []
