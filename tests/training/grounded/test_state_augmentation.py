"""What a head is shown beside what was demonstrated, and what would be right there."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from teachloop.training.data.samples import Samples, join
from teachloop.training.grounded.feature_cache import cache_features
from teachloop.training.grounded.policy import GroundedPolicy
from teachloop.training.grounded.state_augmentation import (
    EMPTY,
    Demonstrated,
    before_grasps,
    empty_handed,
    off_path,
)

TICKS = 12  # of each of the two runs


def fingers(samples: Samples, told: str, widths: list[float]) -> Samples:
    """Both runs with what the gripper is told at each tick (o: open), and how far it is open."""
    own = samples.proprioception.copy()
    own[:, 9] = np.tile(widths, 2)
    grippers = np.tile([float(each == "o") for each in told], 2).astype(np.float32)
    return replace(
        samples,
        proprioception=own,
        grippers=np.repeat(grippers[:, None], samples.offsets.shape[1], 1),
    )


def test_the_ticks_before_a_grasp_are_those_at_which_the_fingers_are_still_open(
    tiny_samples: Samples,
) -> None:
    told = "ooooo" + "cccc" + "ooo"  # reaches, holds, and lets go
    held = fingers(tiny_samples, told, [1.0] * 6 + [0.5] * 3 + [1.0] * 3)
    assert before_grasps(held).tolist() == 2 * ([True] * 5 + [False] * 7)


def test_fingers_that_close_on_nothing_are_no_grasp(tiny_samples: Samples) -> None:
    """As for a push."""
    pushed = fingers(tiny_samples, "ooo" + "c" * 9, [1.0] * 4 + [0.0] * 8)
    assert not before_grasps(pushed).any()


def test_each_of_two_grasps_in_a_run_has_its_own(tiny_samples: Samples) -> None:
    told = "oo" + "ccc" + "oo" + "ccc" + "oo"
    widths = [1.0, 1.0, 1.0, 0.5, 0.5, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0]  # the second one misses
    found = before_grasps(fingers(tiny_samples, told, widths))
    assert found.tolist() == 2 * ([True] * 2 + [False] * 10)


def test_without_a_gripper_there_are_none(tiny_samples: Samples) -> None:
    bare = replace(tiny_samples, proprioception=tiny_samples.proprioception[:, :9], grippers=None)
    assert not before_grasps(join([bare, bare])).any()


@pytest.fixture
def shown(tiny_policy: GroundedPolicy, tiny_samples: Samples) -> Demonstrated:
    samples = fingers(tiny_samples, "o" * TICKS, [1.0] * TICKS)
    view = cache_features(tiny_policy, samples, 1, 0)[0]
    torch.manual_seed(0)
    return off_path(tiny_policy, samples, view, np.resize(np.arange(len(samples)), 960))


def test_some_hands_before_a_grasp_are_shown_closed_and_are_to_open(shown: Demonstrated) -> None:
    reaching = np.arange(960) % 2 == 0
    after = empty_handed(shown, reaching)
    closed = (after.now.proprioception[:, 9] < EMPTY).numpy()
    assert not closed[~reaching].any()
    assert 0.08 < closed[reaching].mean() < 0.25
    assert after.grippers is not None
    assert after.grippers.all(), "what they do is what was done: open"
    assert torch.equal(after.now.proprioception[:, :9], shown.now.proprioception[:, :9])


def test_a_hand_that_is_turned_is_to_turn_back(shown: Demonstrated) -> None:
    """The target's yaw stays what was demonstrated."""
    ahead = shown.now.proprioception[:, 3:5]
    now_rad = torch.atan2(ahead[:, 1], ahead[:, 0])
    assert now_rad.std() > 0.1
    torch.testing.assert_close(
        now_rad[:, None] + shown.offsets[..., 5],
        torch.zeros_like(shown.offsets[..., 5]),
        atol=1e-5,
        rtol=0,
    )
