"""The tasks that people wrote: what is written stays, what is damaged costs no page."""

from pathlib import Path

import pytest

from teachloop.datasets.tasks import LONGEST, TooLong, add_task, written_tasks


def test_a_task_is_remembered_once_without_its_spaces(tmp_path: Path) -> None:
    assert written_tasks(tmp_path) == []
    add_task(tmp_path / "data", "  fold the 赤い   towel ")
    add_task(tmp_path / "data", "fold the 赤い towel")
    add_task(tmp_path / "data", "fold\u00a0the 赤い towel")
    assert written_tasks(tmp_path / "data") == ["fold the 赤い towel"]
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["tasks.json"]


def test_an_instruction_has_a_limit_and_is_never_empty(tmp_path: Path) -> None:
    add_task(tmp_path, " \n ")
    assert written_tasks(tmp_path) == []
    add_task(tmp_path, "x" * LONGEST)
    with pytest.raises(TooLong, match="at most 300 characters, not 2000"):
        add_task(tmp_path, "x" * 2000)
    assert written_tasks(tmp_path) == ["x" * LONGEST]


@pytest.mark.parametrize("text", ["hello", "5", "{}", "[" * 99999, '["\\ud800"]', "[1, null]"])
def test_a_damaged_list_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "tasks.json").write_text(text)
    assert written_tasks(tmp_path) == []
    add_task(tmp_path, "wipe the table")
    assert written_tasks(tmp_path) == ["wipe the table"]
