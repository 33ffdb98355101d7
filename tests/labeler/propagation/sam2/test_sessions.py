"""SAM 2 and EdgeTAM in a take that people label: with any segmenter, and never over what they
said."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn_takes import TICKS, draw_take

from teachloop.datasets.labels.masks import MaskSource
from teachloop.labeler.methods import Methods
from teachloop.labeler.session import LabelingSession
from teachloop.labeler.settings import LabelerSettings

CUP_BOX = (7.0, 17.0, 27.0, 37.0)


@pytest.fixture
def session(tmp_path: Path, weights: Path) -> Iterator[LabelingSession]:
    draw_take(tmp_path, "one", labeled=False)
    (tmp_path / "labeler.json").write_text(json.dumps({"weights": {"sam2": str(weights)}}))
    methods = Methods(LabelerSettings.read(tmp_path))
    with LabelingSession.open(tmp_path / "takes" / "one", "Ada", methods) as opened:
        yield opened


@pytest.mark.parametrize("segmenter", ["classical", "sam2"])
@pytest.mark.parametrize("propagator", ["classical", "sam2"])
def test_either_propagator_follows_what_either_segmenter_found(
    session: LabelingSession, segmenter: str, propagator: str
) -> None:
    session.box("front", 4, "cup", CUP_BOX, segmenter)
    drawn = session.snapshot.masks["front", 4, "cup"]
    session.propagate(propagator=propagator)
    masks = session.snapshot.masks
    assert masks["front", 4, "cup"] == drawn
    front = [masks["front", index, "cup"].source for index in range(TICKS) if index != 4]
    assert front == [MaskSource.PROPAGATED] * (TICKS - 1)


def test_what_people_locked_or_corrected_outlives_every_propagation(
    session: LabelingSession,
) -> None:
    session.box("front", 0, "cup", CUP_BOX)
    session.propagate(propagator="sam2")
    session.lock([("front", 5)])
    session.box("front", 12, "cup", (19.0, 17.0, 39.0, 37.0))
    said = {index: session.snapshot.masks["front", index, "cup"] for index in (0, 5, 12)}
    assert [said[index].source for index in (0, 12)] == [MaskSource.HUMAN] * 2
    first = session.snapshot.masks
    for _ in range(2):
        session.propagate(propagator="sam2")
        masks = session.snapshot.masks
        assert {index: masks["front", index, "cup"] for index in said} == said
        assert masks["front", 13, "cup"] != first["front", 13, "cup"]
        assert len(masks) == TICKS


def test_an_object_that_is_propagated_alone_leaves_the_others(session: LabelingSession) -> None:
    session.box("front", 0, "cup", CUP_BOX)
    session.propagate(propagator="sam2")
    before = session.snapshot.masks
    session.box("front", 10, "bin", (40.0, 40.0, 60.0, 60.0))
    session.propagate("bin", propagator="sam2")
    after = session.snapshot.masks
    assert {place: mask for place, mask in after.items() if place[2] == "cup"} == before
    assert len(after) == 2 * TICKS
