"""What labels teach of where the target is: what nobody said teaches nothing."""

from pathlib import Path

import numpy as np
import pytest
from drawn_takes import TICKS, draw_take

from teachloop.datasets.errors import TakeRefused
from teachloop.datasets.labels.edits import DeleteMask, Edit, SetMask, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import submit
from teachloop.jobs.progress import Progress
from teachloop.training.data.samples import Samples, Sampling, query_masks
from teachloop.training.data.takes import read_take
from teachloop.training.openvla.demonstrations import demonstrations

EVERY_TICK = Sampling(cameras=("front", "wrist"), image_size=32, chunk=4)
TARGET = ObjectLabel("red square", target=True)
EMPTY = MaskRecord(rle=encode(np.zeros((64, 64))), source=MaskSource.PROPAGATED)
BIN = MaskRecord(rle=encode(np.eye(64)), source=MaskSource.HUMAN)


def read(data: Path, *edits: Edit) -> Samples:
    """A take that is labelled in every frame, after these edits."""
    folder = data / "takes" / draw_take(data, "one")
    labels = Labels.open(folder)
    labels.apply(edits, labels.revision, "Ada")
    return read_take(folder, EVERY_TICK)


def taught(samples: Samples, query: str) -> tuple[list[float], list[int]]:
    """Of each tick of the front camera: the weight of the loss, and the pixels taught."""
    rows = np.arange(len(samples))
    masks, weight = query_masks(samples, rows, np.zeros_like(rows), (query,))  # type: ignore[arg-type]
    return weight[:, 0].tolist(), masks[:, 0].sum((1, 2)).tolist()


@pytest.mark.parametrize("objects", [(), (ObjectLabel("red square"),)])
def test_masks_without_a_target_are_refused_with_what_to_do(
    tmp_path: Path, objects: tuple[ObjectLabel, ...]
) -> None:
    with pytest.raises(TakeRefused, match=r"Take one .*none is of a target.*Say on Label"):
        read(tmp_path, SetObjects(objects))


def test_two_targets_are_refused_as_an_instruction_is_about_one(tmp_path: Path) -> None:
    with pytest.raises(TakeRefused, match=r"Take one .*has 2 targets.*Say on Label which"):
        read(tmp_path, SetObjects((TARGET, ObjectLabel("blue bin", target=True))))


def test_an_openvla_refuses_masks_without_a_target_too(tmp_path: Path) -> None:
    folder = tmp_path / "takes" / draw_take(tmp_path, "one")
    labels = Labels.open(folder)
    labels.apply([SetObjects((ObjectLabel("red square"),))], labels.revision, "Ada")
    progress = Progress(submit(tmp_path, "finetune", JobConfig()), ["takes"], False)
    with pytest.raises(TakeRefused, match="none is of a target"):
        demonstrations(tmp_path, ("one",), ("front",), 1, progress.reading)


@pytest.mark.parametrize("twice", [(TARGET, ObjectLabel("red square")), (TARGET, TARGET)])
def test_two_objects_of_one_name_are_one_and_the_target(
    tmp_path: Path, twice: tuple[ObjectLabel, ...]
) -> None:
    samples = read(tmp_path, SetObjects(twice))
    assert samples.episodes[0].objects == ("red square",)
    weight, pixels = taught(samples, "target")
    assert min(weight) == 1
    assert min(pixels) > 20


def test_a_frame_in_which_only_others_were_labelled_teaches_nothing_of_the_target(
    tmp_path: Path,
) -> None:
    bins: list[Edit] = [SetMask("front", tick, "bin", BIN) for tick in range(TICKS)]
    gone = DeleteMask("front", 3, "red square")
    samples = read(tmp_path, SetObjects((TARGET, ObjectLabel("bin"))), *bins, gone)
    weight, pixels = taught(samples, "target")
    assert [tick for tick, each in enumerate(weight) if not each] == [3]
    assert min(count for tick, count in enumerate(pixels) if tick != 3) > 20


def test_an_empty_mask_teaches_that_the_target_is_not_in_view(tmp_path: Path) -> None:
    weight, pixels = taught(read(tmp_path, SetMask("front", 3, "red square", EMPTY)), "target")
    assert (weight[3], pixels[3]) == (1, 0)


def test_a_second_object_that_nobody_drew_teaches_nothing_of_a_destination(tmp_path: Path) -> None:
    samples = read(tmp_path, SetObjects((TARGET, ObjectLabel("bin"))))
    assert max(taught(samples, "destination")[0]) == 0
    assert min(taught(samples, "target")[0]) == 1
