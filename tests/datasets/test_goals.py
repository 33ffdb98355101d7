"""How many takes of a task are wanted."""

from pathlib import Path

from teachloop.datasets.goals import (
    GOALS_FILE,
    between_takes,
    goals,
    set_between_takes,
    set_goal,
)


def test_goals_are_kept_by_task_and_taken_back(tmp_path: Path) -> None:
    assert goals(tmp_path) == {}
    set_goal(tmp_path, "lege den Würfel weg", 50)
    set_goal(tmp_path, "pick", 20)
    set_goal(tmp_path, "pick", 30)
    assert goals(tmp_path) == {"lege den Würfel weg": 50, "pick": 30}
    set_goal(tmp_path, "pick", None)
    assert goals(tmp_path) == {"lege den Würfel weg": 50}


def test_what_is_done_between_takes_stands_beside_the_goal(tmp_path: Path) -> None:
    set_goal(tmp_path, "pick", 20)
    set_between_takes(tmp_path, "pick", " the cup\nelsewhere ")
    set_between_takes(tmp_path, "lege", "zurücklegen")
    assert between_takes(tmp_path) == {"pick": "the cup elsewhere", "lege": "zurücklegen"}
    set_goal(tmp_path, "pick", None)
    set_between_takes(tmp_path, "lege", " ")
    assert between_takes(tmp_path) == {"pick": "the cup elsewhere"}
    assert goals(tmp_path) == {}


def test_a_file_from_before_says_nothing_of_what_is_between(tmp_path: Path) -> None:
    (tmp_path / GOALS_FILE).write_text('{"goals": {"pick": 20}}', "utf-8")
    assert between_takes(tmp_path) == {}
    set_between_takes(tmp_path, "pick", "the cup elsewhere")
    assert goals(tmp_path) == {"pick": 20}


def test_a_damaged_file_holds_no_goals_and_is_replaced(tmp_path: Path) -> None:
    (tmp_path / GOALS_FILE).write_text("{goals", "utf-8")
    assert goals(tmp_path) == {}
    assert between_takes(tmp_path) == {}
    set_goal(tmp_path, "pick", 5)
    assert goals(tmp_path) == {"pick": 5}
