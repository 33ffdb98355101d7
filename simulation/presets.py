"""The tasks of the simulator that an operator picks from."""

from dataclasses import dataclass

from .language import Verb
from .scenes import Split


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPreset:
    """A kind of task; each scene of it has an instruction of its own."""

    name: str
    label: str
    verb: Verb
    split: Split


PRESETS = (
    TaskPreset(name="pick", label="Pick up an object", verb="pick", split="base"),
    TaskPreset(name="put", label="Put an object in or on another", verb="put", split="base"),
    TaskPreset(name="stack", label="Stack two objects", verb="stack", split="base"),
    TaskPreset(name="pick-novel", label="Pick up (new objects)", verb="pick", split="novel"),
    TaskPreset(name="push-novel", label="Push (new to the base)", verb="push", split="novel"),
    TaskPreset(
        name="put-behind-novel",
        label="Put behind (new to the base)",
        verb="put_behind",
        split="novel",
    ),
    TaskPreset(
        name="turn-over-novel", label="Turn over (new to the base)", verb="turn_over", split="novel"
    ),
)
