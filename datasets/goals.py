"""What people want of each task: how many takes, and what is put back between two of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import Field

from ..runtime.json_file import BrokenJson, StoredModel, read_model, write_model
from ..runtime.text import one_line

GOALS_FILE = "goals.json"

Wish = TypeVar("Wish")


class Goals(StoredModel):
    """By the task's name."""

    goals: dict[str, int] = Field(default_factory=dict)
    between: dict[str, str] = Field(default_factory=dict)


def goals(data: Path) -> Mapping[str, int]:
    """How many takes of each task are wanted."""
    return _read(data).goals


def between_takes(data: Path) -> Mapping[str, str]:
    """What is to be done with the scene of each task before its next take."""
    return _read(data).between


def set_goal(data: Path, task: str, takes: int | None) -> None:
    """So many takes of a task; None: nobody says how many."""
    said = _read(data)
    wanted = Goals(goals=_with(said.goals, task, takes), between=said.between)
    write_model(data / GOALS_FILE, wanted)


def set_between_takes(data: Path, task: str, words: str) -> None:
    """Before the next take of a task, this; "": nothing."""
    said = _read(data)
    wanted = Goals(goals=said.goals, between=_with(said.between, task, one_line(words) or None))
    write_model(data / GOALS_FILE, wanted)


def _read(data: Path) -> Goals:
    """A damaged file says nothing."""
    try:
        return read_model(data / GOALS_FILE, Goals)
    except BrokenJson:
        return Goals()


def _with(said: Mapping[str, Wish], task: str, wish: Wish | None) -> dict[str, Wish]:
    others = {name: each for name, each in said.items() if name != task}
    return others if wish is None else {**others, task: wish}
