"""The tasks that an operator picks from: the simulator's, and those written by people."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from ....datasets.catalog_rows import path_of
from ....datasets.goals import between_takes, goals, set_between_takes, set_goal
from ....datasets.hand_path import Point
from ....datasets.tasks import LONGEST, add_task, written_tasks
from ....simulation.language import Verb
from ....simulation.presets import PRESETS
from ....simulation.scenes import Split
from ..roles import LABELS, LOOKS
from ..take_list import TakeList


class TaskChoice(BaseModel):
    """A task to pick: of the simulator, with verb and split, or an instruction."""

    name: str
    label: str
    verb: Verb | None = None
    split: Split | None = None
    instruction: str | None = None
    goal: int | None = None  # takes that are wanted
    between: str | None = None  # what is done with the scene before the next take


class Tasks(BaseModel):
    tasks: list[TaskChoice]


class NewTask(BaseModel):
    instruction: str


class NewGoal(BaseModel):
    """How many takes of a task are wanted; None: nobody says."""

    task: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    goal: Annotated[int, Field(ge=1, le=100_000)] | None = None


class NewBetween(BaseModel):
    """What is done with the scene of a task before its next take; "": nothing."""

    task: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    words: Annotated[str, Field(max_length=LONGEST)]


class TaskPlaces(BaseModel):
    """Where the hand closed first, in the base frame, in the takes of a task that did not fail."""

    closed_mm: list[Point]


def task_routes(data: Path, simulated: bool) -> APIRouter:
    """Routes below /api/tasks."""
    router = APIRouter(prefix="/api/tasks", dependencies=[LOOKS])
    takes = TakeList(data)

    @router.get("", response_model_exclude_none=True)
    def listed() -> Tasks:
        return Tasks(tasks=list_tasks(data, simulated))

    @router.get("/places")
    def places(task: str) -> TaskPlaces:
        return task_places(takes, task)

    @router.post("", response_model_exclude_none=True, dependencies=[LABELS])
    def add(wish: NewTask) -> Tasks:
        add_task(data, wish.instruction)
        return Tasks(tasks=list_tasks(data, simulated))

    @router.post("/goal", response_model_exclude_none=True, dependencies=[LABELS])
    def want(wish: NewGoal) -> Tasks:
        set_goal(data, wish.task, wish.goal)
        return Tasks(tasks=list_tasks(data, simulated))

    @router.post("/between", response_model_exclude_none=True, dependencies=[LABELS])
    def between(wish: NewBetween) -> Tasks:
        set_between_takes(data, wish.task, wish.words)
        return Tasks(tasks=list_tasks(data, simulated))

    return router


def list_tasks(data: Path, simulated: bool) -> list[TaskChoice]:
    """The simulator's where it is the robot, then what people wrote."""
    presets = [
        TaskChoice(name=preset.name, label=preset.label, verb=preset.verb, split=preset.split)
        for preset in (PRESETS if simulated else ())
    ]
    own = [TaskChoice(name=text, label=text, instruction=text) for text in written_tasks(data)]
    wanted, between = goals(data), between_takes(data)
    return [
        task.model_copy(update={"goal": wanted.get(task.name), "between": between.get(task.name)})
        for task in (*presets, *own)
    ]


def task_places(takes: TakeList, task: str) -> TaskPlaces:
    """Of the takes that are not in the bin."""
    rows = [row for row in takes.catalogued() if row.task == task and not row.deleted]
    paths = [path_of(row) for row in rows if row.success is not False]
    return TaskPlaces(closed_mm=[path.closed_mm for path in paths if path and path.closed_mm])
