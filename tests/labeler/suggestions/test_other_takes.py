"""What is labelled in one take is found in the first frames of others of its task."""

from pathlib import Path

import numpy as np
import pytest
from label_service import Page
from simulated_takes import SimulatedTake, record, scene_of
from wrong_calibration import move_cameras

from teachloop.datasets.labels.edits import Edit, SetMask, SetObjects, SetSynonyms
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.datasets.takes.take_folder import TAKE
from teachloop.labeler.suggestions.interface import Suggestion
from teachloop.labeler.suggestions.other_takes import take_suggestions, takes_alike
from teachloop.labeler.suggestions.sight import Sight
from teachloop.labeler.take_frames import TakeFrames

CAMERAS = ("front", "side", "wrist")
KNOWN, ALIKE, OTHERS = 137, (125, 133), (100, 118)
"""Seeds of layouts with a purple cube as the target, and of some with other purple things."""
CUBE = "purple cube"


def add(data: Path, name: str, seed: int) -> SimulatedTake:
    """The first moments of a take."""
    scene = scene_of("pick", seed)
    return record(data / "takes" / name, scene, max_ticks=2, cameras=CAMERAS, told=False)


def label(take: SimulatedTake, source: MaskSource = MaskSource.HUMAN, sure: float = 1.0) -> None:
    rles = {camera: encode(masks[0]) for camera, masks in take.truth.items() if masks[0].any()}
    edits = [
        SetMask(camera, 0, take.target, MaskRecord(rle=rle, source=source, confidence=sure))
        for camera, rle in rles.items()
    ]
    labels = Labels.open(take.folder)
    labels.apply([SetObjects((ObjectLabel(take.target, True),)), *edits], labels.revision, "Ada")


def suggested(
    data: Path, take: SimulatedTake, name: str = CUBE, by_m: float = 0.0, seed: int = 0
) -> list[Suggestion]:
    others = takes_alike(data, take.folder.name, name)
    with TakeFrames.open(take.folder) as take_frames:
        move_cameras(take_frames, by_m, seed)
        snapshot = Labels.open(take.folder).snapshot
        found = take_suggestions(Sight(take_frames), snapshot, name, lambda: others, lambda: False)
        return list(found)


@pytest.fixture
def known(tmp_path: Path) -> SimulatedTake:
    take = add(tmp_path, "known", KNOWN)
    label(take)
    return take


@pytest.mark.parametrize(("by_m", "direction"), [(0.0, 0), (0.005, 1), (0.005, 2)])
def test_the_object_is_found_in_another_layout_also_where_the_calibration_is_5_mm_off(
    tmp_path: Path, known: SimulatedTake, by_m: float, direction: int
) -> None:
    found = 0
    for seed in ALIKE:
        take = add(tmp_path, f"new-{seed}", seed)
        for each in suggested(tmp_path, take, by_m=by_m, seed=direction):
            assert each.click is not None
            assert (each.source, each.frame) == ("other take", 0)
            assert take.truth[each.camera][0][each.click.pixel((256, 256))]
            found += 1
    assert found >= 3


@pytest.mark.parametrize("here", [True, False])
def test_it_is_found_where_one_of_the_takes_calls_it_otherwise(
    tmp_path: Path, known: SimulatedTake, here: bool
) -> None:
    take = add(tmp_path, "new", ALIKE[0])
    named, other = (take, CUBE) if here else (known, "block")
    labels = Labels.open(named.folder)
    edits: list[Edit] = [] if labels.revision else [SetObjects((ObjectLabel("block", True),))]
    labels.apply([*edits, SetSynonyms("block" if here else CUBE, (other,))], labels.revision, "Ada")
    assert suggested(tmp_path, take, "block")
    assert not suggested(tmp_path, take, "brick")


@pytest.mark.parametrize("seed", OTHERS)
def test_where_it_is_not_nothing_is_suggested(
    tmp_path: Path, known: SimulatedTake, seed: int
) -> None:
    assert CUBE not in [item.name for item in scene_of("pick", seed).objects]
    assert suggested(tmp_path, add(tmp_path, "new", seed)) == []


def test_a_take_that_has_a_mask_needs_none(tmp_path: Path, known: SimulatedTake) -> None:
    take = add(tmp_path, "new", ALIKE[0])
    label(take)
    assert suggested(tmp_path, take) == []


def test_only_takes_of_the_task_with_an_object_of_that_name_are_looked_at(
    tmp_path: Path, known: SimulatedTake
) -> None:
    add(tmp_path, "new", ALIKE[0])
    pushed = record(tmp_path / "takes" / "pushed", scene_of("push", 1), max_ticks=2)
    label(pushed)
    assert takes_alike(tmp_path, "new", CUBE) == [known.folder]
    assert takes_alike(tmp_path, "new", "mug") == []
    assert takes_alike(tmp_path, "known", CUBE) == []
    assert takes_alike(tmp_path, "pushed", CUBE) == []


def test_a_mask_that_nobody_saw_and_that_is_not_sure_is_no_example(tmp_path: Path) -> None:
    label(add(tmp_path, "known", KNOWN), MaskSource.PROPAGATED, 0.5)
    assert suggested(tmp_path, add(tmp_path, "new", ALIKE[0])) == []


def test_another_take_that_cannot_be_read_is_left_out(tmp_path: Path, known: SimulatedTake) -> None:
    take = add(tmp_path, "new", ALIKE[0])
    others = takes_alike(tmp_path, "new", CUBE)
    (known.folder / TAKE).write_bytes(b"nothing")
    with TakeFrames.open(take.folder) as take_frames:
        sight, never = Sight(take_frames), lambda: False
        assert list(take_suggestions(sight, Snapshot(), CUBE, lambda: others, never)) == []


def test_it_ends_when_it_is_no_longer_wanted(tmp_path: Path, known: SimulatedTake) -> None:
    take = add(tmp_path, "new", ALIKE[0])
    others = takes_alike(tmp_path, "new", CUBE)
    with TakeFrames.open(take.folder) as take_frames:
        sight, always = Sight(take_frames), lambda: True
        assert list(take_suggestions(sight, Snapshot(), CUBE, lambda: others, always)) == []


def test_a_page_is_told_of_it(tmp_path: Path, known: SimulatedTake) -> None:
    take = add(tmp_path, "new", ALIKE[0])
    page = Page(tmp_path)
    try:
        found = page.act("suggest", take="new", object=CUBE).suggestions
    finally:
        page.service.close()
    assert {each.source for each in found} == {"other take"}
    clicks = [(each.camera, each.click) for each in found if each.click]
    assert all(take.truth[camera][0][int(click.y), int(click.x)] for camera, click in clicks)
    assert np.unique([each.why for each in found]).tolist() == [
        "it looks like that of another take of the task"
    ]
