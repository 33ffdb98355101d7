from pathlib import Path

import numpy as np
import pytest
import tiny_openvla
import torch
from tiny_openvla import DINO, IDS, SIGLIP, Tiny
from torch import Tensor
from torch.nn import functional

from teachloop.training.openvla.checkpoint import load_openvla
from teachloop.training.openvla.decoding import greedy, predict_action
from teachloop.training.openvla.model import OpenVLA
from teachloop.training.openvla.prompt import SPACE_ID, PromptTokenizer
from teachloop.training.openvla.statistics import find_statistics


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("openvla") / "base"
    return tiny_openvla.write_checkpoint(made, tokenizer=True)


@pytest.fixture(scope="module")
def model(folder: Path) -> OpenVLA:
    return load_openvla(folder)


@pytest.fixture
def pixels() -> Tensor:
    return torch.randn(2, 6, 224, 224, generator=torch.Generator().manual_seed(3))


IDS_AND_PADDING = torch.tensor([[1, 40, 41, 42, 43], [1, 50, 51, IDS, IDS]])
MASK = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])


def timm_features(prefix: str, heads: int, pixels: Tensor, run: int) -> Tensor:
    """What timm's VisionTransformer computes in its first ``run`` blocks, written out."""
    held = {k.removeprefix(prefix): v for k, v in tiny_openvla.tensors(Tiny()).items()}

    def linear(name: str, x: Tensor) -> Tensor:
        return functional.linear(x, held[f"{name}.weight"], held[f"{name}.bias"])

    def norm(name: str, x: Tensor) -> Tensor:
        weight, bias = held[f"{name}.weight"], held[f"{name}.bias"]
        return functional.layer_norm(x, (x.shape[-1],), weight, bias, 1e-6)

    weight, bias = held["patch_embed.proj.weight"], held["patch_embed.proj.bias"]
    x = functional.conv2d(pixels, weight, bias, stride=14).flatten(2).transpose(1, 2)
    x = x + held["pos_embed"]
    front = [
        held[name].expand(len(x), -1, -1) for name in ("cls_token", "reg_token") if name in held
    ]
    x = torch.cat([*front, x], 1)
    for block in (f"blocks.{index}." for index in range(run)):
        qkv = linear(f"{block}attn.qkv", norm(f"{block}norm1", x))
        q, k, v = qkv.unflatten(-1, (3, heads, -1)).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1)
        read = linear(f"{block}attn.proj", (weights @ v).transpose(1, 2).flatten(2))
        x = x + read * held.get(f"{block}ls1.scale_factor", 1.0)
        hidden = functional.gelu(linear(f"{block}mlp.fc1", norm(f"{block}norm2", x)))
        x = x + linear(f"{block}mlp.fc2", hidden) * held.get(f"{block}ls2.scale_factor", 1.0)
    return x[:, -256:]


def test_features_are_timm_s_after_the_last_block_but_one(model: OpenVLA, pixels: Tensor) -> None:
    with torch.no_grad():
        features = model.vision_backbone(pixels)
    dino, siglip = (
        timm_features(DINO, 2, pixels[:, :3], 2),
        timm_features(SIGLIP, 1, pixels[:, 3:], 1),
    )
    torch.testing.assert_close(features, torch.cat([dino, siglip], -1), atol=1e-4, rtol=1e-4)


def test_patches_stand_between_the_start_and_the_text(model: OpenVLA, pixels: Tensor) -> None:
    with torch.no_grad():
        patches = model.patches(pixels)
        reading = model.sequence(patches, IDS_AND_PADDING, MASK)
        text = model.language_model.model.embed_tokens(IDS_AND_PADDING)
    assert torch.equal(reading.embeddings, torch.cat([text[:, :1], patches, text[:, 1:]], 1))
    assert reading.mask.tolist() == [[1] * 261, [1] * 259 + [0] * 2]


def test_the_loss_is_the_cross_entropy_of_labelled_tokens(model: OpenVLA, pixels: Tensor) -> None:
    labels = torch.tensor([[-100, -100, -100, 42, 43], [-100, -100, 51, -100, -100]])
    with torch.no_grad():
        out = model(pixels, IDS_AND_PADDING, MASK, labels)
    told = out.logits.log_softmax(-1)  # text position t is read at 256 + t and told one earlier
    wanted = -(told[0, 258, 42] + told[0, 259, 43] + told[1, 257, 51]) / 3
    torch.testing.assert_close(out.loss, wanted)


def test_answers_are_what_the_whole_forward_says_at_the_labels(
    model: OpenVLA, pixels: Tensor
) -> None:
    labels = torch.tensor([[-100, -100, -100, 42, 43], [-100, -100, 51, -100, -100]])
    with torch.no_grad():
        whole = model(pixels, IDS_AND_PADDING, MASK).logits
        answers = model.answers(pixels, IDS_AND_PADDING, MASK, labels, hidden=True)
    assert answers.labels.tolist() == [42, 43, 51]
    wanted = torch.stack([whole[0, 258], whole[0, 259], whole[1, 257]])
    torch.testing.assert_close(answers.logits, wanted)
    assert [tuple(states.shape[:2]) for states in answers.hidden] == [(2, 261)] * 3


def test_padding_changes_nothing(model: OpenVLA, pixels: Tensor) -> None:
    with torch.no_grad():
        padded = model(pixels, IDS_AND_PADDING, MASK).logits[1, :259]
        alone = model(pixels[1:], IDS_AND_PADDING[1:, :3], MASK[1:, :3]).logits[0]
    torch.testing.assert_close(padded, alone, atol=1e-5, rtol=1e-5)


def slow_tokens(model: OpenVLA, pixels: Tensor, ids: Tensor) -> list[int]:
    """Seven greedy tokens with everything read again for each."""
    for _ in range(7):
        logits = model(pixels, ids, torch.ones_like(ids)).logits[:, -1]
        ids = torch.cat([ids, logits.argmax(-1, keepdim=True)], 1)
    return ids[0, -7:].tolist()


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_the_cache_and_a_padded_batch_change_no_token(
    folder: Path, pixels: Tensor, attention: str
) -> None:
    model = load_openvla(folder, attention=attention, test=False)
    tokens = greedy(model, pixels, IDS_AND_PADDING, MASK).tokens.tolist()
    with torch.no_grad():
        assert tokens[0] == slow_tokens(model, pixels[:1], IDS_AND_PADDING[:1])
        assert tokens[1] == slow_tokens(model, pixels[1:], IDS_AND_PADDING[1:, :3])


def test_long_padding_changes_no_token(folder: Path, pixels: Tensor) -> None:
    model, width = load_openvla(folder, test=False), 200
    ids = torch.tensor([[1, *range(3, 3 + width)], [1, 50, *[IDS] * (width - 1)]])
    tokens = greedy(model, pixels, ids, (ids != IDS).long()).tokens.tolist()
    with torch.no_grad():
        assert tokens[1] == slow_tokens(model, pixels[1:], ids[1:, :2])


def test_a_second_camera_s_patches_follow_the_first_s(model: OpenVLA, pixels: Tensor) -> None:
    both = pixels.reshape(1, 12, 224, 224)
    with torch.no_grad():
        patches, single = model.patches(both), model.patches(pixels)
    torch.testing.assert_close(patches[0], single.flatten(0, 1), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("crop", [False, True])
def test_an_action_is_predicted_from_an_image_and_words(model: OpenVLA, crop: bool) -> None:
    image = np.random.default_rng(0).integers(0, 255, (60, 80, 3), np.uint8)
    statistics = find_statistics(model.settings.config["norm_stats"], "tiny")
    action = predict_action(model, image, "push the red cube", statistics, crop)
    pixels = model.image_processor([image], crop)
    ids = torch.tensor([model.prompt_ids("push the red cube")])
    with torch.no_grad():
        decoded = model.action_tokenizer.decode(slow_tokens(model, pixels, ids))
    np.testing.assert_array_equal(action, statistics.restore(decoded))
    assert not model.training


def test_a_centre_crop_is_what_the_model_sees(model: OpenVLA) -> None:
    """The border alone is white, and cropped away: the towers see black."""
    image = np.full((224, 224, 3), 255, np.uint8)
    image[5:-5, 5:-5] = 0
    seen: list[Tensor] = []
    hook = model.vision_backbone.register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    statistics = find_statistics(model.settings.config["norm_stats"], "tiny")
    for crop in (True, False):
        predict_action(model, image, "push", statistics, crop)
    hook.remove()
    black = model.image_processor([np.zeros_like(image)])
    assert torch.equal(seen[0], black)
    assert not torch.equal(seen[1], black)


def test_a_prompt_begins_with_the_start_token_and_is_lower_case(model: OpenVLA) -> None:
    ids = model.prompt_ids("PUSH it")
    assert ids[0] == 1
    assert ids == model.prompt_ids("push it")
    assert ids.count(1) == 1


def test_the_empty_piece_ends_a_prompt_of_llama_s_vocabulary(model: OpenVLA, folder: Path) -> None:
    language = model.settings.language
    language.vocab_size = 32064
    tokenizer = PromptTokenizer(folder, language)
    assert tokenizer("push it") == [*model.prompt_ids("push it"), SPACE_ID]


def gradients(model: OpenVLA, pixels: Tensor) -> dict[str, Tensor]:
    model.train()
    model.zero_grad()
    labels = torch.where(MASK.bool(), IDS_AND_PADDING, -100)
    model(pixels, IDS_AND_PADDING, MASK, labels).loss.backward()
    return {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}


def test_gradient_checkpointing_gives_the_same_gradients(folder: Path, pixels: Tensor) -> None:
    model = load_openvla(folder, test=False)
    plain = gradients(model, pixels)
    model.gradient_checkpointing(True)
    saved: list[Tensor] = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: saved.append(t) or t, lambda t: t):
        frugal = gradients(model, pixels)
    assert frugal.keys() == plain.keys()
    for name, gradient in plain.items():
        torch.testing.assert_close(frugal[name], gradient, msg=name)
    kept = sum(t.numel() for t in saved)
    model.gradient_checkpointing(False)
    saved.clear()
    with torch.autograd.graph.saved_tensors_hooks(lambda t: saved.append(t) or t, lambda t: t):
        gradients(model, pixels)
    assert kept < sum(t.numel() for t in saved) / 2


def test_every_part_that_makes_features_is_trained_and_no_other(
    folder: Path, pixels: Tensor
) -> None:
    model = load_openvla(folder, test=False)
    trained = gradients(model, pixels).keys()
    unused = {name for name, _ in model.named_parameters() if name not in trained}
    last = ("featurizer.encoder.layer.2.", "fused_featurizer.encoder.layers.1.", "attn_pool.")
    norms = ("featurizer.layernorm.", "fused_featurizer.post_layernorm.")
    assert unused == {
        name for name, _ in model.named_parameters()
        if name.removeprefix("vision_backbone.").startswith((*last, *norms))
    }  # fmt: skip


def test_a_few_steps_learn_an_action(folder: Path, pixels: Tensor) -> None:
    model = load_openvla(folder, test=False).train()
    labels = torch.where(MASK.bool(), IDS_AND_PADDING, -100)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    losses = []
    for _ in range(10):
        loss = model(pixels, IDS_AND_PADDING, MASK, labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
