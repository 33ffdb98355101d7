"""What a data set says of itself, to people and to hubs: its README.md."""

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from ....geometry.arms import ArmName
from ....runtime.json_file import JsonObject
from ....runtime.text import counted, one_line
from .options import CommonOptions
from .pieces import EpisodeNote
from .plan import Plan, in_words

CARD = "README.md"
ROBOTS: Mapping[ArmName, str] = {"panda": "Franka Panda", "fr3": "Franka Research 3"}
MOST_TASKS = 100  # that are named
JUDGED = {True: "succeeded", False: "failed", None: "not judged"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardKind:
    """What a format says of all its data sets."""

    form: str  # such as "A LeRobotDataset v3.0"
    opening: str  # Python that opens one; {name} is that of its folder
    front: JsonObject = field(default_factory=dict)
    """For hubs, which look for it before the text; beside what all have."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What its episodes have in common, in words."""
    rate_hz: float | None = None
    """Of the ticks that episodes are long; None: they are of no constant rate."""


def facts_of(plan: Plan) -> Mapping[str, str]:
    """What its episodes have in common, in words."""
    gripper = "with a gripper" if plan.has_gripper else "without a gripper"
    cameras = [f"{name}, {in_words(size)}" for name, size in plan.sizes.items()]
    return {
        "Robot": f"{ROBOTS[plan.arm]}, {gripper}",
        "Cameras": "; ".join(cameras) or "none",
        "Rate": f"{plan.rate_hz:g} Hz",
        **privacy_of(plan.options),
    }


def privacy_of(options: CommonOptions) -> Mapping[str, str]:
    """What was done to the pictures, in words."""
    return {"Faces": "hidden where they were found"} if options.hide_faces else {}


def write_card(folder: Path, name: str, kind: CardKind, notes: Sequence[EpisodeNote]) -> None:
    """Into the folder of a data set, which will have that name."""
    front = {"task_categories": ["robotics"], "tags": ["teachloop"], **kind.front}
    lines = [
        "---",
        *(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()),
        "---",
        f"# {name}",
        "",
        f"{kind.form} of {_size(kind, notes)}, written by teachloop {version('teachloop')}.",
        "",
        *_table(("", ""), [*kind.facts.items(), *_facts(kind, notes)]),
        *_tasks(notes),
        *_subtasks(notes),
        "## How to open it",
        "",
        "```python",
        kind.opening.format(name=name),
        "```",
        "",
        "No licence is given. Before you publish it, write one above, as in `license: cc-by-4.0`.",
    ]
    (folder / CARD).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _size(kind: CardKind, notes: Sequence[EpisodeNote]) -> str:
    frames = sum(note.length for note in notes)
    said = f"{counted(len(notes), 'episode')} and {counted(frames, 'frame')}"
    return f"{said} ({_clock(frames / kind.rate_hz)})" if kind.rate_hz else said


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _facts(kind: CardKind, notes: Sequence[EpisodeNote]) -> Iterator[tuple[str, str]]:
    judged = Counter(note.success for note in notes)
    said = [f"{judged[value]} {word}" for value, word in JUDGED.items() if judged[value]]
    yield "Success", ", ".join(said)
    if kind.rate_hz:
        seconds = [note.length / kind.rate_hz for note in notes]
        middle = statistics.median(seconds)
        yield "Length", f"{min(seconds):.1f} to {max(seconds):.1f} s, half below {middle:.1f} s"
    if people := sorted({note.operator for note in notes} - {""}):
        yield "Operators", ", ".join(people)


def _tasks(notes: Sequence[EpisodeNote]) -> Iterator[str]:
    counts = Counter(note.instruction for note in notes)
    words: dict[str, set[str]] = {task: set() for task in counts}
    for note in notes:
        words[note.instruction].update(note.paraphrases)
    rows = [
        (task, str(count), "; ".join(sorted(words[task])))
        for task, count in counts.most_common(MOST_TASKS)
    ]
    yield "## Tasks"
    yield ""
    yield from _table(("Instruction", "Episodes", "Other words"), rows)
    if (more := len(counts) - len(rows)) > 0:
        yield from (f"And {counted(more, 'other instruction')}.", "")


def _subtasks(notes: Sequence[EpisodeNote]) -> Iterator[str]:
    named = Counter(name for note in notes for name in {*note.subtasks} - {""})
    if named:
        yield "## Sub-tasks"
        yield ""
        rows = [(name, str(count)) for name, count in named.most_common(MOST_TASKS)]
        yield from _table(("Sub-task", "Episodes"), rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(heads)
    yield "|" + "---|" * len(heads)
    yield from map(_row, rows)
    yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """As Markdown and HTML show it, letter by letter: what people typed is no markup."""
    shown = one_line(text).replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"\\{letter}" if letter in "\\`*_[]|~" else letter for letter in shown)
