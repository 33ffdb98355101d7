"""What the losses are worth where that can be said without them."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.testing import assert_close

from teachloop.training.grounded.grounding import Grounded
from teachloop.training.objectives.losses import (
    MARGIN,
    attention_error,
    cloning_loss,
    contrastive_loss,
    grounding_loss,
    triplet_loss,
)

AXES = torch.eye(4)
OWN = torch.arange(4)


def pointing(shares: list[float]) -> Grounded:
    """One image and one query with this attention."""
    logits = torch.tensor([[shares]]).clamp(min=1e-12).log()
    nothing = torch.zeros(1, 1, 1)
    return Grounded(logits, nothing, nothing[..., 0], nothing, nothing)


def at(cell: int) -> Tensor:
    return torch.eye(5)[None, None, cell]


ONE = torch.ones(1, 1)


def test_attention_on_the_mask_costs_nothing_and_on_one_wrong_cell_the_most() -> None:
    right, wrong = ([float(n == cell) for n in range(5)] for cell in (2, 3))
    for loss in (attention_error, grounding_loss):
        assert float(loss(pointing(right), at(2), ONE)) == pytest.approx(0.0, abs=1e-6)
        assert loss(pointing(wrong), at(2), ONE) > loss(pointing([0.2] * 5), at(2), ONE)
    assert float(attention_error(pointing(wrong), at(2), ONE)) == pytest.approx(2.0, abs=1e-6)


def test_what_nobody_labelled_counts_for_neither() -> None:
    for loss in (attention_error, grounding_loss):
        assert float(loss(pointing([0.2] * 5), at(2), torch.zeros(1, 1))) == 0.0


def test_a_margin_between_names_is_enough_for_triplets() -> None:
    assert float(triplet_loss(AXES, AXES, OWN)) == 0.0
    assert float(contrastive_loss(AXES, AXES, OWN, torch.tensor(0.0))) > 0.5, "which wants more"


def test_a_triplet_is_as_far_off_as_its_most_alike_wrong_pair() -> None:
    angle = math.radians(60)
    texts = torch.tensor([[1.0, 0.0], [math.cos(angle), math.sin(angle)]])
    regions = texts[:1]  # its own text is at 0°, the wrong one at 60°: cosines 1 and 0.5
    assert float(triplet_loss(regions, texts, torch.tensor([0]))) == 0.0
    wrong = triplet_loss(texts[1:], texts, torch.tensor([0]))
    assert float(wrong) == pytest.approx(1.0 - 0.5 + MARGIN)


def test_regions_of_one_name_are_no_triplet() -> None:
    regions = torch.nn.functional.normalize(torch.randn(3, 4, generator=torch.manual_seed(0)))
    same = torch.zeros(3, dtype=torch.long)
    assert float(triplet_loss(regions, AXES[:1], same)) == 0.0
    far = torch.stack([AXES[0], -AXES[0]])
    assert float(triplet_loss(AXES[:1].repeat(3, 1), far, same)) == 0.0


@pytest.mark.parametrize(("error", "expected"), [(torch.abs, 2.0), (torch.square, 4.0)])
def test_actions_two_units_off_cost_two_or_four(
    error: Callable[[Tensor], Tensor], expected: float
) -> None:
    scale = torch.full((1, 6), 0.01)
    offsets = torch.zeros(3, 1, 6)
    loss = cloning_loss(torch.full((3, 1, 6), 2.0), offsets, None, scale, error)
    assert_close(loss, torch.tensor(expected))
