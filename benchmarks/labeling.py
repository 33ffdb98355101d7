"""How well two clicks a camera and take label whole demonstrations, and what that costs.

    python benchmarks/labeling.py [--takes 10] [--seed 1] [--keep FOLDER]

Records takes of the scripted expert, lets the simulated annotator click (the truth places its
clicks and is used for nothing else), labels them as `teachloop demo` does, and compares with
the simulator's masks on every frame in which 50 pixels or more are visible.
"""

import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from frame import Bar, Figures, Options, run, say
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "labeler"))

from simulated_accuracy import accuracy, iou
from simulated_takes import SimulatedTake, record, scene_of

from teachloop.datasets.labels.labels import Labels
from teachloop.labeler.annotator import annotate, click_inside
from teachloop.labeler.batch import label_take
from teachloop.labeler.segmenters.classical.segmenter import ClassicalSegmenter
from teachloop.labeler.segmenters.interface import Prompts
from teachloop.simulation.language import HOLDING
from teachloop.simulation.tasks import VERBS
from teachloop.simulation.world import World

CAMERAS = ("front", "wrist")


def label(take: SimulatedTake, seed: int) -> dict[str, Any]:
    """Label a take from two clicks a camera; intersection over union and CPU seconds."""
    shutil.rmtree(take.folder / "labels", ignore_errors=True)
    rng = np.random.default_rng([seed, 5])
    clicks = {camera: annotate(masks, rng) for camera, masks in take.truth.items()}
    start = time.process_time()
    report = label_take(
        take.folder,
        clicks=clicks,
        object_name=take.target,
        use_grasp=take.scene.task.verb in HOLDING,
    )
    spent_s = time.process_time() - start
    snapshot = Labels.open(take.folder).snapshot
    ious = {camera: accuracy(take, snapshot, camera) for camera in CAMERAS}
    frames = sum(len(masks) for masks in take.truth.values())
    return {"ious": ious, "cpu_s": spent_s, "frames": frames, "confidence": report.mean_confidence}


def summary(verb: str, labelled: list[dict[str, Any]]) -> dict[str, Any]:
    """One row for each verb."""
    row: dict[str, Any] = {"verb": verb, "takes": len(labelled)}
    for camera in CAMERAS:
        means = [float(one["ious"][camera].mean()) for one in labelled]
        row[f"{camera}_iou"] = round(float(np.mean(means)), 3)
        row[f"{camera}_iou_worst_take"] = round(min(means), 3)
    per_frame = [one["cpu_s"] / one["frames"] for one in labelled]
    row["cpu_s_per_150_ticks"] = round(300 * float(np.median(per_frame)), 2)
    row["confidence"] = round(float(np.mean([one["confidence"] for one in labelled])), 3)
    return row


def clicks(size: tuple[int, int], seeds: range) -> dict[str, Any]:
    """One jittered click on each object of fresh scenes, front camera of that size."""
    spent_ms, found = [], []
    for seed in seeds:
        with World(scene_of("pick", seed)) as world:
            image = world.render("front", *size)
            masks = world.instance_masks("front", *size)
        names = [item.name for item in world.scene.objects if masks[item.name].sum() >= 50]
        for name in names:
            prompts = Prompts((click_inside(masks[name], np.random.default_rng(seed)),))
            start = time.process_time()
            mask = _click(image, prompts)
            spent_ms.append(1000 * (time.process_time() - start))
            found.append(iou(mask, masks[name]))
    return {
        "size": list(size),
        "clicks": len(found),
        "iou": round(float(np.mean(found)), 3),
        "share_above_0.85": round(float((np.array(found) > 0.85).mean()), 3),
        "cpu_ms_p50_p95": np.percentile(spent_ms, [50, 95]).round(1).tolist(),
    }


def _click(image: NDArray[np.uint8], prompts: Prompts) -> NDArray[np.bool_]:
    segmenter = ClassicalSegmenter()
    segmenter.set_image(image)
    return segmenter.segment(prompts).mask


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    takes: int = 10
    """Takes of each task."""
    keep: Path | None = None
    """Leave the takes in this folder."""


def measure(asked: Asked) -> Figures:
    """A row for each task, and single clicks; a quick run labels one take of one task."""
    first = 100 * asked.seed
    seeds = range(first, first + (1 if asked.quick else asked.takes))
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as temporary:
        for verb in VERBS[:1] if asked.quick else VERBS:
            labelled = []
            for seed in seeds:
                folder = (asked.keep or Path(temporary)) / f"{verb}-{seed}"
                labelled.append(label(record(folder, scene_of(verb, seed), seed), seed))
            rows.append(summary(verb, labelled))
            say(rows[-1])
    clicked = [clicks(size, seeds) for size in ((256, 256), (640, 480))]
    return {"labels": rows, "clicks": clicked}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """The seed asks for masks that fit; what the back end reaches in simulation is 0.98."""
    ious = [row[f"{camera}_iou"] for row in figures["labels"] for camera in CAMERAS]
    return [Bar("mean IoU, worst task and camera", min(ious), least=0.9)]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
