"""Opens our exports with robomimic's own loader and info script, trains on them for some steps, in
an environment of its own, and writes what it gave to ``results/robomimic.json``. Ends with 1 where
anything is not as it was recorded."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
DATASETS = HERE.parent / "datasets"
sys.path[:0] = [str(HERE), str(DATASETS), str(HERE.parents[1] / "src")]

from environments import ROBOMIMIC_0_3, NoPython, python_of  # noqa: E402
from numbered_takes import (  # noqa: E402
    NumberedTake,
    applied_gripper,
    applied_pose,
    joints_at,
    numbered_take,
)

from teachloop.datasets.action_targets import integrate  # noqa: E402
from teachloop.datasets.formats.robomimic.export import export_takes  # noqa: E402
from teachloop.datasets.formats.robomimic.options import RobomimicOptions  # noqa: E402
from teachloop.datasets.labels.edits import SetSuccess  # noqa: E402
from teachloop.geometry.kinematics import Kinematics  # noqa: E402
from teachloop.geometry.poses import pose_delta  # noqa: E402

RESULTS = HERE / "results" / "robomimic.json"
LOW_DIM = ("robot0_joint_pos", "robot0_eef_pos", "robot0_eef_quat", "robot0_gripper_width")
TAKES = {
    "one": NumberedTake(ticks=60, dropped={"front": {7, 8, 30}, "wrist": {59}}, missed={20, 21}),
    "two": NumberedTake(ticks=45, seed=1),
    "three": NumberedTake(ticks=133, seed=2, dropped={"wrist": set(range(50, 60))}),
}
MASKS = {"train": ["demo_0", "demo_1"], "valid": ["demo_2"], "success": ["demo_0"]}
NEAR = 1e-5  # radians
NEAR_M, NEAR_RAD = 1e-3, np.radians(0.1)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One export."""

    options: RobomimicOptions = field(default_factory=RobomimicOptions)
    cameras: Sequence[str] = ("front", "wrist")
    every: int = 1  # of the recorded ticks


CASES = {
    "as it comes": Case(),
    "one camera at another size and half the rate, compressed, without next pictures": Case(
        options=RobomimicOptions(
            rate_hz=10, cameras=("wrist",), size=(84, 84), compressed=True, next_pictures=False
        ),
        cameras=("wrist",),
        every=2,
    ),
}


def main() -> int:
    told = []
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        for name, how in TAKES.items():
            numbered_take(data, name, how, *([SetSuccess(True)] if name == "one" else []))
        for number, (name, case) in enumerate(CASES.items()):
            out = data / f"out{number}"
            export_takes(data, list(TAKES), case.options, out, lambda message, share: None)
            told.append({"case": name, "environment": ROBOMIMIC_0_3.name, **_opened(case, out)})
    RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for each in told:
        how = each.get("skipped") or "; ".join(each["wrong"]) or "as recorded"
        print(f"{each['environment']}: {each['case']}: {how}")
    return 1 if any(each["wrong"] for each in told) else 0


def _opened(case: Case, out: Path) -> dict[str, Any]:
    try:
        found = _check(python_of(ROBOMIMIC_0_3), case, out / "dataset.hdf5")
    except NoPython as error:
        return {"skipped": str(error), "wrong": []}
    except subprocess.CalledProcessError as error:
        return {"wrong": [f"it does not open: {(error.stderr or '')[-500:]}"]}
    metres, radians = _off(case, found)
    return {
        "robomimic": found["version"],
        "samples": found["samples"],
        "pictures_decoded": sum(
            len(rows)
            for demo in found["demos"]
            for name, rows in demo.items()
            if name.endswith("_image")
        ),
        "targets_off_m": metres,
        "targets_off_rad": radians,
        "scale": found["scale"],
        "losses": {name: [each[0], each[-1]] for name, each in found["losses"].items()},
        "wrong": [*_wrong_in_all(case, found, metres, radians), *_wrong_in_demos(case, found)],
    }


def _check(python: Path, case: Case, path: Path) -> dict[str, Any]:
    """What robomimic gives of a file. Raises CalledProcessError."""
    asked = {
        "low_dim": LOW_DIM,
        "pictures": [f"{camera}_image" for camera in case.cameras],
        "masks": list(MASKS),
        "next_pictures": case.options.next_pictures,
    }
    command = [str(python), str(HERE / "robomimic_check.py"), str(path), json.dumps(asked)]
    environment = {**os.environ, "PYTHONPATH": str(DATASETS)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _off(case: Case, found: dict[str, Any]) -> tuple[float, float]:
    """How far what the actions lead to is from what was applied, in metres and radians."""
    deltas = [
        pose_delta(
            integrate(
                Kinematics().forward(joints_at(how, 0)),
                (np.array(demo["actions"]) * found["scale"])[:, :6],
            ),
            np.array([applied_pose(how, tick) for tick in _applied(how, case)]),
        )
        for how, demo in zip(TAKES.values(), found["demos"], strict=True)
    ]
    lengths = np.linalg.norm(np.concatenate(deltas).reshape(-1, 2, 3), axis=-1)
    metres, radians = lengths.max(0).tolist()
    return metres, radians


def _applied(how: NumberedTake, case: Case) -> list[int]:
    """At each tick of a demo, the recorded one whose action was in force."""
    return [_newest(how.missed, tick) for tick in range(0, how.ticks, case.every)]


def _newest(lost: set[int], tick: int) -> int:
    return next(number for number in range(tick, -1, -1) if number not in lost)


def _expected_pictures(case: Case) -> set[str]:
    places = ("obs", "next_obs") if case.options.next_pictures else ("obs",)
    return {f"{place}/{camera}_image" for place in places for camera in case.cameras}


def _wrong_in_all(
    case: Case, found: dict[str, Any], metres: float, radians: float
) -> Iterator[str]:
    """What is not as it was recorded."""
    if metres > NEAR_M or radians > NEAR_RAD:
        yield f"the applied targets are off by {metres} m and {radians} rad"
    pictures = {name for name in found["demos"][0] if name.endswith("_image")}
    if pictures != _expected_pictures(case):
        yield f"there are the pictures {sorted(pictures)}"
    if found["masks"] != MASKS:
        yield f"the masks are {found['masks']}"
    if f"total transitions: {found['samples']}\n" not in found["said"]:
        yield "the info script counts other ticks"
    for name, losses in found["losses"].items():
        if not np.isfinite(losses).all():
            yield f"{name}: a loss is {losses}"
        if name.startswith("bc") and np.mean(losses[-5:]) >= np.mean(losses[:5]):
            yield f"{name}: the loss does not fall: {losses}"


def _wrong_in_demos(case: Case, found: dict[str, Any]) -> Iterator[str]:
    for (name, how), demo in zip(TAKES.items(), found["demos"], strict=True):
        ticks = list(range(0, how.ticks, case.every))
        after = [*ticks[1:], ticks[-1]]
        for place, those in (("obs", ticks), ("next_obs", after)):
            measured = [joints_at(how, _newest(how.missed, tick)) for tick in those]
            if not np.allclose(demo[f"{place}/robot0_joint_pos"], measured, atol=NEAR):
                yield f"the joints of {name} in {place} are off"
            for camera in case.cameras:
                expected = [_newest(how.dropped.get(camera, set()), tick) for tick in those]
                if demo.get(f"{place}/{camera}_image", expected) != expected:
                    yield f"the pictures of {camera} in {name} in {place} are not in order"
        grippers = [1.0 - 2.0 * applied_gripper(tick) for tick in _applied(how, case)]
        if [row[6] for row in demo["actions"]] != grippers:
            yield f"the gripper of {name} is not where it was"
        if demo["rewards"] != [float(tick == ticks[-1] and name == "one") for tick in ticks]:
            yield f"the rewards of {name} are {demo['rewards']}"


if __name__ == "__main__":
    sys.exit(main())
