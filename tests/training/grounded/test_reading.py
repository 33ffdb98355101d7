"""Which words count is learned from the takes, whatever a base's reader has settled on."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from teachloop.training.data.samples import Samples
from teachloop.training.grounded.behavior_cloning import Cloning, action_scale
from teachloop.training.grounded.feature_cache import cache_features, robot_context
from teachloop.training.grounded.policy import Features, GroundedPolicy

SIDE_M = 0.1


@pytest.fixture
def pushes(tiny_samples: Samples) -> Samples:
    """Of two runs that look alike, one goes to the left and one to the right."""
    run = tiny_samples.episodes[0]
    offsets = np.zeros_like(tiny_samples.offsets)
    offsets[..., 1] = np.where(tiny_samples.episode == 0, SIDE_M, -SIDE_M)[:, None]
    sides = (f"push the red cube to the {side}" for side in ("left", "right"))
    runs = tuple(replace(run, instructions=(text,)) for text in sides)
    return replace(tiny_samples, offsets=offsets, episodes=runs)


def settled(policy: GroundedPolicy) -> GroundedPolicy:
    """Its reader says the same of every sentence."""
    with torch.no_grad():
        policy.head.read.leave.narrow.bias.fill_(30.0)
    return policy


def apart_m(policy: GroundedPolicy, samples: Samples) -> float:
    """How far apart left and right are, at the same look, after learning."""
    policy.action_scale.copy_(action_scale(samples))
    cached = cache_features(policy, samples, 1, 0)
    cloning = Cloning(policy, samples, cached, {"cloning": 1.0}, 200, 24, 3e-3, 0)
    cloning.run(lambda *_: None)
    view, first = cached[0], np.zeros(1, np.int64)
    now = robot_context(samples, first, view.start_place[:1], view.start_visible[:1])
    seen = Features(*(part[:1] for part in view.features))
    policy.eval()
    with torch.no_grad():
        left, right = (
            policy.offsets(policy.act(seen, policy.words([f"shove it to the {side}"]), now))[0]
            for side in ("left", "right")
        )
    return float((left - right)[0, :, 1].mean())


def test_a_settled_reader_learns_no_other_word(
    tiny_policy: GroundedPolicy, pushes: Samples
) -> None:
    """Why a fine-tuning reads anew: this is what would happen otherwise."""
    assert abs(apart_m(settled(tiny_policy), pushes)) < SIDE_M / 10


def test_one_that_begins_anew_does(tiny_policy: GroundedPolicy, pushes: Samples) -> None:
    settled(tiny_policy).head.read_anew()
    assert apart_m(tiny_policy, pushes) > SIDE_M
