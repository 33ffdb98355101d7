"""The tasks that people wrote: instructions, in the order in which they were added."""

from pathlib import Path

from ..runtime.errors import TeachloopError
from ..runtime.text import one_line
from ..runtime.text_list import add_text, read_texts

LONGEST = 300  # characters of an instruction
TASKS_FILE = "tasks.json"


class TooLong(TeachloopError):
    """An instruction that would have to be cut."""

    def __init__(self, longest: int, length: int) -> None:
        super().__init__(f"An instruction has at most {longest} characters, not {length}.")


def written_tasks(data: Path) -> list[str]:
    """A damaged list is an empty one."""
    return read_texts(data / TASKS_FILE)


def add_task(data: Path, instruction: str) -> None:
    """Remember an instruction as a task of its own; an empty one is none. Raises TooLong."""
    instruction = one_line(instruction)
    if len(instruction) > LONGEST:
        raise TooLong(LONGEST, len(instruction))
    if instruction:
        add_text(data / TASKS_FILE, instruction)
