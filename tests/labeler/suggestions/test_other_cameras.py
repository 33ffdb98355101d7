"""What a person marked in one camera is suggested in the others, at the same tick."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from simulated_takes import SimulatedTake
from wrong_calibration import move_cameras

from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.labeler.suggestions.interface import Suggestion
from teachloop.labeler.suggestions.other_cameras import camera_suggestions
from teachloop.labeler.suggestions.sight import Sight
from teachloop.labeler.suggestions.suggest import suggestions
from teachloop.labeler.take_frames import TakeFrames

STANDING, HELD = 10, 60  # frames


def suggested(
    folder: Path, snapshot: Snapshot, name: str, by_m: float = 0.0, seed: int = 0
) -> list[Suggestion]:
    with TakeFrames.open(folder) as take_frames:
        move_cameras(take_frames, by_m, seed)
        return list(camera_suggestions(Sight(take_frames), snapshot, name))


def misses(take: SimulatedTake, found: list[Suggestion]) -> list[Suggestion]:
    def hits(suggestion: Suggestion) -> bool:
        truth = take.truth[suggestion.camera][suggestion.frame]
        assert suggestion.click is not None
        assert suggestion.click.positive
        return bool(truth[suggestion.click.pixel(truth.shape)])

    return [each for each in found if not hits(each)]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("camera", ["front", "side", "wrist"])
@pytest.mark.parametrize("name", ["filmed", "measured"])
def test_clicks_are_on_the_object_with_depth_or_without_and_5_mm_off(
    name: str,
    camera: str,
    seed: int,
    marked: Callable[..., tuple[Path, Snapshot]],
    request: pytest.FixtureRequest,
) -> None:
    take: SimulatedTake = request.getfixturevalue(name)
    found = suggested(*marked(take, camera, STANDING), take.target, 0.005, seed)
    assert {each.camera for each in found} == {"front", "side", "wrist"} - {camera}
    assert {each.frame for each in found} == {STANDING}
    assert misses(take, found) == []


def test_each_says_which_camera_it_follows_from_and_how(
    filmed: SimulatedTake, marked: Callable[..., tuple[Path, Snapshot]]
) -> None:
    found = suggested(*marked(filmed, "front", STANDING, HELD), filmed.target)
    assert misses(filmed, found) == []
    words = {each.frame: each.why for each in found if each.camera == "wrist"}
    assert words[STANDING] == "front shows it, on the table"
    assert words[HELD] == "front shows it, in the hand"
    assert {each.source for each in found} == {"other camera"}


def test_depth_is_taken_before_a_guess(
    measured: SimulatedTake, marked: Callable[..., tuple[Path, Snapshot]]
) -> None:
    found = suggested(*marked(measured, "front", STANDING, HELD), measured.target)
    assert {each.why for each in found} == {"front shows it, at its depth"}
    assert misses(measured, found) == []


def test_where_the_object_is_hidden_from_the_other_camera_nothing_is_suggested(
    measured: SimulatedTake, marked: Callable[..., tuple[Path, Snapshot]]
) -> None:
    assert measured.truth["side"][45].sum() < 50
    found = suggested(*marked(measured, "front", 45), measured.target)
    assert {each.camera for each in found} == {"wrist"}


def test_what_is_no_object_on_the_table_is_not_taken_elsewhere(filmed: SimulatedTake) -> None:
    whole = np.ones(filmed.truth["front"][0].shape, bool)
    record = MaskRecord(rle=encode(whole), source=MaskSource.HUMAN)
    assert suggested(filmed.folder, Snapshot(masks={("front", 0, "table"): record}), "table") == []


def test_a_mask_that_nobody_made_or_looked_at_says_nothing(filmed: SimulatedTake) -> None:
    rle = encode(filmed.truth["front"][0])
    record = MaskRecord(rle=rle, source=MaskSource.PROPAGATED)
    snapshot = Snapshot(masks={("front", 0, filmed.target): record})
    assert suggested(filmed.folder, snapshot, filmed.target) == []


def test_one_click_a_frame_is_enough_whatever_it_follows_from(
    filmed: SimulatedTake, marked: Callable[..., tuple[Path, Snapshot]]
) -> None:
    """The first frame of the side camera follows from the grasp and from the front camera."""
    folder, snapshot = marked(filmed, "front", 0)
    with TakeFrames.open(folder) as take_frames:
        found = suggestions(take_frames, snapshot, filmed.target)
    clicks = [each.place for each in found if each.click and each.click.positive]
    assert len(clicks) == len({*clicks})
    assert ("side", 0) in clicks
    assert ("front", 0) not in clicks, "somebody marked it there"
