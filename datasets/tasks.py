"""The tasks that people wrote: instructions, in the order in which they were added."""

from pathlib import Path

from ..runtime.text_list import add_text, read_texts

LONGEST = 300  # characters of an instruction
TASKS_FILE = "tasks.json"


def written_tasks(data: Path) -> list[str]:
    """A damaged list is an empty one."""
    return read_texts(data / TASKS_FILE)


def add_task(data: Path, instruction: str) -> None:
    """Remember an instruction as a task of its own; an empty one is none."""
    instruction = " ".join(instruction.split())[:LONGEST]
    if instruction:
        add_text(data / TASKS_FILE, instruction)
