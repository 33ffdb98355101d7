"""An object is found where it is, though it was expected elsewhere."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from disc_film import film
from simulated_accuracy import iou

from teachloop.geometry.poses import make_pose
from teachloop.geometry.rotations import from_rotation_vector
from teachloop.labeler.propagation.classical.object_model import learn
from teachloop.labeler.propagation.interface import Keyframe
from teachloop.labeler.session import LabelingSession
from teachloop.labeler.take_frames import TakeFrames

LOOKS_DOWN = make_pose(from_rotation_vector([np.pi, 0, 0]), [0.5, 0, 0.8])


@pytest.mark.parametrize("lower_px", [0.0, 10.0, 18.0])
def test_what_was_expected_beyond_the_border_is_not_cut_off_inside_of_it(
    tmp_path: Path, lower_px: float
):
    truth = film(tmp_path / "take", [(160.0, 180.0), (160.0, 246.0)], LOOKS_DOWN)
    with TakeFrames.open(tmp_path / "take") as take_frames:
        keyframe = Keyframe("side", 0, truth[0])
        tracker = learn(take_frames, [keyframe])
        estimate = tracker.believe(truth[0], "side", 0, None)
        expected = np.array([0.0, 246.0 - 180.0 + lower_px])
        estimate.shift(take_frames.cameras["side"], np.eye(4), expected)
        found = tracker.look(estimate, "side", 1)
        assert iou(found.whole(), truth[1]) > 0.9


def test_which_of_two_alike_is_followed_is_unsure_from_when_they_touched(tmp_path: Path) -> None:
    frames = range(40)
    way = [(60.0 + 3 * at, 100.0) for at in frames]
    twin = [(177.0 - 3 * at, 112.0) for at in frames]
    film(tmp_path / "take", way, LOOKS_DOWN, twin)
    touch = next(at for at in frames if way[at][0] + 28 > twin[at][0])
    with LabelingSession.open(tmp_path / "take", "Ada") as session:
        session.click("side", 0, "disc", *way[0], True)
        session.propagate("disc")
        assert sure(session, range(1, touch - 1)).min() > 0.6
        assert sure(session, range(touch + 1, 40)).max() < 0.6
        session.click("side", 39, "disc", *way[39], True)
        session.propagate("disc")
        assert sure(session, range(38, 30, -1)).min() > 0.6


def sure(session: LabelingSession, frames: Iterable[int]) -> np.ndarray:
    masks = session.snapshot.masks
    return np.array([masks["side", at, "disc"].confidence for at in frames])
