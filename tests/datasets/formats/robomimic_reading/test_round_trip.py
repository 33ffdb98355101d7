"""What we export for robomimic comes back field by field; what the format cannot hold is listed.

The table in ``docs/imports.md`` is made here; to write it anew:

    python tests/datasets/formats/robomimic_reading/test_round_trip.py
"""

import tempfile
from pathlib import Path

import h5py
import pytest
from numbered_takes import INSTRUCTION, NumberedTake, numbered_take
from round_trip import (
    HOW,
    SAID,
    numbers,
    rows_in,
    table_in_docs,
    table_of,
    words,
    write_into_docs,
)

from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.robomimic.export import export_takes
from teachloop.datasets.formats.robomimic.options import RobomimicOptions
from teachloop.datasets.formats.take_import import import_takes
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take

TAKE = "20260101-000000-0000"


def exported(folder: Path, how: NumberedTake, said: list, **options: object) -> Path:
    take = numbered_take(folder, TAKE, how, *said)
    asked = RobomimicOptions.model_validate(options)
    export_takes(folder, [take], asked, folder / "out", lambda message, share: None)
    return folder / "out"


def returned(folder: Path, source: Path) -> Path:
    """The folder of the take that came of it."""
    data = folder / "back"
    done = import_takes(data, source, ImportOptions(), lambda message, share: None)
    assert (done.format, done.left_out, check(data)) == ("robomimic", {}, [])
    return data / "takes" / done.takes[0]


def made(folder: Path) -> str:
    """The table, as it stands in the docs."""
    back = returned(folder, exported(folder, HOW, SAID, operators=True))
    before = folder / "takes" / TAKE
    with Take.open(before) as a, Take.open(back) as b:
        rows = [*numbers(a, b, "JPEG twice", "applied pose")]
    return table_of([*rows, *words(before, back)])


@pytest.fixture
def table(tmp_path: Path) -> str:
    return made(tmp_path)


def test_what_comes_back_is_what_the_docs_say(table: str) -> None:
    assert table == table_in_docs("robomimic")


def test_nothing_that_the_format_holds_is_lost(table: str) -> None:
    held = ("joint angles", "measured pose", "gripper's width", "applied", "who decided", "which")
    said = ("instruction", "other wordings", "success", "sub-tasks", "tool", "arm", "rate")
    for text, found in rows_in(table):
        if text.startswith((*held, *said)):
            assert found in ("the same", "to float32"), text
        assert found != "other", text


def test_an_export_without_a_gripper_comes_back_without_one(tmp_path: Path) -> None:
    source = exported(tmp_path, NumberedTake(ticks=12, gripper=None), [])
    with Take.open(returned(tmp_path, source)) as back:
        assert (back.info.gripper, back.info.instruction) == (None, INSTRUCTION)
        assert back.actions.applied_gripper is None


def test_one_that_was_packed_and_scaled_comes_back_the_same(tmp_path: Path) -> None:
    how = NumberedTake(ticks=12)
    takes = []
    for name, options in (("plain", {}), ("packed", {"compressed": True, "scale": (5.0, 5.0)})):
        source = exported(tmp_path / name, how, [], **options)
        takes.append(Take.open(returned(tmp_path / name, source)))
    plain, packed = takes
    assert (plain.actions.applied_pose == packed.actions.applied_pose).all()
    assert plain.jpeg("front", 7) == packed.jpeg("front", 7)


def test_a_take_that_nobody_judged_is_still_not_judged(tmp_path: Path) -> None:
    back = returned(tmp_path, exported(tmp_path, NumberedTake(ticks=12), []))
    assert Labels.open(back).snapshot.success is None


@pytest.mark.parametrize(
    ("name", "words"),
    [("decided_by", "names nobody"), ("action_dict/abs_rot_6d", "a rotation that is none")],
)
def test_an_export_that_somebody_changed_is_refused(tmp_path: Path, name: str, words: str) -> None:
    source = exported(tmp_path, NumberedTake(ticks=12), [])
    with h5py.File(source / "dataset.hdf5", "r+") as file:
        rows = file[f"data/demo_0/{name}"]
        assert isinstance(rows, h5py.Dataset)
        rows[3] = 0 if rows.ndim > 1 else 99
    done = import_takes(tmp_path / "back", source, ImportOptions(), lambda message, share: None)
    assert words in done.left_out["demo_0 of dataset.hdf5"]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made_in:
        write_into_docs("robomimic", made(Path(made_in)))
