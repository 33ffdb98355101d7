"""How a chunk comes out of the head: what it is shown, and what comes of several ways to act."""

from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_takes import draw_take
from pydantic import ValidationError
from torch import Tensor

from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import submit
from teachloop.runtime.json_file import read_json, write_json
from teachloop.training.adapters.card import CARD
from teachloop.training.data.samples import Samples
from teachloop.training.grounded.base import load_base, save_base
from teachloop.training.grounded.behavior_cloning import Cloning
from teachloop.training.grounded.decoding import FLOW_STEPS, Draft, decode
from teachloop.training.grounded.feature_cache import cache_features, robot_context
from teachloop.training.grounded.finetune import finetune
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.grounded.lora import AdapterDoesNotFit, load_policy
from teachloop.training.grounded.policy import Features, GroundedPolicy
from teachloop.training.grounded.stages import Ends, Stage
from teachloop.training.objectives.interface import Decoding

BLANK = Draft.blank(torch.zeros(3, 4, 7))
SAID = torch.linspace(-1, 1, 28).view(4, 7).expand(3, -1, -1)
CLONING: dict[Decoding, str] = {
    "regression": "cloning_l2",
    "two_step": "cloning_two_step",
    "flow": "cloning_flow",
}


def act(objective: str) -> Stage:
    return Stage(
        name="act", trains=("head",), data="features", objectives={objective: 1.0},
        ends=Ends(steps=6), batch=8, rate=1e-3,
    )  # fmt: skip


@pytest.mark.parametrize("decoding", CLONING)
def test_a_head_that_always_says_the_same_is_followed(decoding: Decoding) -> None:
    torch.testing.assert_close(decode(decoding, lambda _: SAID, BLANK, True), SAID)


def test_the_second_of_two_steps_is_shown_nine_tenths_of_the_first_answer() -> None:
    shown: list[Draft | None] = []

    def proposes(draft: Draft | None) -> Tensor:
        shown.append(draft)
        return SAID + len(shown)

    last = decode("two_step", proposes, BLANK, False)
    first, second = shown
    assert first is not None
    assert second is not None
    assert first.actions.abs().max() == first.time.max() == 0
    torch.testing.assert_close(second.actions, 0.9 * (SAID + 1))
    torch.testing.assert_close(second.time, torch.full((3,), 0.9))
    torch.testing.assert_close(last, SAID + 2)


def test_a_flow_ends_at_one_of_two_ways_and_not_between_them() -> None:
    """Of actions that are 1 or -1, as often one as the other, the mean that is to be expected of
    what is seen at a time is known: tanh(t x / (1 - t)²)."""
    times: list[float] = []

    def proposes(draft: Draft | None) -> Tensor:
        assert draft is not None
        times.append(float(draft.time[0]))
        time = draft.time[:, None, None]
        return (time * draft.actions / (1 - time).square()).tanh()

    actions = decode("flow", proposes, BLANK, False)
    assert len(times) == FLOW_STEPS
    assert (actions.abs() > 0.99).float().mean() > 0.95
    assert {-1.0, 1.0} == set(actions.sign().unique().tolist())
    torch.testing.assert_close(actions[0], actions[1])  # always from the same noise


@pytest.mark.parametrize(("decoding", "undecided"), [("regression", True), ("flow", False)])
def test_of_two_ways_that_were_shown_as_often_a_flow_takes_one(
    tiny_policy: GroundedPolicy, tiny_samples: Samples, decoding: Decoding, undecided: bool
) -> None:
    """Half of the times it turns one way, half the other, and always the same is seen."""
    for seen in (tiny_samples.images, tiny_samples.masks, tiny_samples.proprioception):
        seen[:] = seen[0]
    policy = GroundedPolicy(tiny_policy.policy_config, decoding=decoding)
    side = np.resize([1.0, -1.0], len(tiny_samples)).astype(np.float32)
    tiny_samples.offsets[:] = 0
    tiny_samples.offsets[..., 5] = 0.2 * side[:, None]
    policy.action_scale.fill_(0.2)
    cached = cache_features(policy, tiny_samples, 1, 0)
    cloning = Cloning(policy, tiny_samples, cached, {CLONING[decoding]: 1.0}, 1500, 24, 3e-3, 0)
    cloning.run(lambda *_: None)
    rows, view = np.arange(len(tiny_samples)), cached[0]
    policy.eval()
    with torch.no_grad():
        now = robot_context(tiny_samples, rows, view.start_place, view.start_visible)
        words = type(view.words)(*(part[view.sentence] for part in view.words))
        actions = policy.act(Features(*view.features), words, now)
    turned = actions[..., 5].mean(1).abs().mean()
    assert (turned < 0.5) == undecided


@pytest.mark.parametrize("decoding", CLONING)
def test_an_adapter_acts_in_the_way_that_it_learned(
    tmp_path: Path, tiny_base: Path, decoding: Decoding
) -> None:
    job = submit(tmp_path / "data", "finetune", JobConfig())
    take = draw_take(job.data, "one")
    settings = FinetuneConfig(
        takes=(take,), base=str(tiny_base), preset="custom", stages=(act(CLONING[decoding]),),
        lora_rank=2, threads=1, stride=1,
    )  # fmt: skip
    policy = load_policy(str(tiny_base), finetune(settings, job))
    assert policy.decoding == decoding
    drafted = policy.head.drafted
    assert (drafted is not None and bool(drafted.weight.any())) == (decoding != "regression")


def test_a_base_acts_as_before_until_its_drafts_are_trained(
    tmp_path: Path, tiny_policy: GroundedPolicy
) -> None:
    save_base(tiny_policy, tmp_path / "base")
    two_step = load_base(str(tmp_path / "base"), decoding="two_step")
    given = (
        torch.randn(2, 3, 2, 7),
        torch.randn(2, 8),
        torch.randn(2, 2, 2, 16),
        torch.randn(2, 2, 2, 6),
    )
    words = tiny_policy.words(["push it", "lift it"])
    draft = two_step.head.blank(2)
    with torch.no_grad():
        alone = tiny_policy.head(*given, words)
        torch.testing.assert_close(two_step.head(*given, words, draft), alone)


def test_stages_that_act_in_different_ways_are_refused() -> None:
    first, second = act("cloning"), act("cloning_flow").model_copy(update={"name": "again"})
    with pytest.raises(ValidationError, match="cloning, cloning_flow make the head act in diff"):
        FinetuneConfig(takes=("one",), preset="custom", stages=(first, second))


def test_an_adapter_that_names_no_way_to_act_is_refused(tmp_path: Path, tiny_base: Path) -> None:
    job = submit(tmp_path / "data", "finetune", JobConfig())
    settings = FinetuneConfig(
        takes=(draw_take(job.data, "one"),), base=str(tiny_base), preset="tiny", threads=1
    )
    folder = finetune(settings, job)
    card = read_json(folder / CARD)
    card["config"]["decoding"] = "dreaming"
    write_json(folder / CARD, card)
    with pytest.raises(AdapterDoesNotFit, match=r"does not fit"):
        load_policy(str(tiny_base), folder)
