"""A policy computes where it is told to, and all that it is given lies there.

The meta device stands for a GPU: it knows shapes but no values, and, as a GPU does, it refuses what
brings tensors of two devices together.
"""

from collections.abc import Mapping

import pytest
import torch

from teachloop.training.data.samples import Samples
from teachloop.training.grounded.behavior_cloning import Cloning
from teachloop.training.grounded.device import NoSuchDevice, answer, device_words, settle
from teachloop.training.grounded.feature_cache import cache_features
from teachloop.training.grounded.grounding_training import LabeledFrames, perceive
from teachloop.training.grounded.policy import GroundedPolicy
from teachloop.training.grounded.target_tracker import TargetTracker

META = torch.device("meta")
on_meta = pytest.mark.parametrize("tiny_policy", ["convolutional"], indirect=True)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one")
def test_a_gpu_that_is_not_there_is_refused_where_it_is_asked_for(
    tiny_policy: GroundedPolicy,
) -> None:
    before = answer(tiny_policy)
    with pytest.raises(NoSuchDevice, match=r"compute on cuda: .*Leave `device` empty"):
        settle(tiny_policy, "cuda")
    assert torch.equal(answer(tiny_policy), before), "it works on where it was"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one that works")
def test_a_gpu_that_does_not_work_is_left_alone(
    tiny_policy: GroundedPolicy,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert settle(tiny_policy).device.type == "cpu"
    assert "The processor computes, and not cuda: " in caplog.text


def test_the_fastest_device_is_taken_where_none_is_asked_for(tiny_policy: GroundedPolicy) -> None:
    apple = "mps" if torch.backends.mps.is_available() else "cpu"
    fastest = "cuda" if torch.cuda.is_available() else apple
    assert settle(tiny_policy).device.type == fastest
    assert settle(tiny_policy, "cpu").device == torch.device("cpu")
    assert device_words(torch.device("cpu")) == "the processor"


@on_meta
def test_it_acts_where_it_is(tiny_policy: GroundedPolicy) -> None:
    assert answer(tiny_policy.to(META)).device == META


@on_meta
def test_it_looks_and_remembers_where_it_is(tiny_policy: GroundedPolicy) -> None:
    policy = tiny_policy.to(META)
    tracker = TargetTracker(2, device=policy.device)
    rays = torch.ones(2, 3, device=META), torch.ones(2, 3, 3, device=META)
    seen = [
        tracker.look(policy, torch.zeros(2, 3, 32, 32, device=META), policy.words(["push"]), *rays)
        for _ in range(2)
    ]
    devices = {part.device for features, logits in seen for part in (logits, features.point)}
    assert devices | {tracker.place.device} == {META}


@on_meta
@pytest.mark.parametrize("objectives", [{"cloning": 1.0}, {"cloning_l2": 1.0}])
def test_its_head_learns_where_it_is(
    tiny_policy: GroundedPolicy, tiny_samples: Samples, objectives: Mapping[str, float]
) -> None:
    policy, told = tiny_policy.to(META), []
    cached = cache_features(policy, tiny_samples, views=2, seed=0)
    cloning = Cloning(policy, tiny_samples, cached, objectives, 3, 8, 1e-3, 0)
    cloning.run(lambda step, _: told.append(step))
    assert told == [0, 1, 2]
    grads = [parameter.grad for parameter in policy.head.parameters()]
    assert {None if grad is None else grad.device for grad in grads} == {META}


@on_meta
def test_its_eyes_learn_where_they_are(tiny_policy: GroundedPolicy, tiny_samples: Samples) -> None:
    policy, told = tiny_policy.to(META), []
    optimizer = torch.optim.AdamW(policy.parameters(), lr=1e-3)
    source, rates = LabeledFrames(tiny_samples), lambda _: 1e-3
    perceive(
        policy, source, {"grounding": 1.0}, optimizer, rates, range(2), 4, 0,
        lambda step, _: told.append(step),
    )  # fmt: skip
    assert told == [0, 1]
