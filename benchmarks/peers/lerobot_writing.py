"""LeRobot's own writer, for benchmarks/export.py and record.py; run by a Python that has lerobot.

Writes the takes of a folder as one data set, as LeRobot comes or with its streaming encoder, and
says how long that took by the clock and of the processor, after what it imports.
"""

# pyright: reportMissingImports=false

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
from lerobot.datasets.lerobot_dataset import LeRobotDataset

FOLDER, ROOT, STREAMING = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "streaming"
SETTINGS = json.loads((FOLDER / "settings.json").read_text())
IMAGE = "observation.images.front"


def main() -> None:
    frames = np.load(FOLDER / "frames.npy", mmap_mode="r")  # (different takes, ticks, h, w, 3)
    streams = np.load(FOLDER / "streams.npz")
    numbers = {name: streams[name] for name in ("observation.state", "action")}
    began, spent = time.perf_counter(), spent_s()
    shape = frames.shape[2:]
    features = {IMAGE: {"dtype": "video", "shape": shape, "names": ["height", "width", "channels"]}}
    for name, values in numbers.items():
        features[name] = {"dtype": "float32", "shape": values.shape[1:], "names": None}
    made = LeRobotDataset.create(
        "a/b", SETTINGS["fps"], features, root=ROOT, streaming_encoding=STREAMING
    )
    for take in range(SETTINGS["takes"]):
        for tick, image in enumerate(frames[take % len(frames)]):
            rows = {name: values[tick] for name, values in numbers.items()}
            made.add_frame({IMAGE: np.asarray(image), **rows, "task": "push it"})
        made.save_episode()
    made.finalize()
    answer = {"seconds": time.perf_counter() - began, "cpu_s": spent_s() - spent}
    sys.stdout.write("answer " + json.dumps(answer) + "\n")


def spent_s() -> float:
    """Of the processor, by this process and those of its children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
