"""An operator's hour at the Record page, by keyboard alone: is anything lost?

Twenty takes in a headless Chromium, and between them what a day brings: practice, another task, a
new scene, the arm sent home, takes that are judged, discarded, taken back, undone, a second window
that takes the control and gives it back, and a station that is killed in the middle of a take. In
the end each take has to be where the operator was told that it is, whole. With --pictures, what the
page shows at each of these is kept.

python benchmarks/operators_hour.py [--takes 20] [--pictures DIR]
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from browser import chromium, serving
from frame import Bar, Figures, Options, run, say
from playwright.sync_api import Page

from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.take_folder import TAKES
from teachloop.recorder.station.endpoint import read_endpoint

STATION = "document.querySelector('.tl-station').textContent.includes(given)"
ENABLED = "document.querySelector(given)?.disabled === false"
DRIVING = "document.querySelector('.tl-control').textContent.startsWith('Driving')"
LAST_NOTICE = "([...document.querySelectorAll('.tl-notice')].at(-1)?.textContent ?? '')"
ASK = "async () => (await (await fetch('/api/takes')).json()).takes"
RECORD, KEEP = ".tl-record button.record", ".tl-record .keep"
FURTHEST = 80  # controls on the page


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    takes: int = 20
    """How many takes are recorded."""
    pictures: str = ""
    """A folder for what the page shows; none is kept without one."""


@dataclass
class Operator:
    """Who has no mouse, and remembers what was said of each take."""

    page: Page
    data: Path
    pictures: Path | None
    kept: dict[str, bool | None] = field(default_factory=dict)
    """Take -> how it was said to have ended."""
    binned: set[str] = field(default_factory=set)

    def wait(self, condition: str, given: object = None) -> None:
        self.page.wait_for_function(f"given => {condition}", arg=given)

    def press(self, key: str, phase: str = "") -> None:
        self.page.keyboard.press(key)
        if phase:
            self.wait(STATION, phase)

    def hold(self, key: str, seconds: float) -> None:
        self.page.keyboard.down(key)
        self.page.wait_for_timeout(1000 * seconds)
        self.page.keyboard.up(key)

    def go(self, selector: str) -> None:
        """Tab until a control has the focus."""
        for _ in range(FURTHEST):
            if self.page.evaluate("s => document.activeElement?.matches(s)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is never reached")

    def look(self, name: str) -> None:
        if self.pictures is not None:
            self.page.screenshot(path=self.pictures / f"{name}.png")

    def record(self, key: str = "s") -> str:
        """A take in which the hand goes somewhere; returns its id once it is reviewed."""
        self.wait(ENABLED, RECORD)
        self.press("r", "recording")
        self.hold(key, 0.6)
        self.press("r", "review")
        playback = self.page.wait_for_selector(".tl-record .camera .playback:not([hidden])")
        self.wait(ENABLED, KEEP)
        return (playback.get_attribute("data-take") if playback else "") or ""

    def keep(self, take: str, success: bool | None = None) -> None:
        if success is not None:
            self.press("t" if success else "f")
            name = "success" if success else "failed"
            self.page.wait_for_selector(f".tl-record .{name}[aria-pressed=true]")
        self.decide("Enter", "is kept.")
        self.kept[take] = success

    def decide(self, key: str, words: str) -> None:
        """And wait until the page says what became of it: each notice names its take."""
        before = self.page.evaluate(LAST_NOTICE)
        self.press(key)
        self.wait(f"{LAST_NOTICE} !== given", before)
        self.wait(f"{LAST_NOTICE}.includes(given)", words)
        self.wait(STATION, "ready")

    def rows(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.page.evaluate(ASK)}


def practise(operator: Operator) -> None:
    operator.press("p", "practising")
    operator.hold("w", 0.5)
    operator.look("practice")
    operator.press("p", "ready")


def another_task(operator: Operator) -> None:
    """The next one of the list, whose scene is set up."""
    operator.go("#record-task")
    before = operator.page.input_value("#record-instruction")
    operator.press("ArrowDown")
    operator.wait("document.querySelector('#record-instruction').value !== given", before)
    operator.press("Escape")
    operator.page.evaluate("document.activeElement.blur()")
    operator.look("another task")


def new_scene(operator: Operator) -> None:
    operator.press("x")
    operator.page.wait_for_timeout(300)
    operator.wait(ENABLED, RECORD)


def home(operator: Operator) -> None:
    operator.press("h")
    operator.page.wait_for_timeout(500)
    operator.wait(STATION, "ready")


def success_and_failure(operator: Operator) -> None:
    operator.keep(operator.record("d"), success=True)
    operator.keep(operator.record("a"), success=False)


def discard(operator: Operator) -> None:
    take = operator.record()
    operator.look("review")
    operator.decide("Backspace", "is in the bin.")
    operator.binned.add(take)
    operator.look("discarded")


def discard_and_take_back(operator: Operator) -> None:
    take = operator.record("w")
    operator.decide("Backspace", "is in the bin.")
    operator.decide("z", "is back.")
    operator.kept[take] = None


def undo_the_last(operator: Operator) -> None:
    take = operator.record("a")
    operator.keep(take)
    operator.wait(ENABLED, ".tl-record button.undo")
    operator.decide("u", "is in the bin.")
    del operator.kept[take]
    operator.binned.add(take)


def second_window(operator: Operator) -> None:
    """Somebody else takes the control, records, and it is taken back."""
    browser = operator.page.context.browser
    assert browser is not None
    page = browser.new_page(viewport=operator.page.viewport_size)
    page.goto(operator.page.url, wait_until="domcontentloaded")
    page.wait_for_selector(".tl-record .camera")
    other = Operator(page, operator.data, operator.pictures, operator.kept, operator.binned)
    other.press("c")
    other.wait(DRIVING)
    other.keep(other.record("w"))
    other.look("second window")
    operator.page.bring_to_front()
    operator.press("c")
    operator.wait(DRIVING)
    page.close()


def killed_station(operator: Operator) -> None:
    """In the middle of a take, of which the station keeps what there was; the task goes on."""
    operator.wait(ENABLED, RECORD)
    task = operator.page.input_value("#record-task")
    operator.press("r", "recording")
    operator.hold("s", 1.0)
    psutil.Process(read_endpoint(operator.data).pid).kill()
    remedy = ".tl-record .fault .remedy"
    operator.wait("document.querySelector(given)?.textContent === 'Start it again'", remedy)
    operator.look("station killed")
    operator.go(remedy)
    operator.press("Enter")
    operator.wait(STATION, "ready")
    operator.page.evaluate("document.activeElement.blur()")
    if not operator.page.evaluate(DRIVING):
        operator.press("c")
        operator.wait(DRIVING)
    operator.wait("document.querySelector('#record-task').value === given", task)
    operator.wait(ENABLED, RECORD)
    operator.look("station back")


ACTS: tuple[tuple[Callable[[Operator], None], int], ...] = (
    (practise, 0),
    (success_and_failure, 2),
    (discard, 1),
    (another_task, 0),
    (discard_and_take_back, 1),
    (new_scene, 0),
    (undo_the_last, 1),
    (second_window, 1),
    (killed_station, 1),
    (home, 0),
)
"""What a day brings, and how many takes are recorded in it."""


def measure(asked: Asked) -> Figures:
    """All acts, with plain takes before each."""
    plain = 0 if asked.quick else max(0, asked.takes - sum(takes for _, takes in ACTS))
    pictures = Path(asked.pictures) if asked.pictures else None
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    folders: list[Path] = []
    with chromium() as browser, serving(browser, "simulated", folders.append) as (page, _):
        began = time.monotonic()
        operator = Operator(page, folders[0], pictures)
        for number, (act, _) in enumerate(ACTS):
            for _ in range(plain * number // len(ACTS), plain * (number + 1) // len(ACTS)):
                operator.keep(operator.record("sd"[number % 2]))
            act(operator)
            say(f"{act.__name__.replace('_', ' ')}: {len(operator.kept)} takes are kept")
        return {**found(operator), "seconds": time.monotonic() - began}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Each take is where it was said to be."""
    return [
        Bar("takes that were kept and are not there", len(figures["lost"]), most=0),
        Bar("takes that were binned and are not", len(figures["not_binned"]), most=0),
        Bar("takes whose end is another than was said", len(figures["ended_otherwise"]), most=0),
        Bar("takes that nobody knows of", len(figures["unknown"]), most=0),
        Bar("takes of the killed station", figures["cut_off"], least=1, most=1),
        Bar("faults that check finds", len(figures["faults"]), most=0),
    ]


def found(operator: Operator) -> dict[str, Any]:
    """What the server lists, beside what the operator was told."""
    rows, told = operator.rows(), {*operator.kept, *operator.binned}
    others = [row for take, row in rows.items() if take not in told]
    cut_off = [row["id"] for row in others if row["interrupted"]]
    folders = [operator.data / TAKES / take for take in (*told, *cut_off)]
    kept = {take: rows[take] for take in operator.kept if take in rows}
    return {
        "takes": len(told) + len(cut_off),
        "lost": [take for take in operator.kept if take not in kept or kept[take]["deleted"]],
        "not_binned": [take for take in operator.binned if not rows.get(take, {}).get("deleted")],
        "ended_otherwise": [
            take for take, row in kept.items() if row["success"] != operator.kept[take]
        ],
        "unknown": [row["id"] for row in others if row["id"] not in cut_off],
        "cut_off": len(cut_off),
        "faults": [str(fault) for folder in folders for fault in check(folder)],
    }


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
