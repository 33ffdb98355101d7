"""Attention targets, key points and their lifting onto the table."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from teachloop.geometry.camera import Camera
from teachloop.geometry.poses import make_pose
from teachloop.geometry.rotations import from_rotation_vector
from teachloop.training.data.preprocessing import rays
from teachloop.training.grounded.grounding import around_peak, grid_centres, lift, mask_targets


@settings(max_examples=30, deadline=None)
@given(st.integers(8, 100), st.integers(8, 100), st.integers(4, 20), st.integers(4, 20))
def test_the_target_points_exactly_at_the_masks_centroid(x: int, y: int, w: int, h: int) -> None:
    mask = torch.zeros(1, 128, 128)
    mask[0, y : y + h, x : x + w] = 1
    heat = mask_targets(mask, 16)
    rows, columns = torch.nonzero(mask[0], as_tuple=True)
    centroid = torch.stack([columns.float().mean() + 0.5, rows.float().mean() + 0.5]) / 128
    torch.testing.assert_close(heat[0, :-1] @ grid_centres(16), centroid, atol=1e-5, rtol=0)


def test_an_empty_mask_points_at_not_visible() -> None:
    heat = mask_targets(torch.zeros(2, 64, 64), 8)
    assert heat[:, -1].tolist() == [1, 1]
    assert heat[:, :-1].sum() == 0


def test_two_candidates_are_never_averaged() -> None:
    logits = torch.full((1, 256), -10.0)
    logits[0, 16 * 2 + 2], logits[0, 16 * 13 + 13] = 5.0, 4.9
    point = around_peak(logits, 16) @ grid_centres(16)
    assert (point - torch.tensor([2.5, 2.5]) / 16).abs().max() < 0.01


def test_a_near_object_counts_as_a_whole() -> None:
    logits = torch.full((1, 16, 16), -10.0)
    logits[0, 4:12, 4:12] = 5.0
    logits[0, 4, 4] = 5.5  # the peak is in a corner of it
    point = around_peak(logits.flatten(1), 16) @ grid_centres(16)
    assert (point - 0.5).abs().max() < 0.01


def test_one_bright_cell_is_no_object() -> None:
    logits = torch.full((1, 16, 16), -10.0)
    logits[0, 2, 2] = 5.0
    logits[0, 12:14, 12:14] = 4.5  # together they have more attention
    point = around_peak(logits.flatten(1), 16) @ grid_centres(16)
    assert (point - torch.tensor([13.0, 13.0]) / 16).abs().max() < 0.01


def test_the_peak_of_every_query_is_its_own() -> None:
    logits = torch.full((2, 3, 64), -10.0)
    for place in range(6):
        logits[place // 3, place % 3, 9 * place + 9] = 5.0
    assert around_peak(logits, 8).argmax(-1).flatten().tolist() == [9, 18, 27, 36, 45, 54]


def test_lifting_agrees_with_the_camera() -> None:
    looking_down = from_rotation_vector([2.6, 0.3, -0.2])
    camera = Camera(
        name="front", width=256, height=192, mount="base",
        intrinsics=np.array([[210.0, 0, 130], [0, 205, 90], [0, 0, 1]]),
        pose=make_pose(looking_down, [0.4, 0.1, 0.8]),
    )  # fmt: skip
    pixels = np.array([[60.0, 40.0], [200.0, 150.0]])
    expected = camera.lift_to_height(pixels, 0.025, np.eye(4))
    origin, direction = rays({"front": camera}, np.eye(4), ["front"])
    fractions = torch.from_numpy(pixels / [256, 192]).float()[None]
    lifted = lift(fractions, torch.from_numpy(origin[:1]), torch.from_numpy(direction[:1]), 0.025)
    np.testing.assert_allclose(lifted[0].numpy(), expected, atol=1e-4)


def test_a_ray_that_misses_the_table_stays_finite() -> None:
    up = torch.diag(torch.tensor([1.0, 1.0, 1.0]))[None]
    lifted = lift(torch.rand(1, 2, 2), torch.tensor([[0.0, 0.0, 1.0]]), up, 0.025)
    assert lifted.isfinite().all()
    assert (lifted - torch.tensor([0.0, 0.0, 1.0])).norm(dim=-1).max() <= 1.5 + 1e-5
