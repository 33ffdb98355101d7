"""LeRobot's own loader, for benchmarks/loading.py; run by a Python that has lerobot.

Writes the frames of a folder into datasets as LeRobot comes (video), one for each number of
cameras. Then answers requests, a line of JSON each: how long drawing these samples took.
"""

# pyright: reportMissingImports=false

import ctypes
import importlib.metadata
import inspect
import json
import site
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import torch
from lerobot.datasets.lerobot_dataset import LeRobotDataset
from torchvision.transforms import v2

FOLDER = Path(sys.argv[1])
SETTINGS = json.loads((FOLDER / "settings.json").read_text())
NAME = importlib.metadata.version("lerobot")
BACKENDS = ("torchcodec", "pyav")  # the faster first


def main() -> None:
    torch.set_num_threads(SETTINGS["threads"])
    preload_npp()
    for count in SETTINGS["counts"]:
        write(count)
    backend = working_backend()
    answer(backend=backend)
    for line in sys.stdin:
        answer(**draw(backend, **json.loads(line)))


def answer(**values: float | str) -> None:
    sys.stdout.write("answer " + json.dumps(values) + "\n")
    sys.stdout.flush()


def preload_npp() -> None:
    """torchcodec's CUDA build wants this library, and torch does not load it."""
    for folder in site.getsitepackages():
        for name in ("libnppc.so*", "libnppicc.so*"):
            for path in Path(folder).glob(f"nvidia/*/lib/{name}"):
                ctypes.CDLL(str(path), ctypes.RTLD_GLOBAL)


def root_of(count: int) -> Path:
    return FOLDER / f"lerobot-{NAME}-{count}"


def keys(count: int) -> list[str]:
    return [f"observation.images.{name}" for name in SETTINGS["cameras"][:count]]


def write(count: int) -> None:
    frames = np.load(FOLDER / "frames.npy", mmap_mode="r")  # (ticks, cameras, h, w, 3)
    streams = np.load(FOLDER / "streams.npz")
    state, action = streams["state"], streams["action"]
    image = {"dtype": "video", "shape": frames.shape[2:], "names": ["height", "width", "channels"]}
    features = dict.fromkeys(keys(count), image)
    for name, values in (("observation.state", state), ("action", action)):
        features[name] = {"dtype": "float32", "shape": values.shape[1:], "names": None}
    made = LeRobotDataset.create("a/b", SETTINGS["fps"], features, root=root_of(count))
    for tick in range(len(frames)):
        views = {key: frames[tick, i] for i, key in enumerate(keys(count))}
        rows = {"observation.state": state[tick], "action": action[tick], "task": "push it"}
        made.add_frame({**views, **rows})
    made.save_episode()
    made.finalize()


def working_backend() -> str:
    """The first video decoder that LeRobot can use here."""
    for backend in BACKENDS:
        try:
            opened(backend, SETTINGS["counts"][0], 64)[0]
            return backend
        except (ImportError, RuntimeError, OSError, ValueError) as error:
            sys.stderr.write(f"{backend}: {str(error).splitlines()[0]}\n")
    sys.exit("no video decoder works")


@cache
def opened(backend: str, count: int, side: int) -> LeRobotDataset:
    ahead = [step / SETTINGS["fps"] for step in range(SETTINGS["chunk"])]
    known = inspect.signature(LeRobotDataset.__init__).parameters
    # bytes, not floats, where a version can: that is less work
    fewer = {"return_uint8": True} if "return_uint8" in known else {}
    return LeRobotDataset(
        "a/b",
        root=root_of(count),
        delta_timestamps={"action": ahead},
        image_transforms=v2.Resize((side, side), antialias=True),
        video_backend=backend,
        **fewer,
    )


def draw(backend: str, count: int, side: int, rows: list[int]) -> dict[str, float]:
    """What it took by the clock, and of the processor."""
    dataset = opened(backend, count, side)
    require_whole(dataset[rows[0]], count, side)
    wall, cpu = time.perf_counter(), time.process_time()
    for row in rows:
        dataset[row]
    return {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}


def require_whole(sample: Mapping[str, torch.Tensor], count: int, side: int) -> None:
    assert all(sample[key].shape == (3, side, side) for key in keys(count))
    assert sample["action"].shape[0] == SETTINGS["chunk"]


if __name__ == "__main__":
    main()
