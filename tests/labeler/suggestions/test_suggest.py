"""What a page is told when it asks for suggestions."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn_takes import draw_take
from label_service import Page
from simulated_takes import SimulatedTake

from teachloop.datasets.embodiment import FRANKA_GRIPPER, Gripper
from teachloop.datasets.labels.masks import Rle, area
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.labeler.suggestions.newest import Newest
from teachloop.labeler.suggestions.suggest import suggestions
from teachloop.labeler.take_frames import TakeFrames
from teachloop.labeler.updates import Patch, ShownSuggestion


@pytest.fixture
def page(filmed: SimulatedTake, tmp_path: Path) -> Iterator[Page]:
    folder = tmp_path / "takes" / "one"
    folder.mkdir(parents=True)
    shutil.copy(filmed.folder / "take.h5", folder)
    page = Page(tmp_path)
    yield page
    page.service.close()


def ask(page: Page, name: str) -> list[ShownSuggestion]:
    return page.act("suggest", object=name).suggestions


def take_it(page: Page, suggestion: ShownSuggestion) -> Patch:
    assert suggestion.click is not None
    place = suggestion.model_dump(include={"camera", "frame", "object"})
    return page.act("click", **place, **suggestion.click.model_dump())


def test_a_suggestion_is_taken_as_a_click_and_not_made_twice(
    page: Page, filmed: SimulatedTake
) -> None:
    first = ask(page, filmed.target)[0]
    assert (first.source, first.object) == ("grasp", filmed.target)
    assert "until the hand closed" in first.why
    changed = take_it(page, first)
    assert [mask.object for mask in changed.masks] == [filmed.target]
    left = ask(page, filmed.target)
    assert (first.camera, first.frame) not in [(each.camera, each.frame) for each in left]
    assert left, "other frames wait"


def test_asking_changes_nothing(page: Page, filmed: SimulatedTake) -> None:
    patch = page.act("suggest", object=filmed.target)
    assert (patch.revision, patch.objects, patch.masks) == (0, [], [])
    assert page.act("read").suggestions == []


def test_the_grasp_says_nothing_of_an_object_that_is_not_the_target(
    page: Page, filmed: SimulatedTake
) -> None:
    target, other = {"name": filmed.target, "target": True}, {"name": "mark", "target": False}
    page.act("objects", objects=[target, other])
    assert ask(page, filmed.target)
    assert not [each for each in ask(page, "mark") if each.source == "grasp"]


def test_a_frame_in_which_the_robot_hides_the_object_is_taken_as_unseen(
    page: Page, filmed: SimulatedTake
) -> None:
    take_it(page, next(each for each in ask(page, filmed.target) if each.camera == "front"))
    unseen = next(each for each in ask(page, filmed.target) if each.click is None)
    place = unseen.model_dump(include={"camera", "frame", "object"})
    (mask,) = page.act("hide", **place, last=unseen.frame).masks
    assert area(Rle(**mask.rle.model_dump())) == 0
    left = [each for each in ask(page, filmed.target) if each.click is None]
    assert (unseen.camera, unseen.frame) not in [(each.camera, each.frame) for each in left]


@pytest.mark.parametrize("labeled", [True, False])
@pytest.mark.parametrize("mounted", [FRANKA_GRIPPER, None])
@pytest.mark.parametrize("calibrated", [True, False])
def test_takes_without_a_gripper_a_grasp_or_a_calibration_may_be_asked_about(
    tmp_path: Path, labeled: bool, mounted: Gripper | None, calibrated: bool
) -> None:
    draw_take(tmp_path, "one", labeled=labeled, gripper=mounted, calibrated=calibrated)
    page = Page(tmp_path)
    try:
        assert ask(page, "red square") == [], "nothing tells of it, or a person marked all of it"
    finally:
        page.service.close()


def test_what_is_no_longer_wanted_is_given_up(page: Page, filmed: SimulatedTake) -> None:
    looks = []

    def cancelled() -> bool:
        looks.append(1)
        return len(looks) > 1

    with TakeFrames.open(filmed.folder) as take_frames:
        snapshot = Snapshot()
        assert suggestions(take_frames, snapshot, filmed.target, cancelled) == []
    assert len(looks) == 2, "it looked no further"


def test_only_the_newest_of_what_one_author_began_goes_on() -> None:
    newest = Newest()
    first, other = newest.begin("Ada"), newest.begin("Bob")
    second = newest.begin("Ada")
    assert (first(), second(), other()) == (True, False, False)
