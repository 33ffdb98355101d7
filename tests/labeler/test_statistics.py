"""The history of labels tells how long they took, and how far two people agree."""

import numpy as np
import pytest

from teachloop.datasets.labels.edit_log import Entry
from teachloop.datasets.labels.edits import AddPrompt, Edit, RenameObject, SetMask, SetSuccess
from teachloop.datasets.labels.label_values import Prompt
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.labeler.statistics import label_statistics


def entry(number: int, author: str, second: int, *edits: Edit) -> Entry:
    time = f"2026-01-01T10:{second // 60:02d}:{second % 60:02d}.000+00:00"
    return Entry(revision=number, base=number - 1, author=author, time=time, edits=edits)


def mask(columns: int, frame: int = 0, source: MaskSource = MaskSource.HUMAN) -> SetMask:
    """As wide as it says."""
    drawn = np.zeros((10, 20))
    drawn[:, :columns] = 1
    return SetMask("front", frame, "cup", MaskRecord(rle=encode(drawn), source=source))


CLICK = AddPrompt(Prompt(camera="front", frame=0, object="cup", kind="point", values=(1, 1)))


def test_time_is_that_between_changes_without_long_pauses() -> None:
    said = SetSuccess(True)
    seconds = (0, 10, 40, 400, 420)
    history = [entry(n, "Ada", at, said) for n, at in enumerate(seconds, 1)]
    history.append(entry(6, "Grace", 425, said))
    found = label_statistics(history)
    assert [(w.author, w.seconds, w.changes) for w in found.work] == [
        ("Ada", 60.0, 5),
        ("Grace", 0.0, 1),
    ]
    assert (found.agreement, found.compared) == (None, 0)


def test_what_somebody_drew_by_hand_is_compared_too() -> None:
    history = [
        entry(1, "Ada", 0, mask(8, source=MaskSource.DRAWN)),
        entry(2, "Grace", 1, mask(10)),
    ]
    assert label_statistics(history).agreement == pytest.approx(0.8)


def test_agreement_is_the_iou_of_the_last_masks_of_two_people() -> None:
    history = [
        entry(1, "Ada", 0, mask(3)),
        entry(2, "Ada", 1, mask(8), mask(5, frame=1)),
        entry(3, "job", 2, mask(20, source=MaskSource.PROPAGATED)),
        entry(4, "Grace", 3, mask(10)),
    ]
    found = label_statistics(history)
    assert found.agreement == pytest.approx(0.8)
    assert found.compared == 1, "of the other frame there is one mask"


def test_a_mask_that_an_undo_brings_back_is_nobody_else_s() -> None:
    back = [entry(1, "Ada", 0, mask(8)), entry(2, "Grace", 1, mask(8))]
    assert label_statistics(back).compared == 0
    clicked = [entry(1, "Ada", 0, CLICK, mask(8)), entry(2, "Grace", 1, CLICK, mask(8))]
    assert label_statistics(clicked).agreement == 1.0


def test_an_object_that_was_renamed_is_the_same() -> None:
    other = mask(10)
    renamed = SetMask("front", 0, "mug", other.mask)
    history = [
        entry(1, "Ada", 0, mask(8)),
        entry(2, "Ada", 1, RenameObject("cup", "mug")),
        entry(3, "Grace", 2, renamed),
    ]
    assert label_statistics(history).agreement == pytest.approx(0.8)


def test_without_a_history_there_is_nothing_to_tell() -> None:
    found = label_statistics([])
    assert (found.work, found.agreement, found.compared) == ([], None, 0)
