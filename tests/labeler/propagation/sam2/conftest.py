"""A tiny checkpoint with random weights, and a take."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from noisy_frames import open_noisy
from tiny_sam2 import save_tiny_sam2
from transformers import Sam2VideoModel

from teachloop.labeler.propagation.sam2.video import ScoredModel, load_video_model
from teachloop.labeler.segmenters.sam2.weights import find_weights
from teachloop.labeler.take_frames import TakeFrames


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_sam2(tmp_path_factory.mktemp("sam2"))


@pytest.fixture(scope="module")
def take_frames(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TakeFrames]:
    with open_noisy(tmp_path_factory.mktemp("data")) as opened:
        yield opened


@pytest.fixture(scope="module")
def model(weights: Path) -> ScoredModel:
    return load_video_model(find_weights(str(weights)))


@pytest.fixture(scope="module")
def reference(weights: Path) -> Any:
    return Sam2VideoModel.from_pretrained(weights, local_files_only=True).eval()
