from pathlib import Path

import pytest
import tiny_openvla
import torch
from tiny_openvla import Tiny
from torch import Tensor

from teachloop.training.openvla.checkpoint import load_openvla
from teachloop.training.openvla.self_test import (
    THRESHOLD,
    SelfTestFailed,
    self_test_adapted,
    sensitivity,
)


def base(folder: Path, tokenizer: bool, **zeroed: str) -> Path:
    """A checkpoint, in which the tensors whose names hold one of ``zeroed`` are zero."""
    held: dict[str, Tensor] = tiny_openvla.tensors(Tiny())
    for key in held:
        if any(part in key for part in zeroed.values()):
            held[key].zero_()
    return tiny_openvla.write_checkpoint(folder, held=held, tokenizer=tokenizer)


with_and_without_words = pytest.mark.parametrize("tokenizer", [True, False])


@with_and_without_words
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_whole_model_passes(tmp_path: Path, tokenizer: bool, dtype: torch.dtype) -> None:
    assert load_openvla(base(tmp_path / "base", tokenizer), dtype=dtype).dtype == dtype


@with_and_without_words
@pytest.mark.parametrize("seed", range(4))
def test_weights_as_they_begin_pass(tmp_path: Path, tokenizer: bool, seed: int) -> None:
    """Before any training, at the deviation that transformers begins with."""
    held, rng = tiny_openvla.tensors(Tiny()), torch.Generator().manual_seed(seed)
    for tensor in (tensor for tensor in held.values() if tensor.dim() > 1):
        tensor.normal_(std=0.02, generator=rng)
    folder = tiny_openvla.write_checkpoint(tmp_path / "base", held=held, tokenizer=tokenizer)
    assert load_openvla(folder).dtype == torch.float32


@with_and_without_words
@pytest.mark.parametrize("part", ["projector.", "patch_embed.proj"])
def test_a_model_that_ignores_the_image_is_refused(
    tmp_path: Path, tokenizer: bool, part: str
) -> None:
    folder = base(tmp_path / "base", tokenizer, part=part)
    with pytest.raises(SelfTestFailed, match="another image changes the answer"):
        load_openvla(folder)


@with_and_without_words
def test_a_model_that_ignores_the_words_is_refused(tmp_path: Path, tokenizer: bool) -> None:
    folder = base(tmp_path / "base", tokenizer, part="embed_tokens")
    with pytest.raises(SelfTestFailed, match="another instruction changes the answer"):
        load_openvla(folder)


def test_an_adapted_model_must_look_but_need_not_read(tmp_path: Path) -> None:
    blind = load_openvla(base(tmp_path / "blind", True, part="projector."), test=False)
    with pytest.raises(SelfTestFailed, match="another image"):
        self_test_adapted(blind)
    deaf = load_openvla(base(tmp_path / "deaf", True, part="embed_tokens"), test=False)
    assert self_test_adapted(deaf).image > THRESHOLD[torch.float32]


def test_a_model_whose_answer_is_no_number_is_refused(tmp_path: Path) -> None:
    held = tiny_openvla.tensors(Tiny())
    held["language_model.model.norm.weight"][0] = float("nan")
    folder = tiny_openvla.write_checkpoint(tmp_path / "base", held=held)
    with pytest.raises(SelfTestFailed, match="nan"):
        load_openvla(folder)


def test_the_test_can_be_left_out(tmp_path: Path) -> None:
    folder = base(tmp_path / "base", False, part="projector.")
    assert load_openvla(folder, test=False).settings.text_ids > 0


def test_the_threshold_is_far_above_what_another_attention_changes(tmp_path: Path) -> None:
    folder = base(tmp_path / "base", True)
    pixels, ids = torch.rand(1, 6, 224, 224), torch.tensor([[1, 40, 41, 42]])
    told = []
    for attention in ("sdpa", "eager"):
        model = load_openvla(folder, attention=attention)
        with torch.no_grad():
            told.append(model(pixels, ids, torch.ones_like(ids)).logits[0, -1])
    noise = (told[0] - told[1]).abs().max() / told[0].std()
    assert noise * 20 < THRESHOLD[torch.float32]


def test_the_text_is_compared_without_a_difference_in_length(tmp_path: Path) -> None:
    """In a model that only sees positions (its words are alike) nothing but noise is left."""
    model = load_openvla(base(tmp_path / "base", True, part="embed_tokens"), test=False)
    assert sensitivity(model).text * 20 < THRESHOLD[torch.float32]
