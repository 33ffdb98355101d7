"""How many takes of a task are wanted, as people set it."""

from collections.abc import Mapping
from pathlib import Path

from ..runtime.json_file import BrokenJson, StoredModel, read_model, write_model

GOALS_FILE = "goals.json"


class Goals(StoredModel):
    """By the task's name."""

    goals: dict[str, int]


def goals(data: Path) -> Mapping[str, int]:
    """Of a data folder; a damaged file holds none."""
    try:
        return read_model(data / GOALS_FILE, Goals).goals
    except BrokenJson:
        return {}


def set_goal(data: Path, task: str, takes: int | None) -> None:
    """So many takes of a task; None: nobody says how many."""
    kept = {name: number for name, number in goals(data).items() if name != task}
    wanted = kept if takes is None else {**kept, task: takes}
    write_model(data / GOALS_FILE, Goals(goals=wanted))
