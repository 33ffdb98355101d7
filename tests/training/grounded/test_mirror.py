"""One run and its mirror image."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from teachloop.geometry.poses import apply_delta, make_pose
from teachloop.geometry.rotations import from_rotation_vector
from teachloop.training.data.preprocessing import proprioception
from teachloop.training.data.samples import Samples
from teachloop.training.grounded.feature_cache import cache_features
from teachloop.training.grounded.mirror import (
    mirrored_context,
    mirrored_offsets,
    symmetric_runs,
)
from teachloop.training.grounded.policy import (
    Features,
    GroundedPolicy,
    RobotContext,
    geometry,
    posture,
)

MIRROR = np.diag([1.0, -1.0, 1.0])
BOTH = torch.tensor([True, False])


def poses(count: int, seed: int = 0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    turns = from_rotation_vector(draw.normal(size=(count, 3)))
    return np.stack([make_pose(turn, draw.normal(size=3)) for turn in turns])


def in_mirror(pose: np.ndarray) -> np.ndarray:
    return make_pose(MIRROR @ pose[:3, :3] @ MIRROR, MIRROR @ pose[:3, 3])


def context(pose: np.ndarray) -> RobotContext:
    draw = torch.Generator().manual_seed(3)
    state = torch.from_numpy(proprioception(pose, np.full(len(pose), 0.4)))
    return RobotContext(
        state,
        torch.randn(len(pose), 2, 3, generator=draw) + torch.tensor([0.0, 0.0, 2.0]),
        torch.randn(len(pose), 2, 3, 3, generator=draw),
        torch.randn(len(pose), 2, 3, generator=draw),
        torch.ones(len(pose), 2),
    )


def test_mirrored_offsets_lead_from_the_mirrored_pose_to_the_mirrored_target() -> None:
    start, offset = poses(1)[0], np.random.default_rng(1).normal(size=6)
    given = torch.from_numpy(np.stack([offset, offset]))[:, None]
    there, here = mirrored_offsets(given, BOTH).numpy()
    np.testing.assert_allclose(
        apply_delta(in_mirror(start), there[0]), in_mirror(apply_delta(start, offset)), atol=1e-12
    )
    np.testing.assert_array_equal(here[0], offset)


def test_the_hand_in_the_mirror_is_the_hand_of_the_mirrored_pose() -> None:
    pose = np.repeat(poses(1), 2, axis=0)
    there, here = mirrored_context(context(pose), BOTH).proprioception
    wanted = proprioception(in_mirror(pose[0])[None], np.array([0.4]))[0]
    np.testing.assert_allclose(there, wanted, atol=1e-6)
    np.testing.assert_allclose(here, context(pose).proprioception[1], atol=0)


def test_what_is_seen_lies_on_the_other_side_of_the_hand() -> None:
    now = context(np.repeat(poses(1, seed=2), 2, axis=0))
    nothing = torch.zeros(2, 2, 2, 4)
    features = Features(torch.rand(2, 2, 2, 2), torch.ones(2, 2, 2), nothing, nothing)
    whole = geometry(None, features, now)
    there = geometry(None, features, mirrored_context(now, BOTH))
    flip = torch.tensor([1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0])
    torch.testing.assert_close(there[0], whole[0] * flip)
    torch.testing.assert_close(there[1], whole[1])


def test_a_mirror_in_a_mirror_shows_what_is() -> None:
    now, both = context(poses(2)), torch.tensor([True, True])
    twice = mirrored_context(mirrored_context(now, both), both)
    for part, again in zip(now, twice, strict=True):
        torch.testing.assert_close(part, again)
    torch.testing.assert_close(posture(twice.proprioception), posture(now.proprioception))


def told(samples: Samples, ends_m: list[float], texts: list[str]) -> Samples:
    """Runs of two samples each, which end so far beside their start."""
    count = len(ends_m)
    state = np.zeros((2 * count, 10), np.float32)
    state[1::2, 1] = ends_m
    run = samples.episodes[0]
    episodes = tuple(replace(run, instructions=(text,), target=None) for text in texts)
    return replace(
        samples, proprioception=state, episode=np.arange(2 * count) // 2, episodes=episodes
    )


@pytest.mark.parametrize(
    ("ends_m", "text", "wanted"),
    [
        ([0.1, 0.2, 0.15], "push it to the left", True),  # the words will say the other side
        ([0.1, -0.2, 0.15, -0.1], "pick it up", True),
        ([0.1, 0.2, 0.15, 0.12], "put it away", False),  # always there, without a word of it
        ([0.1], "put it away", False),  # nobody can tell
    ],
)
def test_runs_to_one_side_without_a_word_of_it_are_not_mirrored(
    tiny_samples: Samples, ends_m: list[float], text: str, wanted: bool
) -> None:
    samples = told(tiny_samples, ends_m, [text] * len(ends_m))
    assert symmetric_runs(samples).tolist() == [wanted] * len(ends_m)


def test_runs_are_compared_with_those_that_are_told_in_the_same_words(
    tiny_samples: Samples,
) -> None:
    texts = ["vie se vasemmalle päin"] * 3 + ["vie se oikealle päin"] * 3 + ["nosta se"] * 4
    unknown = [text.replace("vasemmalle", "vaxemmalle").replace("oikealle", "oixealle")
               for text in texts]  # fmt: skip
    samples = told(tiny_samples, [0.1, 0.11, 0.12, -0.1, -0.11, -0.12, 0.1, -0.1, 0.2, -0.2],
                   unknown)  # fmt: skip
    assert symmetric_runs(samples).tolist() == [False] * 6 + [True] * 4


def test_every_sample_that_may_be_mirrored_has_its_words_in_the_mirror(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    run = replace(tiny_samples.episodes[0], instructions=("push it to the left",), target=None)
    one = replace(tiny_samples, episodes=tuple(run for _ in tiny_samples.episodes))
    (plain,) = cache_features(tiny_policy, one, 1, 0)
    right = tiny_policy.words(["push it to the right"]).letters[0]
    assert (plain.mirrored >= 0).all()
    torch.testing.assert_close(plain.words.letters[plain.mirrored[0]], right)
