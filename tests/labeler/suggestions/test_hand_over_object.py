"""The robot before the object: it is not to be seen, or a mask reaches over the robot."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from simulated_takes import SimulatedTake
from wrong_calibration import move_cameras

from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.geometry.panda import FLANGE, HAND, link_poses
from teachloop.labeler.suggestions.hand_over_object import hand_suggestions
from teachloop.labeler.suggestions.interface import Suggestion
from teachloop.labeler.suggestions.sight import Sight
from teachloop.labeler.suggestions.suggest import suggestions
from teachloop.labeler.take_frames import TakeFrames

PALM_M = (0.0, 0.0, 0.027)  # the middle of the hand's body, in its own frame
GONE = 0.1  # of the object: less of it is as good as nothing


def mask_of(mask: np.ndarray, source: MaskSource = MaskSource.HUMAN) -> MaskRecord:
    return MaskRecord(rle=encode(mask), source=source)


def marked(take: SimulatedTake) -> Snapshot:
    """Somebody made a mask of the first frame of the front camera."""
    masks = {("front", 0, take.target): mask_of(take.truth["front"][0])}
    return Snapshot(masks=masks, objects=(ObjectLabel(take.target, True),))


def leaking(take: SimulatedTake, source: MaskSource = MaskSource.PROPAGATED) -> Snapshot:
    """Masks that are 15 pixels too large on all sides."""
    masks = dict(marked(take).masks)
    for camera in ("front", "side"):
        for frame, mask in enumerate(take.truth[camera]):
            large = cv2.dilate(mask.astype(np.uint8), np.ones((31, 31))) > 0
            if frame and mask.any():
                masks[camera, frame, take.target] = mask_of(large, source)
    return Snapshot(masks=masks)


def suggested(
    take: SimulatedTake, snapshot: Snapshot, by_m: float = 0.0, seed: int = 0
) -> list[Suggestion]:
    with TakeFrames.open(take.folder) as take_frames:
        move_cameras(take_frames, by_m, seed)
        return list(hand_suggestions(Sight(take_frames), snapshot, take.target))


@pytest.mark.parametrize(("by_m", "seed"), [(0.0, 0), (0.005, 1), (0.005, 2)])
def test_frames_in_which_the_robot_hides_the_object_are_suggested_as_unseen(
    filmed: SimulatedTake, by_m: float, seed: int
) -> None:
    found = suggested(filmed, marked(filmed), by_m, seed)
    assert {each.camera for each in found} == {"side"}, "the others see it all the time"
    whole = filmed.truth["side"][0].sum()
    for each in found:
        assert each.click is None
        assert filmed.truth["side"][each.frame].sum() < GONE * whole
    assert len(found) == 3


@pytest.mark.parametrize(("by_m", "seed"), [(0.0, 0), (0.005, 1), (0.005, 2)])
def test_where_a_mask_reaches_over_the_robot_a_click_says_that_it_does_not_belong(
    filmed: SimulatedTake, by_m: float, seed: int
) -> None:
    found = suggested(filmed, leaking(filmed), by_m, seed)
    clicks = [each for each in found if each.click]
    assert clicks
    for each in clicks:
        assert each.click is not None
        assert not each.click.positive
        assert filmed.robot[each.camera][each.frame][each.click.pixel((256, 256))]


def test_masks_that_fit_need_no_click(filmed: SimulatedTake) -> None:
    masks = {
        ("front", frame, filmed.target): mask_of(mask, MaskSource.PROPAGATED)
        for frame, mask in enumerate(filmed.truth["front"])
    }
    assert [each for each in suggested(filmed, Snapshot(masks=masks)) if each.click] == []


def test_what_is_locked_is_right(filmed: SimulatedTake) -> None:
    snapshot = leaking(filmed)
    locked = {place: replace(record, locked=True) for place, record in snapshot.masks.items()}
    found = suggested(filmed, replace(snapshot, masks=locked))
    assert [each for each in found if each.click] == []


def test_a_mask_that_a_person_clicked_may_reach_too_far_as_well(filmed: SimulatedTake) -> None:
    with TakeFrames.open(filmed.folder) as take_frames:
        snapshot = leaking(filmed, MaskSource.HUMAN)
        kinds = {each.kind for each in suggestions(take_frames, snapshot, filmed.target)}
    assert "off" in kinds


def test_no_frame_is_both_clicked_and_unseen(filmed: SimulatedTake) -> None:
    with TakeFrames.open(filmed.folder) as take_frames:
        found = suggestions(take_frames, marked(filmed), filmed.target)
    kinds = {kind: {each.place for each in found if each.kind == kind} for kind in ("on", "unseen")}
    assert kinds["unseen"]
    assert not kinds["on"] & kinds["unseen"]


def test_a_camera_inside_the_coarse_body_is_not_taken_for_blind(filmed: SimulatedTake) -> None:
    with TakeFrames.open(filmed.folder) as take_frames:
        wrist, joints_rad = take_frames.cameras["wrist"], take_frames.motion.joints_rad[0]
        hand = link_poses(joints_rad)[6] @ FLANGE @ HAND
        in_hand = np.linalg.inv(take_frames.motion.ee_pose[0]) @ hand
        pose = wrist.pose.copy()
        pose[:3, 3] = (in_hand @ [*PALM_M, 1.0])[:3]
        take_frames.cameras["wrist"] = replace(wrist, pose=pose)
        found = hand_suggestions(Sight(take_frames), marked(filmed), filmed.target)
        assert "wrist" not in {each.camera for each in found}


def test_without_a_grasp_there_is_nothing(push: SimulatedTake) -> None:
    assert suggested(push, marked(push)) == []
