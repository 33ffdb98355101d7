"""How many small changes to the code that must not be wrong are noticed by its tests.

    python benchmarks/mutation.py [--quick] [--seed 1] [--json] [--mutants 20]

Cosmic Ray's operators change one place at a time (a comparison turned, a number off by one, a
`not` gone, …) in a copy of the tree; the tests of that room run on the copy, and a mutant that
they let pass is printed to be read. Which mutants are tried is drawn with the seed: as many for
each room.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from queue import SimpleQueue

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from frame import Bar, Figures, Options, run, say

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = ("__pycache__", ".git", ".venv", "data", "node_modules", "results", "bases", "static")
PATIENCE = 4.0  # a mutant's tests may take so many times what they take on the code as it is …
AT_LEAST_S = 20.0  # … and so much more
COPIES = 2
SAID = 1500  # characters of what tests say
# `int | None` in an annotation is no arithmetic, and a test cannot tell it from `int - None`.
NO_FAULTS = "ReplaceBinaryOperator_BitOr"


@dataclass(frozen=True, slots=True)
class Room:
    """Modules, and the tests that are to notice what is wrong with them."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


ROOMS = (
    Room("limits", ("recorder/devices/limits.py",), ("tests/recorder/devices/test_limits.py",)),
    Room("session", ("recorder/station/session.py",), ("tests/recorder/station/test_session.py",)),
    Room("alignment", ("datasets/alignment.py",), ("tests/datasets/test_alignment.py",)),
    Room(
        "label log",
        ("datasets/labels/edit_log.py", "datasets/labels/labels.py"),
        ("tests/datasets/labels/test_labels.py",),
    ),
    Room(
        "takes",
        ("datasets/takes/writer.py", "datasets/takes/reader.py", "datasets/takes/streams.py"),
        ("tests/datasets/takes",),
    ),
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One place of one module, changed by one operator."""

    room: Room
    module: str
    operator: str
    occurrence: int

    def code(self) -> str | None:
        """The module with the change; None where the operator changes nothing."""
        source = (ROOT / self.module).read_text("utf-8")
        return mutate_code(source, get_operator(self.operator)(), self.occurrence)

    def shown(self) -> str:
        """What was changed, for whoever reads the survivors."""
        before = (ROOT / self.module).read_text("utf-8").splitlines()
        after = (self.code() or "").splitlines()
        lines = [line for line in unified_diff(before, after, n=0) if line[:1] in "+-"]
        changed = [line for line in lines if not line.startswith(("+++", "---"))]
        return f"{self.module}: {' '.join(' '.join(line.split()) for line in changed)}"


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    mutants: int = 20
    """How many of each room."""


def mutants_of(room: Room) -> Iterator[Mutant]:
    """Everything that could be changed."""
    names = [name for name in operator_names() if NO_FAULTS not in name]
    for module in room.modules:
        nodes = list(ast_nodes(get_ast((ROOT / module).read_text("utf-8"))))
        for name in names:
            operator = get_operator(name)
            if operator.arguments():
                continue
            places = [place for node in nodes for place in operator().mutation_positions(node)]
            yield from (Mutant(room, module, name, number) for number in range(len(places)))


def drawn(seed: int, count: int) -> list[Mutant]:
    """As many of each room."""
    dice = random.Random(seed)
    every = [list(mutants_of(room)) for room in ROOMS]
    return [mutant for each in every for mutant in dice.sample(each, min(count, len(each)))]


def is_killed(mutant: Mutant, tree: Path, timeout_s: float) -> bool:
    """Whether the room's tests fail on it, or do not end in time; the tree is put back."""
    code = mutant.code()
    assert code is not None
    path = tree / mutant.module
    original = path.read_text("utf-8")
    path.write_text(code, "utf-8")
    try:
        return not passes(mutant.room, tree, timeout_s)
    finally:
        path.write_text(original, "utf-8")


def passes(room: Room, tree: Path, timeout_s: float) -> bool:
    """Whether a room's tests pass in a tree, and in time."""
    try:
        return not failing(room, tree, timeout_s)
    except subprocess.TimeoutExpired:
        return False


def failing(room: Room, tree: Path, timeout_s: float | None = None) -> str:
    """What a room's tests say at their end where one fails; "" where all pass. Raises
    TimeoutExpired."""
    pytest = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:randomly"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
    }
    ended = subprocess.run(
        [*pytest, *room.tests],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )
    return ended.stdout[-SAID:] or ended.stderr[-SAID:] if ended.returncode else ""


class AlreadyFailing(Exception):
    """Tests that fail on what nobody changed notice nothing."""


def patience_s(tree: Path) -> dict[str, float]:
    """How long each room's tests may take, from how long they take on the tree as it is, this
    minute, on this machine. Raises AlreadyFailing where they do not pass."""
    allowed = {}
    for room in ROOMS:
        start = time.monotonic()
        if said := failing(room, tree):
            raise AlreadyFailing(f"The tests of {room.name} fail without any mutant: … {said}")
        allowed[room.name] = PATIENCE * (time.monotonic() - start) + AT_LEAST_S
    return allowed


def try_all(mutants: list[Mutant], folder: Path) -> list[bool]:
    """Whether each was killed; a few at once, each in a copy of its own."""
    trees: SimpleQueue[Path] = SimpleQueue()
    for number in range(COPIES):
        tree = folder / f"tree{number}"
        shutil.copytree(ROOT, tree, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
        trees.put(tree)
    allowed_s = patience_s(folder / "tree0")

    def attempt(mutant: Mutant) -> bool:
        tree = trees.get()
        try:
            killed = is_killed(mutant, tree, allowed_s[mutant.room.name])
        finally:
            trees.put(tree)
        if not killed:
            say(f"alive: {mutant.shown()}")
        return killed

    with ThreadPoolExecutor(COPIES) as threads:
        return list(threads.map(attempt, mutants))


def measure(asked: Asked) -> Figures:
    """The share of each room's mutants that die, and those that live."""
    mutants = drawn(asked.seed, 1 if asked.quick else asked.mutants)
    with tempfile.TemporaryDirectory() as folder:
        killed = try_all(mutants, Path(folder))
    both = list(zip(mutants, killed, strict=True))
    rooms = {
        room.name: {
            "mutants": sum(mutant.room == room for mutant in mutants),
            "killed": sum(dead for mutant, dead in both if mutant.room == room),
        }
        for room in ROOMS
    }
    alive = [mutant.shown() for mutant, dead in both if not dead]
    return {"share_killed": round(sum(killed) / len(killed), 4), "rooms": rooms, "alive": alive}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Five mutants tell little: they may be half as good."""
    return [Bar("share killed", figures["share_killed"], least=0.5 if asked.quick else 0.75)]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
