"""Opens our exports with Rerun's own reader, in an environment of its own, and writes what it made
of them to ``results/mcap.json``. Ends with 1 where anything is not as it was recorded."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
DATASETS = HERE.parent / "datasets"
sys.path[:0] = [str(HERE), str(DATASETS), str(HERE.parents[1] / "src")]

from environments import RERUN_0_41, NoPython, python_of  # noqa: E402
from full_takes import full_take  # noqa: E402
from numbered_takes import NumberedTake, numbered_take  # noqa: E402

from teachloop.datasets.formats.mcap.clock import clock_of  # noqa: E402
from teachloop.datasets.formats.mcap.export import export_takes  # noqa: E402
from teachloop.datasets.formats.mcap.options import McapOptions  # noqa: E402
from teachloop.datasets.takes.reader import Take  # noqa: E402
from teachloop.datasets.takes.take_folder import find_take  # noqa: E402

RESULTS = HERE / "results" / "mcap.json"
TAKES = {
    "one": NumberedTake(ticks=60, dropped={"front": {7, 8, 30}, "wrist": {59}}, missed={20, 21}),
    "two": NumberedTake(ticks=45, seed=1, gripper=None),
}
NEAR_M = 1e-6  # Rerun keeps places as float32
KINDS = {
    "image": "EncodedImage",
    "depth": "Image",
    "calibration": "Pinhole",
}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        takes = [numbered_take(data, name, how) for name, how in TAKES.items()]
        takes.append(full_take(data))
        export_takes(data, takes, McapOptions(), data / "out", lambda message, share: None)
        told = [{"environment": RERUN_0_41.name, **each} for each in _opened(data, takes)]
    RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for each in told:
        how = each.get("skipped") or "; ".join(each["wrong"]) or "as recorded"
        print(f"{each['environment']}: {each['take']}: {how}")
    return 1 if any(each["wrong"] for each in told) else 0


def _opened(data: Path, takes: list[str]) -> Iterator[dict[str, Any]]:
    try:
        found = _check(python_of(RERUN_0_41), [data / "out" / f"{take}.mcap" for take in takes])
    except NoPython as error:
        yield {"take": "all", "skipped": str(error), "wrong": []}
        return
    except subprocess.CalledProcessError as error:
        yield {"take": "all", "wrong": [f"it does not open: {(error.stderr or '')[-500:]}"]}
        return
    for take_id, entities in zip(takes, found["files"], strict=True):
        with Take.open(find_take(data, take_id)) as take:
            yield {
                "take": take_id,
                "rerun": found["version"],
                "rows": {name: len(each["times_ns"]) for name, each in sorted(entities.items())},
                "wrong": [*_wrong_pictures(take, entities), *_wrong_motion(take, entities)],
            }


def _check(python: Path, paths: list[Path]) -> dict[str, Any]:
    """What Rerun makes of files. Raises CalledProcessError."""
    command = [str(python), str(HERE / "mcap_check.py"), *map(str, paths)]
    environment = {**os.environ, "PYTHONPATH": str(DATASETS)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _wrong_pictures(take: Take, entities: dict[str, Any]) -> Iterator[str]:
    """What of the cameras is not as it was recorded."""
    offset_ns = clock_of(take.info).offset_ns
    for camera, frames in take.frames.items():
        images = entities[f"/cameras/{camera}/image"]
        if images["EncodedImage:blob"] != frames.number.tolist():
            yield f"the pictures of {camera} are not in order"
        if images["times_ns"] != (frames.time_ns + offset_ns).tolist():
            yield f"the pictures of {camera} were at other times"
    for camera, depths in take.depths.items():
        sums = [int(take.depth_image(camera, n).sum(dtype=np.int64)) for n in range(len(depths))]
        if entities[f"/cameras/{camera}/depth"]["Image:buffer"] != sums:
            yield f"the depth of {camera} is another"
    for name, each in entities.items():
        kind = KINDS.get(name.rsplit("/", 1)[-1])
        if kind and kind not in each["kinds"]:
            yield f"{name} is to Rerun {each['kinds']}"


def _wrong_motion(take: Take, entities: dict[str, Any]) -> Iterator[str]:
    """What of the robot is not as it was recorded, and of what was said."""
    for name, poses in (("/tf", take.robot.ee_pose), ("/actions/tf", take.actions.applied_pose)):
        found = np.array(entities[name]["Transform3D:translation"])
        if found.shape != poses[:, :3, 3].shape or np.abs(found - poses[:, :3, 3]).max() > NEAR_M:
            yield f"{name} leads elsewhere"
    rows = {"/robot/joint_states": take.robot.time_ns, "/actions": take.actions.time_ns}
    for name, times_ns in rows.items():
        if len(entities[name]["times_ns"]) != len(times_ns):
            yield f"{name} has {len(entities[name]['times_ns'])} rows of {len(times_ns)}"
    if entities["/instruction"]["TextLog:text"] != [take.info.instruction]:
        yield "the instruction is another"


if __name__ == "__main__":
    sys.exit(main())
