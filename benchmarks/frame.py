"""What every benchmark has in common: its options, its bars, and how it ends.

    python benchmarks/<name>.py [--quick] [--seed N] [--json] …

A full run writes its figures, the command and the machine to benchmarks/results/<name>.json;
a quick one, of under a minute, writes nothing. Bars are printed as they were judged; the exit
status is 1 where one of them does not hold. With --json the last line of standard output is one
JSON object: the figures.
"""

import inspect
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import tyro

Figures = Mapping[str, Any]  # plain values, for JSON
RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of every benchmark; a benchmark adds its own."""

    quick: bool = False
    """Under a minute: enough to see that it runs; nothing is written."""
    seed: int = 1
    """Decides everything that is drawn at random."""
    json: bool = False
    """End with one line of figures."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure must keep to."""

    name: str
    value: float
    least: float = float("-inf")
    most: float = float("inf")

    @property
    def holds(self) -> bool:
        return self.least <= self.value <= self.most

    def __str__(self) -> str:
        wanted = [f"at least {self.least:g}"] if self.least > float("-inf") else []
        wanted += [f"at most {self.most:g}"] if self.most < float("inf") else []
        verdict = "holds" if self.holds else "DOES NOT HOLD"
        return f"{self.name}: {self.value:.4g} ({' and '.join(wanted)}): {verdict}"


Asked = TypeVar("Asked", bound=Options)


def run(
    measure: Callable[[Asked], Figures],
    bars: Callable[[Figures, Asked], Sequence[Bar]],
    options: type[Asked],
    arguments: Sequence[str] | None = None,
) -> int:
    """Measure, write, judge and tell; returns the exit status."""
    source = Path(inspect.getfile(measure))
    asked = tyro.cli(options, args=arguments, description=sys.modules[measure.__module__].__doc__)
    figures = measure(asked)
    if not asked.quick:
        write(source.stem, figures, arguments)
    judged = bars(figures, asked)
    for bar in judged:
        print(bar, file=sys.stderr)
    if asked.json:
        print(json.dumps(figures))
    return 0 if all(bar.holds for bar in judged) else 1


def write(name: str, figures: Figures, arguments: Sequence[str] | None = None) -> None:
    """Keep a result, with what it takes to repeat it."""
    words = sys.argv[1:] if arguments is None else arguments
    made = {
        "command": " ".join(["python", f"benchmarks/{name}.py", *words]),
        "cores": os.cpu_count() or 1,
        "machine": platform.machine(),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps({**made, **figures}, indent=1) + "\n")


def kept_rows(name: str, rows: str) -> dict[str, Any]:
    """Those of the result that is there, of which a run may replace some."""
    try:
        return json.loads((RESULTS / f"{name}.json").read_text())[rows]
    except (OSError, ValueError, KeyError):
        return {}


def say(line: object) -> None:
    """How far it is, while it runs; standard output is for the figures."""
    print(line, file=sys.stderr, flush=True)
