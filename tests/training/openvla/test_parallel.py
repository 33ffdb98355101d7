from pathlib import Path

import pytest
import tiny_openvla
import torch
from tiny_openvla import DINO
from torch import Tensor, nn

from teachloop.runtime.json_file import BrokenJson
from teachloop.training.openvla.checkpoint import load_openvla
from teachloop.training.openvla.model import OpenVLA
from teachloop.training.openvla.parallel import (
    ChunkHead,
    ChunkPlan,
    WrongChunkHead,
    both_ways,
    load_chunk_head,
    predict_chunk,
    save_chunk_head,
)

PLAN = ChunkPlan(width=48, steps=4, proprioception=9)
IDS = torch.tensor([[1, 40, 41, 42, 43], [1, 50, 51, 384, 384]])
MASK = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> OpenVLA:
    folder = tiny_openvla.write_checkpoint(tmp_path_factory.mktemp("openvla") / "base")
    return load_openvla(folder)


@pytest.fixture
def head() -> ChunkHead:
    torch.manual_seed(2)
    made = ChunkHead(PLAN)
    nn.init.normal_(made.placeholders)
    return made


@pytest.fixture
def pixels() -> Tensor:
    return torch.randn(2, 12, 224, 224, generator=torch.Generator().manual_seed(3))


BODY = torch.linspace(-1, 1, 18).reshape(2, 9)


def predicted(model: OpenVLA, head: ChunkHead, pixels: Tensor, body: Tensor = BODY) -> Tensor:
    with torch.no_grad():
        return predict_chunk(model, head, pixels, IDS, MASK, body).actions


def test_a_pass_gives_a_chunk_for_every_row(
    model: OpenVLA, head: ChunkHead, pixels: Tensor
) -> None:
    for cameras in (1, 2):
        assert predicted(model, head, pixels[:, : 6 * cameras]).shape == (2, 4, 7)


def test_an_earlier_action_depends_on_a_later_placeholder_and_the_other_way_round(
    model: OpenVLA, head: ChunkHead, pixels: Tensor
) -> None:
    before = predicted(model, head, pixels)
    for changed, looked_at in ((3, 0), (0, 3)):
        with torch.no_grad():
            head.placeholders[changed * 7] += 1.0
        after = predicted(model, head, pixels)
        assert (after - before)[:, looked_at].abs().max() > 1e-4
        before = after


def test_the_second_camera_and_proprioception_are_read(
    model: OpenVLA, head: ChunkHead, pixels: Tensor
) -> None:
    before = predicted(model, head, pixels)
    other = pixels.clone()
    other[:, 6:] = 0.0
    assert (predicted(model, head, other) - before).abs().amax((1, 2)).min() > 1e-4
    assert (predicted(model, head, pixels, -BODY) - before).abs().amax((1, 2)).min() > 1e-4


def test_a_padded_row_gives_the_same_chunk_as_alone(
    model: OpenVLA, head: ChunkHead, pixels: Tensor
) -> None:
    with torch.no_grad():
        alone = predict_chunk(model, head, pixels[1:], IDS[1:, :3], MASK[1:, :3], BODY[1:]).actions
    torch.testing.assert_close(predicted(model, head, pixels)[1:], alone, atol=1e-5, rtol=1e-4)


def test_everything_sees_everything_but_padding() -> None:
    mask = torch.tensor([[1, 1, 0, 1]])
    seen = both_ways(mask, torch.float32) == 0
    assert seen.shape == (1, 1, 4, 4)
    assert seen[0, 0].int().tolist() == [[1, 1, 0, 1]] * 4


def test_the_first_token_reads_what_comes_after_it_and_the_base_alone_does_not(
    model: OpenVLA, head: ChunkHead, pixels: Tensor
) -> None:
    other = IDS.clone()
    other[:, 2] += 1
    with torch.no_grad():
        chunks = [
            predict_chunk(model, head, pixels, ids, MASK, BODY, hidden=True) for ids in (IDS, other)
        ]
        causal = [
            model.answers(pixels[:, :6], ids, MASK, ids, hidden=True).hidden for ids in (IDS, other)
        ]
    first = [chunk.hidden[-1][:, 0] for chunk in chunks]
    assert (first[1] - first[0]).abs().max() > 1e-4
    assert torch.equal(causal[1][-1][:, 0], causal[0][-1][:, 0])


def test_the_head_is_layer_norm_linear_and_two_residual_blocks(head: ChunkHead) -> None:
    shapes = {name: tuple(p.shape) for name, p in head.regression.named_parameters()}
    weights = [shape for name, shape in shapes.items() if name.endswith("weight")]
    block = [(48,), (48, 48)]
    assert weights == [(7 * 48,), (48, 7 * 48), *block, *block, (48,), (7, 48)]


def test_an_l1_loss_trains_head_and_model(model: OpenVLA, head: ChunkHead, pixels: Tensor) -> None:
    target = torch.rand(2, 4, 7) - 0.5
    model.zero_grad()
    loss = nn.functional.l1_loss(
        predict_chunk(model, head, pixels, IDS, MASK, BODY).actions, target
    )
    loss.backward()
    assert all(p.grad is not None and p.grad.abs().max() > 0 for p in head.parameters())
    gradient = model.get_parameter(f"{DINO}encoder.layer.0.mlp.fc1.weight").grad
    assert gradient is not None
    assert gradient.abs().max() > 0


def test_a_saved_head_is_the_same_head(head: ChunkHead, tmp_path: Path) -> None:
    save_chunk_head(head, tmp_path)
    again = load_chunk_head(tmp_path)
    assert again.plan == PLAN
    for name, tensor in head.state_dict().items():
        assert torch.equal(again.state_dict()[name], tensor)
    assert not list(tmp_path.glob("*.partial"))


def test_a_head_that_cannot_be_read_is_refused(head: ChunkHead, tmp_path: Path) -> None:
    with pytest.raises(BrokenJson):
        load_chunk_head(tmp_path)
    save_chunk_head(head, tmp_path)
    plan = tmp_path / "chunk_head.json"
    plan.write_text(plan.read_text().replace("48", "40"))
    with pytest.raises(WrongChunkHead, match="cannot be read"):
        load_chunk_head(tmp_path)
