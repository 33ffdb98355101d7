"""What the hand grasped is known before it was grasped, and while it is held."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from simulated_takes import SimulatedTake, record, scene_of
from wrong_calibration import move_cameras

from teachloop.labeler.propagation.grasps import Grasp
from teachloop.labeler.suggestions.grasped_object import FRAMES, HELD, LEFT, grasp_suggestions
from teachloop.labeler.suggestions.interface import Suggestion
from teachloop.labeler.suggestions.sight import Sight
from teachloop.labeler.take_frames import TakeFrames


def suggested(take: SimulatedTake, by_m: float = 0.0, seed: int = 0) -> list[Suggestion]:
    with TakeFrames.open(take.folder) as take_frames:
        move_cameras(take_frames, by_m, seed)
        return list(grasp_suggestions(Sight(take_frames)))


def hits(take: SimulatedTake, suggestion: Suggestion) -> bool:
    assert suggestion.click is not None
    assert suggestion.click.positive
    truth = take.truth[suggestion.camera][suggestion.frame]
    return bool(truth[suggestion.click.pixel(truth.shape)])


def grasp_of(take: SimulatedTake) -> tuple[Grasp, dict[str, np.ndarray]]:
    with TakeFrames.open(take.folder) as take_frames:
        return take_frames.motion.grasps()[0], take_frames.times_ns


@pytest.mark.parametrize(("by_m", "seed"), [(0.0, 0), (0.005, 1), (0.005, 2), (0.005, 3)])
def test_every_click_is_on_the_object_also_where_the_calibration_is_5_mm_off(
    filmed: SimulatedTake, by_m: float, seed: int
) -> None:
    found = suggested(filmed, by_m, seed)
    assert [each for each in found if not hits(filmed, each)] == []


def test_clicks_are_spread_over_the_time_before_the_grasp_and_the_time_of_it(
    filmed: SimulatedTake,
) -> None:
    found, (grasp, times_ns) = suggested(filmed), grasp_of(filmed)
    for camera in ("front", "wrist"):
        at = np.array([times_ns[camera][each.frame] for each in found if each.camera == camera])
        assert (at < grasp.start_ns).sum() == (at >= grasp.start_ns).sum() == FRAMES
        assert all(np.diff(np.sort(at)) > 3 * 50_000_000), "one frame is as good as its neighbour"
    assert {each.source for each in found} == {"grasp"}


def test_where_the_robot_hides_the_object_no_click_is_suggested(filmed: SimulatedTake) -> None:
    """The side camera looks at the back of a finger while the hand holds the object."""
    hidden = [at for at, mask in enumerate(filmed.truth["side"]) if mask.sum() < 20]
    assert len(hidden) > 10
    assert not {each.frame for each in suggested(filmed) if each.camera == "side"} & {*hidden}


def test_a_camera_that_nobody_calibrated_is_left_out(filmed: SimulatedTake) -> None:
    with TakeFrames.open(filmed.folder) as take_frames:
        front = take_frames.cameras["front"]
        take_frames.cameras["front"] = replace(front, calibrated=False)
        found = grasp_suggestions(Sight(take_frames))
        assert {each.camera for each in found} == {"side", "wrist"}


def test_where_the_hand_left_it_it_is_known_too(put: SimulatedTake) -> None:
    found, (grasp, times_ns) = suggested(put, by_m=0.005, seed=4), grasp_of(put)
    assert [each for each in found if not hits(put, each)] == []
    for camera in ("front", "wrist"):
        after = [each for each in found if each.why == LEFT and each.camera == camera]
        assert 0 < len(after) <= FRAMES
        assert all(times_ns[camera][each.frame] >= grasp.end_ns for each in after)


def grasp_again(take_frames: TakeFrames, first: int) -> None:
    """As if the hand closed on something once more, from a tick on to the end."""
    motion = take_frames.motion
    assert motion.fingers is not None
    width_m, commanded = motion.fingers.width_m.copy(), motion.fingers.commanded.copy()
    width_m[first], width_m[first + 1 :], commanded[first:] = 0.08, 0.03, 0.0
    fingers = replace(motion.fingers, width_m=width_m, commanded=commanded)
    take_frames.motion = replace(motion, fingers=fingers)


@pytest.mark.parametrize(("away_s", "same"), [(0.2, True), (1.2, False)])
def test_what_is_taken_up_where_the_hand_left_it_is_the_same_object(
    put: SimulatedTake, away_s: float, same: bool
) -> None:
    with TakeFrames.open(put.folder) as take_frames:
        (grasp,) = take_frames.motion.grasps()
        times_ns = take_frames.motion.time_ns
        grasp_again(take_frames, int(np.searchsorted(times_ns, grasp.end_ns + int(1e9 * away_s))))
        _, second = take_frames.motion.grasps()
        found = [each for each in grasp_suggestions(Sight(take_frames)) if each.camera == "wrist"]
        held = [each for each in found if each.why == HELD]
        left = [each for each in found if each.why == LEFT]
        at_ns = take_frames.times_ns["wrist"]
        assert any(at_ns[each.frame] < grasp.end_ns for each in held)
        assert any(at_ns[each.frame] > second.start_ns for each in left) is not same


def test_without_a_grasp_there_is_nothing(push: SimulatedTake) -> None:
    assert suggested(push) == []


def test_before_the_object_was_put_there_no_click_is_suggested(tmp_path: Path) -> None:
    """The first frames of the front camera show the bare table."""
    scene, arrives = scene_of("pick", 102), 12

    def bare(camera: str, number: int, image: np.ndarray) -> np.ndarray:
        if camera != "front" or number >= arrives:
            return image
        return np.broadcast_to(np.median(image, (0, 1)).astype(np.uint8), image.shape)

    take = record(tmp_path / "take", scene, paint=bare)
    frames = [each.frame for each in suggested(take) if each.camera == "front"]
    assert arrives - 2 <= min(frames) < arrives + 8
