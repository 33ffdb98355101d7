"""Samples of a take in any order."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from drawn_takes import SIDE, TICKS, draw_take

from teachloop.datasets.takes.reader import Take
from teachloop.training.data.samples import Sampling
from teachloop.training.data.take_samples import TakeSamples
from teachloop.training.data.takes import read_take

CAMERAS = ("front", "wrist", "side")


@pytest.fixture
def take(tmp_path: Path) -> Iterator[Take]:
    draw_take(tmp_path, "one", cameras=CAMERAS, wandering=3)
    with Take.open(tmp_path / "takes" / "one") as take:
        yield take


def samples_of(take: Take, *cameras: str, size: int = 32, stride: int = 1) -> TakeSamples:
    return TakeSamples(take, cameras, size=size, chunk=4, rate_hz=20.0, stride=stride)


@pytest.mark.parametrize("cameras", [("front",), ("side", "front"), CAMERAS])
def test_any_cameras_in_the_order_that_is_asked_for(take: Take, cameras: tuple[str, ...]) -> None:
    samples = samples_of(take, *cameras)
    alone = [samples_of(take, name)[5].images[0] for name in cameras]
    assert len(samples) == TICKS
    assert samples[5].images.shape == (len(cameras), 32, 32, 3)
    np.testing.assert_array_equal(samples[5].images, alone)


def test_at_the_recorded_size_an_image_is_the_recorded_one(take: Take) -> None:
    samples = samples_of(take, "wrist", size=SIDE)
    for row in (7, 0, 19, 7):
        index = samples.frames(row)["wrist"]
        np.testing.assert_array_equal(samples[row].images[0], take.image("wrist", index))


def test_one_by_one_they_are_what_training_reads_at_once(take: Take) -> None:
    sampling = Sampling(cameras=("front", "wrist"), image_size=32, chunk=4, stride=2)
    whole = read_take(take.path.parent, sampling)
    samples = samples_of(take, "front", "wrist", stride=2)
    assert len(samples) == len(whole)
    for row in np.random.default_rng(0).permutation(len(samples)):
        sample = samples[int(row)]
        np.testing.assert_array_equal(sample.images, whole.images[row])
        np.testing.assert_array_equal(sample.proprioception, whole.proprioception[row])
        np.testing.assert_array_equal(sample.offsets, whole.offsets[row])
        assert whole.grippers is not None
        np.testing.assert_array_equal(sample.grippers, whole.grippers[row])


def test_there_is_no_sample_behind_the_last(take: Take) -> None:
    with pytest.raises(IndexError):
        samples_of(take, "front")[TICKS]
