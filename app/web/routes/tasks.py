"""The tasks that an operator picks from: the simulator's, and those written by people."""

from pathlib import Path

from fastapi import APIRouter
from pydantic import BaseModel

from ....datasets.tasks import add_task, written_tasks
from ....simulation.language import Verb
from ....simulation.presets import PRESETS
from ....simulation.scenes import Split
from ..roles import LABELS, LOOKS


class TaskChoice(BaseModel):
    """A task to pick: of the simulator, with verb and split, or an instruction."""

    name: str
    label: str
    verb: Verb | None = None
    split: Split | None = None
    instruction: str | None = None


class Tasks(BaseModel):
    tasks: list[TaskChoice]


class NewTask(BaseModel):
    instruction: str


def task_routes(data: Path, simulated: bool) -> APIRouter:
    """Routes below /api/tasks."""
    router = APIRouter(prefix="/api/tasks", dependencies=[LOOKS])

    @router.get("", response_model_exclude_none=True)
    def listed() -> Tasks:
        return Tasks(tasks=list_tasks(data, simulated))

    @router.post("", response_model_exclude_none=True, dependencies=[LABELS])
    def add(wish: NewTask) -> Tasks:
        add_task(data, wish.instruction)
        return Tasks(tasks=list_tasks(data, simulated))

    return router


def list_tasks(data: Path, simulated: bool) -> list[TaskChoice]:
    """The simulator's where it is the robot, then what people wrote."""
    presets = [
        TaskChoice(name=preset.name, label=preset.label, verb=preset.verb, split=preset.split)
        for preset in (PRESETS if simulated else ())
    ]
    own = [TaskChoice(name=text, label=text, instruction=text) for text in written_tasks(data)]
    return [*presets, *own]
