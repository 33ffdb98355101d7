"""A tiny policy and synthetic samples: everything that training needs, in milliseconds."""

from pathlib import Path

import numpy as np
import pytest
import torch

from teachloop.training.data.samples import Episode, Samples
from teachloop.training.grounded.base import save_base
from teachloop.training.grounded.config import PolicyConfig
from teachloop.training.grounded.policy import GroundedPolicy

TINY = PolicyConfig(
    image_size=32, patch_size=8, width=16, vision_layers=1, text_layers=1, attention_heads=2,
    head_width=32, head_blocks=1, chunk=4,
)  # fmt: skip


@pytest.fixture(params=["clip", "convolutional"])
def tiny_policy(request: pytest.FixtureRequest) -> GroundedPolicy:
    """Of either encoder."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    return GroundedPolicy(TINY.model_copy(update={"encoder": request.param})).eval()


@pytest.fixture
def tiny_base(tmp_path: Path, tiny_policy: GroundedPolicy) -> Path:
    save_base(tiny_policy, tmp_path / "base")
    return tmp_path / "base"


@pytest.fixture
def tiny_samples() -> Samples:
    """Two runs of twelve ticks: a bright square wanders, the action goes towards it."""
    rng = np.random.default_rng(0)
    count, size = 24, TINY.image_size
    images = rng.integers(0, 60, (count, 2, size, size, 3), dtype=np.uint8)
    masks = np.zeros((count, 2, size, size), np.uint8)
    corners = rng.integers(0, size - 8, (count, 2, 2))
    for tick, cameras in enumerate(corners):
        for camera, (y, x) in enumerate(cameras):
            images[tick, camera, y : y + 8, x : x + 8] = [220, 30, 30]
            masks[tick, camera, y : y + 8, x : x + 8] = 1
    direction = np.tile(
        np.array([[1, 0, -0.5], [0, -1, 0.5], [0, 0, -1]], np.float32), (count, 2, 1, 1)
    )
    offsets = np.zeros((count, TINY.chunk, 6), np.float32)
    offsets[..., :2] = (corners[:, :1, ::-1] / size - 0.5) * 0.1
    own = rng.normal(0, 0.1, (count, 10))
    own[:, 3:9] = [1, 0, 0, 0, -1, 0]  # the hand points down
    run = Episode(
        instructions=("push the red cube", "shove the red cube"), objects=("red cube",),
        target=0, destination=None, destination_known=False,
    )  # fmt: skip
    return Samples(
        images=images,
        masks=masks,
        proprioception=own.astype(np.float32),
        origin=np.tile(np.array([0, 0, 1], np.float32), (count, 2, 1)),
        direction=direction,
        offsets=offsets,
        grippers=(corners[:, :1, 0] > size // 2).astype(np.float32).repeat(TINY.chunk, 1),
        episode=np.repeat([0, 1], 12),
        start=np.repeat([0, 12], 12),
        weight=np.ones(24, np.int64),
        episodes=(run, run),
    )
