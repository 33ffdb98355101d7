"""Opens our exports with LeRobot's own loader, in environments of its own, and writes what it gave
to ``results/lerobot.json``. Ends with 1 where anything is not as it was recorded."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
DATASETS = HERE.parent / "datasets"
sys.path[:0] = [str(HERE), str(DATASETS), str(HERE.parents[1] / "src")]

from environments import LEROBOT_0_4, LEROBOT_0_6, Environment, NoPython, python_of  # noqa: E402
from lerobot_training import STEPS, train  # noqa: E402
from numbered_pictures import HEIGHT, WIDTH  # noqa: E402
from numbered_takes import START_NS, NumberedTake, numbered_take  # noqa: E402

from teachloop.datasets.formats.lerobot.assembly import Limits  # noqa: E402
from teachloop.datasets.formats.lerobot.export import export_takes  # noqa: E402
from teachloop.datasets.formats.lerobot.options import LeRobotOptions  # noqa: E402
from teachloop.datasets.labels.edits import (  # noqa: E402
    SetMask,
    SetParaphrases,
    SetSegments,
    SetSuccess,
)
from teachloop.datasets.labels.label_values import ObjectLabel, Segment  # noqa: E402
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode  # noqa: E402
from teachloop.datasets.labels.object_edits import SetObjects  # noqa: E402

RESULTS = HERE / "results" / "lerobot.json"
BOTH = (LEROBOT_0_4, LEROBOT_0_6)
DECODERS = {LEROBOT_0_4.name: ("pyav",), LEROBOT_0_6.name: ("pyav", "torchcodec")}
TICK_NS = 50_000_000
TAKES = {
    "one": NumberedTake(ticks=60, dropped={"front": {7, 8, 30}, "wrist": {59}}, missed={20, 21}),
    "two": NumberedTake(ticks=45, seed=1),
    "three": NumberedTake(ticks=133, seed=2, dropped={"wrist": set(range(50, 60))}),
}
SPANS = (("reach", 5, 20), ("lift", 20, 40))
EXACT, NEAR = 1e-6, 0.03  # shares of the range that figures may be off
BINNED = 1 / 4000  # … quantiles of numbers
ENDS = 0.25  # … of the darkest and the brightest pixel of all, which encoding changes most


@dataclass(frozen=True, kw_only=True)
class Case:
    """One export, and which versions open it."""

    options: LeRobotOptions = field(default_factory=LeRobotOptions)
    limits: Limits = field(default_factory=Limits)
    environments: Sequence[Environment] = BOTH
    cameras: Sequence[str] = ("front", "wrist")
    actions: int = 10
    every: int = 1  # of the recorded ticks
    wordings: list[list[Any]] = field(default_factory=list)


CASES = {
    "poses": Case(),
    "deltas, one camera at another size and half the rate": Case(
        options=LeRobotOptions(actions="deltas", rate_hz=10, cameras=("wrist",), size=(96, 128)),
        cameras=("wrist",),
        actions=7,
        every=2,
    ),
    "joints, each take in files of its own": Case(
        options=LeRobotOptions(actions="joints"), limits=Limits(data_mb=0, video_mb=0), actions=8
    ),
    "columns of language": Case(
        options=LeRobotOptions(language_columns=True),
        environments=(LEROBOT_0_6,),
        wordings=[
            *(["task_aug", text, 0.0] for text in ("hebe den roten Würfel 赤い立方体", "take it")),
            *(["subtask", "reach", 0.25], ["subtask", "lift", 1.0], ["subtask", "", 2.0]),
        ],
    ),
}


def main() -> int:
    told = []
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        _record(data)
        for number, (name, case) in enumerate(CASES.items()):
            out = data / f"out{number}"
            export_takes(data, list(TAKES), case.options, out, _quiet, case.limits)
            told += [
                _opened(name, case, each, decoder, out)
                for each in case.environments
                for decoder in DECODERS[each.name]
            ]
        told += [_trained(each, data / "out0", data / each.name) for each in BOTH]
    RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    failed = [each for each in told if each["wrong"]]
    for each in told:
        how = each.get("skipped") or "; ".join(each["wrong"]) or "as recorded"
        print(f"{each['environment']}, {each['decoder']}: {each['case']}: {how}")
    return 1 if failed else 0


def _quiet(message: str, share: float) -> None:
    """Nobody waits."""


def _record(data: Path) -> None:
    spans = [
        Segment(START_NS + first * TICK_NS, START_NS + last * TICK_NS, text)
        for text, first, last in SPANS
    ]
    mask = MaskRecord(rle=encode(np.eye(HEIGHT, WIDTH)), source=MaskSource.HUMAN)
    said = (
        *(SetSegments(tuple(spans)), SetParaphrases(("take it",)), SetSuccess(True)),
        *(SetObjects((ObjectLabel("cube", True),)), SetMask("front", 3, "cube", mask)),
    )
    for name, how in TAKES.items():
        numbered_take(data, name, how, *(said if name == "one" else ()))


def _opened(
    name: str, case: Case, environment: Environment, decoder: str, out: Path
) -> dict[str, Any]:
    told: dict[str, Any] = {"case": name, "environment": environment.name, "decoder": decoder}
    try:
        found = _check(python_of(environment), out, decoder)
    except NoPython as error:
        return {**told, "skipped": str(error), "wrong": []}
    except subprocess.CalledProcessError as error:
        return {**told, "wrong": [f"it does not open: {(error.stderr or '')[-500:]}"]}
    if "skipped" in found:
        return {**told, **found, "wrong": []}
    off = found["stats_off"]
    return {
        **told,
        "lerobot": found["version"],
        "frames": found["frames"],
        "pictures_decoded": _pictures(found["episodes"]),
        "seconds_off": max(each["seconds_off"] for each in found["episodes"]),
        "figures_of_numbers_off": max(_of(off, numbers=True).values()),
        "figures_of_pictures_off": max(_of(off, numbers=False).values()),
        "batch": found["batch"],
        "wrong": list(_wrong(case, found)),
    }


def _trained(environment: Environment, out: Path, folder: Path) -> dict[str, Any]:
    told = {"case": f"ACT, {STEPS} steps", "environment": environment.name, "decoder": "pyav"}
    try:
        done = train(python_of(environment), out, folder)
    except NoPython as error:
        return {**told, "skipped": str(error), "wrong": []}
    except subprocess.CalledProcessError as error:
        return {**told, "wrong": [f"there is no environment: {(error.stderr or '')[-500:]}"]}
    wrong = [] if done.learns else [done.failed or f"the loss does not fall: {done.losses}"]
    losses = {"first": done.losses[0], "last": done.losses[-1]} if done.losses else {}
    return {**told, "loss": losses, "wrong": wrong}


def _pictures(episodes: list[dict[str, Any]]) -> int:
    return sum(len(shown) for each in episodes for shown in each["shown"].values())


def _check(python: Path, out: Path, decoder: str) -> dict[str, Any]:
    """What LeRobot gives of a data set. Raises CalledProcessError."""
    command = [str(python), str(HERE / "lerobot_check.py"), str(out), decoder]
    environment = {**os.environ, "PYTHONPATH": str(DATASETS), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _of(off: dict[str, float], numbers: bool) -> dict[str, float]:
    return {name: value for name, value in off.items() if ("images" not in name) == numbers}


def _wrong(case: Case, found: dict[str, Any]) -> list[str]:
    """What is not as it was recorded."""
    wrong = []
    for (name, how), episode in zip(TAKES.items(), found["episodes"], strict=True):
        ticks = range(0, how.ticks, case.every)
        if not episode["length"] == episode["rows"] == len(ticks):
            wrong.append(f"{name} has {episode['length']} frames")
        for camera in case.cameras:
            expected = [_newest(how.dropped.get(camera, set()), tick) for tick in ticks]
            if episode["shown"][f"observation.images.{camera}"] != expected:
                wrong.append(f"the pictures of {camera} in {name} are not in order")
        if episode["seconds_off"] > 1e-4:
            wrong.append(f"the times of {name} are off")
        seconds = len(ticks) / found["fps"]
        if any(abs(each - seconds) > 1e-9 for each in episode["video_s"]):
            wrong.append(f"the videos of {name} are not {seconds} s long")
        if episode["subtasks"] and episode["subtasks"] != _expected_subtasks(name, ticks):
            wrong.append(f"the sub-tasks of {name} are not in their place")
    return [*wrong, *_wrong_in_all(case, found)]


def _newest(dropped: set[int], tick: int) -> int:
    return next(number for number in range(tick, -1, -1) if number not in dropped)


def _expected_subtasks(name: str, ticks: range) -> list[str]:
    spans = SPANS if name == "one" else ()
    return [
        next((text for text, first, last in spans if first <= tick < last), "") for tick in ticks
    ]


def _wrong_in_all(case: Case, found: dict[str, Any]) -> list[str]:
    wrong = []
    first = found["episodes"][0]
    if (first["success"], first["paraphrases"]) != (True, ["take it"]):
        wrong.append("what is said of a take is not there")
    for name, value in found["stats_off"].items():
        kind = name.split()[-1]
        quantile = kind.startswith("q")
        allowed = BINNED if quantile else EXACT
        if "images" in name:
            allowed = ENDS if kind in ("min", "max") else NEAR
        if value > allowed:
            wrong.append(f"{name} is off by {value:.4f} of the range")
    if found["batch"] != {"action": [8, 16, case.actions], "action_is_pad": [8, 16]}:
        wrong.append(f"a batch is {found['batch']}")
    if found["wording"] != case.wordings:
        wrong.append(f"the columns of language say {found['wording']}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
