"""What an agent remembers of where things are, from look to look."""

import numpy as np
import torch

from teachloop.training.belief import DOUBT, Belief
from teachloop.training.config import QUERIES
from teachloop.training.grounding import lift, patch_centres
from teachloop.training.policy import TABLE_M, GroundedPolicy

SIDE = 4
ORIGIN = torch.tensor([[0.5, 0.0, 1.0]])
# A camera that looks straight down on a square metre of table.
DIRECTION = torch.tensor([[[1.0, 0.0, -0.5], [0.0, -1.0, 0.5], [0.0, 0.0, -1.0]]])


def test_without_memory_nothing_is_expected() -> None:
    expected = Belief().expected(ORIGIN, DIRECTION, SIDE)
    assert expected.shape == (1, len(QUERIES), SIDE**2 + 1)
    assert torch.count_nonzero(expected) == 0


def test_what_is_far_from_the_last_place_is_doubted_within_bounds() -> None:
    belief = Belief()
    centres = lift(patch_centres(SIDE)[None], ORIGIN, DIRECTION, TABLE_M)[0]
    belief.place[0], belief.known[0] = centres[6], True
    target, destination = belief.expected(ORIGIN, DIRECTION, SIDE)[0]
    assert target[6].abs() < 1e-6
    assert target[:-1].min() == -DOUBT, "clear sight must be able to overrule memory"
    assert target[-1] == 0, "being out of sight is no less likely than before"
    assert torch.count_nonzero(destination) == 0, "it was never seen"


def test_a_look_remembers_where_the_target_is(tiny_policy: GroundedPolicy) -> None:
    belief, words = Belief(), tiny_policy.words(["push"])
    pixels = torch.from_numpy(np.random.default_rng(0).normal(size=(1, 3, 32, 32))).float()
    with torch.no_grad():
        wanted = tiny_policy.grounding.query(words.sentence)[0, : len(tiny_policy.grounding.absent)]
        tiny_policy.grounding.absent.copy_(-1000 * wanted)  # the target is surely in sight
        features, _ = belief.look(tiny_policy, pixels, words, ORIGIN, DIRECTION)
    assert features.visible[0, 0, 0] > 0.99
    assert belief.known[0]
    place = lift(features.point[0], ORIGIN, DIRECTION, TABLE_M)[0, 0]
    torch.testing.assert_close(belief.place[0], place)
