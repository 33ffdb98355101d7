"""Tiny checkpoints with random weights, one of SAM 2 and one of EdgeTAM, and a take."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from noisy_frames import open_noisy
from tiny_sam2 import KINDS, save_tiny
from transformers import EdgeTamVideoModel, Sam2VideoModel

from teachloop.labeler.propagation.sam2.video import ScoredModel, load_video_model
from teachloop.labeler.segmenters.sam2.weights import find_weights
from teachloop.labeler.take_frames import TakeFrames


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def weights(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(kind, tmp_path_factory.mktemp(kind))


@pytest.fixture(scope="module")
def take_frames(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TakeFrames]:
    with open_noisy(tmp_path_factory.mktemp("data")) as opened:
        yield opened


@pytest.fixture(scope="module")
def model(weights: Path) -> ScoredModel:
    return load_video_model(find_weights(str(weights)))


@pytest.fixture(scope="module")
def reference(kind: str, weights: Path) -> Any:
    made = EdgeTamVideoModel if kind == "edgetam" else Sam2VideoModel
    return made.from_pretrained(weights, local_files_only=True).eval()
