"""What we export to LeRobot comes back field by field; what the format cannot hold is listed.

The table in ``docs/imports.md`` is made here; to write it anew:

    python tests/datasets/formats/lerobot_reading/test_round_trip.py
"""

import tempfile
from pathlib import Path

import pytest
from numbered_takes import INSTRUCTION, NumberedTake, numbered_take
from round_trip import (
    HOW,
    SAID,
    alike,
    numbers,
    rows_in,
    table_in_docs,
    table_of,
    words,
    write_into_docs,
)

from teachloop.datasets.alignment import align
from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.options import ActionSpace, LeRobotOptions
from teachloop.datasets.formats.take_import import import_takes
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take

APPLIED = "applied pose (poses; of deltas and joints below)"


def returned(folder: Path, space: ActionSpace) -> tuple[Path, Path]:
    """The folders of a take, and of the one that it became on its way through LeRobot."""
    take = numbered_take(folder, "20260101-000000-0000", HOW, *SAID)
    options = LeRobotOptions(actions=space, operators=True)
    export_takes(folder, [take], options, folder / space, lambda message, share: None)
    data = folder / f"back-{space}"
    done = import_takes(data, folder / space, ImportOptions(), lambda message, share: None)
    assert check(data) == []
    return folder / "takes" / take, data / "takes" / done.takes[0]


def made(folder: Path) -> str:
    """The table, as it stands in the docs."""
    before, after = returned(folder, "poses")
    with Take.open(before) as a, Take.open(after) as b:
        rows = [*numbers(a, b, "JPEG and video", APPLIED)]
    rows += [*words(before, after)]
    for space in ("deltas", "joints"):
        other = returned(folder / space, space)
        with Take.open(other[0]) as a, Take.open(other[1]) as b:
            poses = [align(take, take.info.rate_hz).applied_pose for take in (a, b)]
        rows.append((f"applied pose, out of {space}", alike(*poses)))
    return table_of(rows)


@pytest.fixture
def table(tmp_path: Path) -> str:
    return made(tmp_path)


def test_what_comes_back_is_what_the_docs_say(table: str) -> None:
    assert table == table_in_docs("lerobot")


def test_nothing_that_the_format_holds_is_lost(table: str) -> None:
    held = ("joint angles", "measured pose", "gripper's width", "applied", "who decided")
    said = ("instruction", "other wordings", "success", "sub-tasks", "tool", "arm", "rate")
    for text, found in rows_in(table):
        if text.startswith((*held, *said)):
            assert found in ("the same", "to float32"), text
        assert found != "other", text


def test_an_export_without_a_gripper_comes_back_without_one(tmp_path: Path) -> None:
    take = numbered_take(tmp_path, "20260101-000000-0000", NumberedTake(ticks=12, gripper=None))
    export_takes(tmp_path, [take], LeRobotOptions(), tmp_path / "out", lambda message, share: None)
    done = import_takes(tmp_path / "back", tmp_path / "out", ImportOptions(), lambda m, s: None)
    with Take.open(tmp_path / "back" / "takes" / done.takes[0]) as back:
        assert (back.info.gripper, back.info.instruction) == (None, INSTRUCTION)
        assert back.actions.applied_gripper is None


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made_in:
        write_into_docs("lerobot", made(Path(made_in)))
