"""The tasks that an operator picks from: what is written stays, what is damaged costs no page."""

from pathlib import Path

import pytest

from teachloop.app.web.task_list import LIMIT, add_task, list_tasks


def names(data: Path) -> list[str]:
    return [task["name"] for task in list_tasks(data, simulated=False)]


def test_the_simulator_brings_its_tasks_and_people_add_theirs(tmp_path: Path) -> None:
    assert names(tmp_path) == []
    add_task(tmp_path / "data", "  fold the 赤い   towel ")
    add_task(tmp_path / "data", "fold the 赤い towel")
    assert names(tmp_path / "data") == ["fold the 赤い towel"]
    simulated = list_tasks(tmp_path / "data", simulated=True)
    assert {task.get("verb") for task in simulated} == {"pick", "put", "stack", "push", None}
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["tasks.json"]


def test_an_instruction_has_a_limit_and_is_never_empty(tmp_path: Path) -> None:
    add_task(tmp_path, " \n ")
    assert names(tmp_path) == []
    add_task(tmp_path, "x" * 2000)
    assert names(tmp_path) == ["x" * LIMIT]


@pytest.mark.parametrize("text", ["hello", "5", "{}", "[" * 99999, '["\\ud800"]', "[1, null]"])
def test_a_damaged_list_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "tasks.json").write_text(text)
    assert names(tmp_path) == []
    add_task(tmp_path, "wipe the table")
    assert names(tmp_path) == ["wipe the table"]
