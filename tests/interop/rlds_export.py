"""Opens our exports with TensorFlow Datasets, the newest and the version that OpenVLA asks for, in
environments of their own, and writes what it gave to ``results/rlds.json``. Ends with 1 where
anything is not as it was recorded."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
DATASETS = HERE.parent / "datasets"
sys.path[:0] = [str(HERE), str(DATASETS), str(HERE.parents[1] / "src")]

from environments import OPENVLA_TFDS, TFDS_4_9, Environment, NoPython, python_of  # noqa: E402
from numbered_pictures import HEIGHT, WIDTH  # noqa: E402
from numbered_takes import START_NS, numbered_take  # noqa: E402
from rlds_cases import CASES, MASKED, OTHER_WORDS, SPAN, TAKES, Case  # noqa: E402
from rlds_findings import episodes, off, wrong  # noqa: E402

from teachloop.datasets.formats.rlds.export import export_takes  # noqa: E402
from teachloop.datasets.labels.edits import (  # noqa: E402
    SetMask,
    SetParaphrases,
    SetSegments,
    SetSuccess,
)
from teachloop.datasets.labels.label_values import ObjectLabel, Segment  # noqa: E402
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode  # noqa: E402
from teachloop.datasets.labels.object_edits import SetObjects  # noqa: E402

RESULTS = HERE / "results" / "rlds.json"
TICK_NS = 50_000_000


def main() -> int:
    told = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, case) in enumerate(CASES.items()):
            data = Path(folder) / str(number)
            _record(data, case)
            out = data / "out"
            export_takes(data, list(TAKES), case.options, out, _quiet, case.shard_bytes)
            for each in (OPENVLA_TFDS, TFDS_4_9):
                told.append({"case": name, "environment": each.name, **_opened(each, case, out)})
    RESULTS.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for each in told:
        how = each.get("skipped") or "; ".join(each["wrong"]) or "as recorded"
        print(f"{each['environment']}: {each['case']}: {how}")
    return 1 if any(each["wrong"] for each in told) else 0


def _quiet(message: str, share: float) -> None:
    pass


def _record(data: Path, case: Case) -> None:
    text, first, last = SPAN
    span = Segment(START_NS + first * TICK_NS, START_NS + last * TICK_NS, text)
    mask = MaskRecord(rle=encode(np.eye(HEIGHT, WIDTH)), source=MaskSource.HUMAN)
    edits = (
        *(SetSuccess(True), SetParaphrases(OTHER_WORDS), SetSegments((span,))),
        *(SetObjects((ObjectLabel("cube", True),)), SetMask("wrist", MASKED, "cube", mask)),
    )
    for name in TAKES:
        numbered_take(data, name, case.take(name), *(edits if name == "one" else ()))


def _opened(environment: Environment, case: Case, out: Path) -> dict[str, Any]:
    try:
        found = _check(python_of(environment), case, out)
    except NoPython as error:
        return {"skipped": str(error), "wrong": []}
    except subprocess.CalledProcessError as error:
        return {"wrong": [f"it does not open: {(error.stderr or '')[-500:]}"]}
    metres, radians = off(case, found)
    return {
        "tensorflow": found["tensorflow"],
        "tensorflow_datasets": found["tensorflow_datasets"],
        "steps": sum(len(steps["action"]) for _, steps in episodes(found)),
        "pictures_decoded": sum(
            len(steps[f"observation/{key}"])
            for _, steps in episodes(found)
            for key in case.cameras.values()
        ),
        "targets_off_m": metres,
        "targets_off_rad": radians,
        "wrong": wrong(case, found),
    }


def _check(python: Path, case: Case, out: Path) -> dict[str, Any]:
    """What TensorFlow Datasets gives of a folder. Raises CalledProcessError."""
    command = [str(python), str(HERE / "rlds_check.py"), str(out), case.options.name]
    environment = {**os.environ, "PYTHONPATH": str(DATASETS), "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
