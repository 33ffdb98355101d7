"""Tasks, and the many ways in which people ask for them.

Left and right are as seen in the front camera's image, which looks back at the robot: left
is the robot's own right (base −y), right is its left (base +y), and what is behind another thing is
nearer to the robot (base −x).
"""

from dataclasses import dataclass
from typing import Literal, get_args

from .objects import SHAPES

NovelVerb = Literal["push", "put_behind", "turn_over"]
"""Of which the shipped base has seen nothing."""
Verb = Literal["pick", "put", "stack", NovelVerb]
Direction = Literal["left", "right"]

BASE_VERBS: tuple[Verb, ...] = ("pick", "put", "stack")
NOVEL_VERBS: tuple[NovelVerb, ...] = get_args(NovelVerb)
VERBS: tuple[Verb, ...] = (*BASE_VERBS, *NOVEL_VERBS)
HOLDING: tuple[Verb, ...] = tuple(verb for verb in VERBS if verb != "push")
"""Those that are done with the object between the fingers."""
DIRECTION_Y: dict[str, float] = {"left": -1.0, "right": 1.0}


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked for: a verb, the object, and where it goes."""

    verb: Verb
    target: str  # "{color} {shape}"
    destination: str | None = None
    direction: Direction | None = None


_PICK = (
    "pick up the {x}", "pick the {x} up", "lift the {x}", "lift up the {x}", "grab the {x}",
    "take the {x}", "grasp the {x} and lift it", "raise the {x}", "please pick up the {x}",
    "get the {x}", "get hold of the {x} and raise it", "hold up the {x}",
    "grab the {x} and lift it", "could you pick up the {x}?", "take the {x} off the table",
    "pick up that {x}",
)  # fmt: skip
_PUT = (
    "put the {x} {p} the {y}", "place the {x} {p} the {y}", "drop the {x} {p} the {y}",
    "set the {x} down {p} the {y}", "lay the {x} {p} the {y}", "put the {x} {p}to the {y}",
    "move the {x} {p}to the {y}", "pick up the {x} and put it {p} the {y}",
    "take the {x} and place it {p} the {y}", "please put the {x} {p} the {y}",
    "bring the {x} to the {y}", "the {x} goes {p} the {y}", "could you place the {x} {p} the {y}?",
    "transfer the {x} to the {y}", "grab the {x} and drop it {p} the {y}",
)  # fmt: skip
_STACK = (
    "stack the {x} on the {y}", "stack the {x} on top of the {y}", "put the {x} on top of the {y}",
    "place the {x} on top of the {y}", "set the {x} on the {y}", "pile the {x} on the {y}",
    "build a stack with the {x} on the {y}", "balance the {x} on the {y}",
    "pick up the {x} and stack it on the {y}", "please stack the {x} on the {y}",
    "lay the {x} on top of the {y}", "the {x} goes on top of the {y}",
    "could you stack the {x} on the {y}?", "take the {x} and set it on top of the {y}",
)  # fmt: skip
_PUSH = (
    "push the {x} to the {d}", "push the {x} {d}", "slide the {x} to the {d}",
    "shove the {x} to the {d}", "nudge the {x} to the {d}", "slide the {x} over to the {d}",
    "please push the {x} to the {d}", "push the {x} towards the {d}",
)  # fmt: skip
_PUT_BEHIND = (
    "put the {x} behind the {y}", "place the {x} behind the {y}",
    "set the {x} down behind the {y}", "move the {x} behind the {y}",
    "take the {x} behind the {y}", "please put the {x} behind the {y}",
    "the {x} goes behind the {y}", "bring the {x} round to behind the {y}",
)  # fmt: skip
_TURN_OVER = (
    "turn the {x} over", "turn over the {x}", "tip the {x} over", "knock over the {x}",
    "knock the {x} over", "topple the {x}", "please turn the {x} over", "tip over the {x}",
)  # fmt: skip
_TEMPLATES: dict[str, tuple[str, ...]] = {
    "pick": _PICK, "put": _PUT, "stack": _STACK, "push": _PUSH, "put_behind": _PUT_BEHIND,
    "turn_over": _TURN_OVER,
}  # fmt: skip


def phrasings(task: Task) -> tuple[str, ...]:
    """Every phrasing of the task; the first is its canonical instruction."""
    shape = (task.destination or "").rpartition(" ")[2]
    preposition = SHAPES[shape].preposition if shape else ""
    return tuple(
        template.format(x=task.target, y=task.destination, p=preposition, d=task.direction)
        for template in _TEMPLATES[task.verb]
    )
