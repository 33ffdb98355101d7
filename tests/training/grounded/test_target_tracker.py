"""What an agent remembers of where things are, from look to look."""

import numpy as np
import pytest
import torch

from teachloop.training.grounded.grounding import grid_centres, lift
from teachloop.training.grounded.policy import TABLE_M, GroundedPolicy
from teachloop.training.grounded.target_tracker import DOUBT, TargetTracker

SIDE = 4
ORIGIN = torch.tensor([[0.5, 0.0, 1.0]])
# A camera that looks straight down on a square metre of table.
DIRECTION = torch.tensor([[[1.0, 0.0, -0.5], [0.0, -1.0, 0.5], [0.0, 0.0, -1.0]]])


def test_without_memory_nothing_is_expected() -> None:
    expected = TargetTracker(2).expected(ORIGIN, DIRECTION, SIDE)
    assert expected.shape == (1, 2, SIDE**2 + 1)
    assert torch.count_nonzero(expected) == 0


def test_what_is_far_from_the_last_place_is_doubted_within_bounds() -> None:
    tracker = TargetTracker(2)
    centres = lift(grid_centres(SIDE)[None], ORIGIN, DIRECTION, TABLE_M)[0]
    tracker.place[0], tracker.known[0] = centres[6], True
    target, destination = tracker.expected(ORIGIN, DIRECTION, SIDE)[0]
    assert target[6].abs() < 1e-6
    assert target[:-1].min() == -DOUBT, "clear sight must be able to overrule memory"
    assert target[-1] == 0, "being out of sight is no less likely than before"
    assert torch.count_nonzero(destination) == 0, "it was never seen"


def test_a_look_remembers_where_the_target_is(tiny_policy: GroundedPolicy) -> None:
    tracker, words = TargetTracker(2), tiny_policy.words(["push"])
    pixels = torch.from_numpy(np.random.default_rng(0).normal(size=(1, 3, 32, 32))).float()
    with torch.no_grad():
        wanted = tiny_policy.grounding.query(words.sentence)[0, : len(tiny_policy.grounding.absent)]
        tiny_policy.grounding.absent.copy_(-1000 * wanted)  # the target is surely in sight
        features, _ = tracker.look(tiny_policy, pixels, words, ORIGIN, DIRECTION)
    assert features.visible[0, 0, 0] > 0.99
    assert tracker.known[0]
    place = lift(features.point[0], ORIGIN, DIRECTION, TABLE_M)[0, 0]
    torch.testing.assert_close(tracker.place[0], place)


@pytest.mark.parametrize("tiny_policy", ["clip"], indirect=True)
def test_the_first_look_means_several_and_the_next_only_its_own(
    tiny_policy: GroundedPolicy,
) -> None:
    """The mean of the attention of five images, each a quarter of a patch from the next."""
    words = tiny_policy.words(["push"])
    pixels = torch.from_numpy(np.random.default_rng(1).normal(size=(2, 3, 32, 32))).float()
    pixels[..., :2, :] = pixels[..., -2:, :] = pixels[..., :, :2] = pixels[..., :, -2:] = 0.0
    rays = ORIGIN.expand(2, -1), DIRECTION.expand(2, -1, -1)
    tracker = TargetTracker(2)
    with torch.no_grad():
        first = tracker.look(tiny_policy, pixels, words, *rays)[1]
        memory = tracker.expected(rays[0][:1], rays[1][:1], 4)
        second = tracker.look(tiny_policy, pixels, words, *rays)[1]
        moves = [(0, 0), (2, 2), (2, -2), (-2, 2), (-2, -2)]  # patches of 8 pixels
        seen = [torch.roll(pixels, move, (2, 3)) for move in moves]
        plain = [tiny_policy.ground(image, words.sentence.expand(2, -1)) for image in seen]
    attention = torch.stack([each.logits.softmax(-1) for each in plain])
    torch.testing.assert_close(first[0].softmax(-1), attention.mean(0)[0])
    torch.testing.assert_close(second[0], plain[0].logits[0] + memory[0])


@pytest.mark.parametrize("tiny_policy", ["convolutional"], indirect=True)
def test_an_encoder_without_patches_looks_once(tiny_policy: GroundedPolicy) -> None:
    words = tiny_policy.words(["push"])
    pixels = torch.from_numpy(np.random.default_rng(1).normal(size=(1, 3, 32, 32))).float()
    with torch.no_grad():
        first = TargetTracker(2).look(tiny_policy, pixels, words, ORIGIN, DIRECTION)[1]
        plain = tiny_policy.ground(pixels, words.sentence).logits
    torch.testing.assert_close(first, plain)
