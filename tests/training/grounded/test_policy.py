"""The grounded policy as a whole: words, bases on disk, LoRA, cloning."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from teachloop.runtime.errors import TeachloopError
from teachloop.training.data.preprocessing import to_pixels
from teachloop.training.data.samples import Samples
from teachloop.training.grounded import precision, tokenizer
from teachloop.training.grounded.agent import PolicyAgent
from teachloop.training.grounded.base import load_base
from teachloop.training.grounded.behavior_cloning import Cloning, action_scale
from teachloop.training.grounded.feature_cache import cache_features
from teachloop.training.grounded.grounding_training import LabeledFrames, perceive
from teachloop.training.grounded.lora import (
    AdapterDoesNotFit,
    add_lora,
    load_policy,
    lora_parameters,
    save_lora,
)
from teachloop.training.grounded.policy import (
    Features,
    GroundedPolicy,
    RobotContext,
    Telling,
    geometry,
    places,
)
from teachloop.training.policies.base_names import BASES, DEFAULT, UnknownBase


@pytest.mark.parametrize("text", ["把红色方块推到左边", "Würfel 🤖", "", "ارفع المكعب", "x" * 158])
def test_any_sentence_in_any_language_encodes(text: str) -> None:
    ids = tokenizer.encode(text, 160)
    assert ids[0] == tokenizer.START
    assert ids[-1] == tokenizer.END
    assert len(ids) <= 160
    assert max(ids) < tokenizer.VOCABULARY


@pytest.mark.parametrize("text", ["x" * 159, "青いカップを" * 9])
def test_what_would_be_cut_is_refused_with_how_much_can_be_read(text: str) -> None:
    with pytest.raises(tokenizer.TextTooLong, match="and this policy reads 158"):
        tokenizer.encode(text, 160)


def test_an_agent_is_not_made_for_an_instruction_that_it_would_read_in_part(
    tiny_policy: GroundedPolicy,
) -> None:
    with pytest.raises(tokenizer.TextTooLong):
        PolicyAgent(tiny_policy, "push it " * 40)


def test_the_same_words_are_the_same_sentence_however_they_were_typed() -> None:
    wanted = tokenizer.encode("würfel auf den teller", 160)
    for typed in ("Wu\u0308rfel auf  den\u00a0Teller", " würfel auf den teller\n"):
        assert tokenizer.encode(typed, 160) == wanted


def test_a_sentence_means_the_same_beside_a_longer_one(tiny_policy: GroundedPolicy) -> None:
    alone = tiny_policy.words(["push"]).sentence
    beside = tiny_policy.words(["push", "push the cube far to the left"]).sentence[:1]
    torch.testing.assert_close(alone, beside, atol=1e-5, rtol=0)


def test_the_letters_of_unknown_words_differ() -> None:
    ids, _ = tokenizer.encode_batch(["push it to the left", "push it to the right", "a"], 160)
    left, right, short = tokenizer.trigrams(ids)
    assert (left - right).abs().sum() >= 8, "at least four trigrams on either side"
    assert short.abs().sum() == 1, "padding has no letters"


def test_letters_do_not_depend_on_the_sentence_beside() -> None:
    alone, _ = tokenizer.encode_batch(["推"], 160)
    beside, _ = tokenizer.encode_batch(["推", "push the cube"], 160)
    assert torch.equal(tokenizer.trigrams(alone)[0], tokenizer.trigrams(beside)[0])


def test_a_base_that_was_saved_acts_the_same(tiny_policy: GroundedPolicy, tiny_base: Path) -> None:
    pixels = torch.randn(3, 3, 32, 32)
    sentence = tiny_policy.words(["a", "b", "c"]).sentence
    again = load_base(str(tiny_base))
    torch.testing.assert_close(
        again.ground(pixels, again.words(["a", "b", "c"]).sentence).logits,
        tiny_policy.ground(pixels, sentence).logits,
    )


def test_a_missing_base_is_named_with_those_that_exist() -> None:
    with pytest.raises(UnknownBase, match=r"'nowhere'.*Shipped"):
        load_base("nowhere")


def test_a_truncated_base_is_an_error_in_words(tiny_base: Path) -> None:
    weights = tiny_base / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(TeachloopError, match="does not fit"):
        load_base(str(tiny_base))


def test_the_shipped_base_is_small_and_loads() -> None:
    folder = BASES / DEFAULT
    size = sum(file.stat().st_size for file in folder.iterdir())
    assert size <= 20 * 2**20
    assert load_base(DEFAULT).policy_config.chunk >= 8
    assert (folder / "README.md").is_file()


AFTER_ANOTHER = """
import sys
import teachloop
from transformers import CLIPVisionConfig, CLIPVisionModel
from teachloop.training.grounded.base import load_base
small = dict(hidden_size=16, intermediate_size=16, num_attention_heads=2, num_hidden_layers=1)
CLIPVisionModel(CLIPVisionConfig(**small)).save_pretrained(sys.argv[1])
CLIPVisionModel.from_pretrained(sys.argv[1])
load_base(sys.argv[2])
"""


def test_a_base_loads_in_a_process_that_loaded_a_model_of_transformers_first(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", AFTER_ANOTHER, str(tmp_path), DEFAULT]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_merged_adapter_acts_as_the_unmerged_one(
    tiny_base: Path, tiny_samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "NATIVE", ())  # in which products of products are rounded
    policy = load_base(str(tiny_base))
    model = add_lora(policy, rank=4)
    with torch.no_grad():
        for parameter in lora_parameters(policy):
            parameter.add_(torch.randn_like(parameter) * 0.05)
    save_lora(model, tmp_path)
    pixels = to_pixels(tiny_samples.images[:4, 0])
    texts = ["push the red cube"] * 4
    merged = load_policy(str(tiny_base), tmp_path)
    before = load_base(str(tiny_base)).ground(pixels, policy.words(texts).sentence).logits
    expected = policy.eval().ground(pixels, policy.words(texts).sentence).logits
    found = merged.ground(pixels, merged.words(texts).sentence).logits
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)
    assert (expected - before).abs().max() > 1e-3


def test_an_adapter_of_another_size_is_refused_in_words(
    tiny_base: Path, tiny_policy: GroundedPolicy, tmp_path: Path
) -> None:
    (tmp_path / "lora").mkdir()
    with pytest.raises(AdapterDoesNotFit, match="does not fit the base"):
        load_policy(str(tiny_base), tmp_path)


def test_perception_learns_where_to_look(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    losses: list[float] = []
    optimizer = torch.optim.AdamW(tiny_policy.parameters(), lr=3e-3)
    perceive(
        tiny_policy, LabeledFrames(tiny_samples), {"grounding": 1.0, "contrast": 1.0}, optimizer,
        lambda _: 3e-3, range(60), 16, 0,
        lambda _, loss: losses.append(loss.figures()["grounding"]),
    )  # fmt: skip
    assert sum(losses[-5:]) < 0.7 * sum(losses[:5])


def test_cloning_learns_the_actions(tiny_policy: GroundedPolicy, tiny_samples: Samples) -> None:
    tiny_policy.action_scale.copy_(action_scale(tiny_samples))
    cached = cache_features(tiny_policy, tiny_samples, 2, 0)
    losses: list[float] = []
    cloning = Cloning(tiny_policy, tiny_samples, cached, {"cloning": 1.0}, 400, 24, 3e-3, 0)
    cloning.run(lambda _, loss: losses.append(loss.figures()["cloning"]))
    assert sum(losses[-20:]) < 0.8 * sum(losses[:20])


def test_cloning_leaves_the_encoder_alone(
    tiny_policy: GroundedPolicy, tiny_samples: Samples
) -> None:
    before = {k: v.clone() for k, v in tiny_policy.encoder.state_dict().items()}
    cached = cache_features(tiny_policy, tiny_samples, 1, 0)
    cloning = Cloning(tiny_policy, tiny_samples, cached, {"cloning": 1.0}, 5, 8, 1e-3, 0)
    cloning.run(lambda *_: None)
    after = tiny_policy.encoder.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_a_target_that_the_wrist_camera_does_not_see_is_where_the_front_camera_sees_it() -> None:
    torch.manual_seed(0)
    down = torch.tensor([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, -1.0]])
    down[0, 0] = down[1, 1] = 1.0
    now = RobotContext(
        torch.zeros(3, 10),
        torch.tensor([0.0, 0.0, 1.0]).expand(3, 2, 3),
        down.expand(3, 2, 3, 3),
        torch.zeros(3, 2, 3),
        torch.zeros(3, 2),
    )
    visible = torch.ones(3, 2, 2)
    visible[:, 1, 0] = torch.tensor([0.9, 0.4, 0.0])  # the wrist camera of the target
    nothing = torch.zeros(3, 2, 2, 1)
    features = Features(torch.rand(1, 2, 2, 2).expand(3, 2, 2, 2), visible, nothing, nothing)
    seen = geometry(Telling(teller=0, told=1, query=0), features, now)
    place = places(features, now)
    torch.testing.assert_close(seen[0, 1, 0, :3], 4 * place[0, 1, 0])
    for row in (1, 2):
        torch.testing.assert_close(seen[row, 1, 0, :3], 4 * place[0, 0, 0])
    assert seen[:, 1, 0, 6].tolist() == [1.0, -1.0, -1.0], "who sees it is told apart"
    torch.testing.assert_close(seen[:, :, 1], seen[:1, :, 1].expand(3, 3, 7))
