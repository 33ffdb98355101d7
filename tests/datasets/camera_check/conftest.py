from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from simulated_takes import Paint, record, scene_of

Recorder = Callable[..., Path]


def late(ticks: int) -> Paint:
    """Each picture comes so many ticks after it was taken."""
    taken: dict[str, list[np.ndarray]] = {}

    def paint(camera: str, _number: int, image: np.ndarray) -> np.ndarray:
        seen = taken.setdefault(camera, [])
        seen.append(image.copy())
        return seen[max(0, len(seen) - 1 - ticks)]

    return paint


@pytest.fixture(scope="session")
def takes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three takes of the simulated arm that were recorded as they should be."""
    data = tmp_path_factory.mktemp("cameras") / "takes"
    return [
        record(data / f"2026010{seed}-000000-0001", scene_of("put", seed)).folder
        for seed in (1, 2, 3)
    ]


@pytest.fixture(scope="session")
def late_takes(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same, with pictures that come 100 ms late."""
    data = tmp_path_factory.mktemp("late") / "takes"
    return [
        record(data / f"2026010{seed}-000000-0001", scene_of("put", seed), paint=late(2)).folder
        for seed in (1, 2, 3)
    ]


def noisy(_camera: str, number: int, image: np.ndarray) -> np.ndarray:
    """As a camera in poor light."""
    grain = np.random.default_rng(number).normal(0, 6, image.shape)
    return np.clip(image + grain, 0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def noisy_take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("noisy") / "takes" / "20260101-000000-0001"
    return record(folder, scene_of("put", 1), paint=noisy).folder
