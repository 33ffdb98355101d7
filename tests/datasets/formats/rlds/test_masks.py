"""Masks and calibrations go along in the steps and the metadata."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numbered_takes import NumberedTake, numbered_take
from rlds_files import RldsFiles

from teachloop.datasets.labels.edits import SetMask, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, Rle, decode, encode
from teachloop.datasets.takes.reader import Take

SIZE = (144, 192)
INSIDE = np.zeros((72, 96), bool)
INSIDE[20:40, 30:60] = True
MASK = MaskRecord(rle=encode(INSIDE), source=MaskSource.HUMAN, confidence=0.5, locked=True)


def test_a_step_has_the_masks_of_its_pictures(
    tmp_path: Path, export: Callable[..., RldsFiles]
) -> None:
    said = (SetObjects((ObjectLabel("cube", True),)), SetMask("wrist", 3, "cube", MASK))
    how = NumberedTake(ticks=8, at_the_hand=("wrist",), dropped={"wrist": {4}})
    files = export(numbered_take(tmp_path, "one", how, *said), size=SIZE)
    texts = files.column("steps/masks").tolist()
    assert [bool(text) for text in texts] == [tick in (3, 4) for tick in range(8)]
    (row,) = json.loads(texts[3])
    assert texts[4] == texts[3], "the picture is shown again"
    found = decode(Rle(row.pop("height"), row.pop("width"), row.pop("counts")))
    assert found.shape == SIZE
    assert found.sum() == 4 * INSIDE.sum()
    assert found[80:, 120:].sum() == 0
    assert row == {
        "picture": "wrist_image",
        "object": "cube",
        "target": True,
        "source": "human",
        "confidence": 0.5,
        "locked": True,
    }


def test_where_cameras_are_is_said_once(tmp_path: Path, export: Callable[..., RldsFiles]) -> None:
    files = export(numbered_take(tmp_path, "one", NumberedTake(ticks=4)))
    told = json.loads(files.text("episode_metadata/calibrations"))
    with Take.open(tmp_path / "takes" / "one") as take:
        for name, camera in take.info.cameras.items():
            assert np.allclose(told[name]["pose"], camera.pose)
            assert np.allclose(told[name]["intrinsics"], camera.intrinsics)
