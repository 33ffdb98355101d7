"""What a mask was found by lies beside the log, and is lost without harm."""

from pathlib import Path

import numpy as np
import pytest

from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.origins import ORIGINS, Origin, Origins
from teachloop.datasets.takes.take_folder import LABELS

CUP = Origin(finder="sam3", words="the cup")


@pytest.fixture
def take(tmp_path: Path) -> Path:
    (tmp_path / LABELS).mkdir()
    return tmp_path


def mask(size: int, source: MaskSource = MaskSource.MODEL) -> MaskRecord:
    pixels = np.zeros((20, 30), bool)
    pixels[:size, :size] = True
    return MaskRecord(rle=encode(pixels), source=source)


def test_it_is_known_in_this_process_and_in_the_next(take: Path) -> None:
    here = Origins(take)
    here.add("front", 3, mask(5).rle, CUP)
    for origins in (here, Origins(take)):
        assert origins.of("front", 3, mask(5)) == CUP
        assert origins.of("front", 4, mask(5)) is None
        assert origins.of("front", 3, mask(6)) is None, "it was changed since"
        assert origins.of("front", 3, mask(5, MaskSource.HUMAN)) is None


def test_lines_that_are_none_are_passed_over(take: Path) -> None:
    Origins(take).add("front", 3, mask(5).rle, CUP)
    path = take / LABELS / ORIGINS
    line = path.read_bytes()
    path.write_bytes(b'{"finder": 1}\n\xff\n[]\n' + line + line[:20])
    assert Origins(take).of("front", 3, mask(5)) == CUP


def test_where_nothing_can_be_written_this_process_knows_it(tmp_path: Path) -> None:
    origins = Origins(tmp_path / "nowhere")
    origins.add("front", 3, mask(5).rle, CUP)
    assert origins.of("front", 3, mask(5)) == CUP
