"""What an agent sees at a recorded tick is what training read there, but for what the decoder of
large recorded images halves on its way (see ``TakeSamples.images``)."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_takes import TICKS, draw_take

from teachloop.datasets.steps import Observation
from teachloop.datasets.takes.reader import Take
from teachloop.geometry.poses import apply_delta
from teachloop.training.data.preprocessing import observe, to_pixels
from teachloop.training.data.samples import Samples
from teachloop.training.data.takes import read_take
from teachloop.training.grounded.agent import PolicyAgent
from teachloop.training.grounded.feature_cache import cache_features
from teachloop.training.grounded.layout import PolicyLayout
from teachloop.training.grounded.offline_scores import look, predict
from teachloop.training.grounded.policy import GroundedPolicy, sampling
from teachloop.training.grounded.target_tracker import TargetTracker

SIZE = 32  # of the tiny policy's images


@pytest.fixture
def take(tmp_path: Path) -> Iterator[Take]:
    """In which nothing is twice the same."""
    with Take.open(tmp_path / "takes" / draw_take(tmp_path, "one", wandering=3)) as take:
        yield take


def read(take: Take, policy: GroundedPolicy) -> Samples:
    return read_take(take.path.parent, sampling(policy.policy_config, policy.layout, stride=1))


def seen(take: Take, tick: int) -> Observation:
    """By an agent; each stream of a drawn take has one row a tick."""
    robot = take.robot
    assert robot.gripper_width_m is not None
    return Observation(
        time_ns=int(robot.time_ns[tick]),
        joint_positions_rad=robot.joint_positions_rad[tick],
        joint_velocities_rad_s=robot.joint_velocities_rad_s[tick],
        ee_pose=robot.ee_pose[tick],
        gripper_width_m=float(robot.gripper_width_m[tick]),
        images={name: take.image_at_least(name, tick, SIZE, SIZE) for name in take.frames},
        cameras=take.info.cameras,
    )


def test_images_rays_and_proprioception_are_the_same_at_every_tick(
    take: Take, tiny_policy: GroundedPolicy
) -> None:
    samples, layout = read(take, tiny_policy), tiny_policy.layout
    assert len(samples) == TICKS
    for tick in range(TICKS):
        now = observe(seen(take, tick), samples.size, layout.cameras, layout.lifted)
        assert torch.equal(now.pixels[0], to_pixels(samples.images[tick]))
        for name in ("proprioception", "origin", "direction"):
            own, learned = getattr(now, name)[0].numpy(), getattr(samples, name)[tick]
            np.testing.assert_allclose(own, learned, rtol=0, atol=1e-6, err_msg=name)


def test_key_points_without_memory_are_the_cached_ones(
    take: Take, tiny_policy: GroundedPolicy
) -> None:
    tiny_policy.encoder.shifts = ((0, 0),)  # the first look of a run is an agent's alone
    samples, layout = read(take, tiny_policy), tiny_policy.layout
    (cached,) = cache_features(tiny_policy, samples, views=1, seed=0)
    words = tiny_policy.words([samples.episodes[0].instructions[0]])
    for tick in range(TICKS):
        now = observe(seen(take, tick), samples.size, layout.cameras, layout.lifted)
        with torch.no_grad():
            tracker = TargetTracker(2, lifted=False)  # which remembers nothing
            features, _ = tracker.look(
                tiny_policy, now.pixels[0], words, now.origin[0], now.direction[0]
            )
        for own, learned in zip(features, cached.features, strict=True):
            torch.testing.assert_close(own[0], learned[tick], rtol=0, atol=1e-5)


def test_an_agent_begins_a_run_with_the_actions_that_are_measured(
    take: Take, tiny_policy: GroundedPolicy
) -> None:
    """Through one camera, whom no other has told anything."""
    policy = GroundedPolicy(tiny_policy.policy_config, PolicyLayout(inputs=("front", None))).eval()
    policy.encoder.shifts = ((0, 0),)
    samples = read(take, policy)
    features, _ = look(policy, samples, ())
    offsets = predict(policy, samples, features)[0].double().numpy()
    first = seen(take, 0)
    actions = PolicyAgent(policy, samples.episodes[0].instructions[0]).chunk(first)
    poses = np.stack([action.ee_pose for action in actions])
    np.testing.assert_allclose(poses, apply_delta(first.ee_pose, offsets), rtol=0, atol=1e-6)
