"""Opens a data set with LeRobot's own loader and tells, as JSON, what it gives. Run by the Python
of an environment that has LeRobot, with ``numbered_pictures`` on its path."""

import json
import sys
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np
from numbered_pictures import number_shown

QUANTILES = {"q01": 0.01, "q10": 0.1, "q50": 0.5, "q90": 0.9, "q99": 0.99}


def open_dataset(root: str, decoder: str, **how: Any) -> Any:
    module = import_module("lerobot.datasets.lerobot_dataset")
    return module.LeRobotDataset("local/exported", root=root, video_backend=decoder, **how)


def items_of(dataset: Any) -> list[dict[str, Any]]:
    return [dataset[index] for index in range(len(dataset))]


def number_in(image: Any) -> int:
    """Of a tensor (3, height, width), 0 … 1."""
    return number_shown(255 * np.moveaxis(np.asarray(image), 0, -1))


def told(dataset: Any, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each episode holds."""
    episodes = []
    for episode in range(dataset.meta.total_episodes):
        own = [item for item in items if int(item["episode_index"]) == episode]
        row = dataset.meta.episodes[episode]
        episodes.append(
            {
                "length": len(own),
                "rows": row["length"],
                "shown": {
                    key: [number_in(item[key]) for item in own] for key in dataset.meta.video_keys
                },
                "seconds_off": max(
                    abs(float(item["timestamp"]) - tick / dataset.fps)
                    for tick, item in enumerate(own)
                ),
                "video_s": [
                    row[f"videos/{key}/to_timestamp"] - row[f"videos/{key}/from_timestamp"]
                    for key in dataset.meta.video_keys
                ],
                "tasks": sorted({item["task"] for item in own}),
                "subtasks": [item["subtask"] for item in own if "subtask" in item],
                "stale": [int(np.asarray(item["stale"]).sum()) for item in own],
                "paraphrases": row["paraphrases"],
                "success": row["success"],
            }
        )
    return episodes


def stats_off(dataset: Any, items: list[dict[str, Any]]) -> dict[str, float]:
    """How far its statistics are from those of what it gives, as a share of each range."""
    off = {}
    for key in ("observation.state", "action", *dataset.meta.video_keys):
        rows = np.stack([np.asarray(item[key], np.float64) for item in items])
        if rows.ndim == 4:
            rows = np.moveaxis(rows, 1, -1).reshape(-1, 3)
        known = {name: np.ravel(value) for name, value in dataset.meta.stats[key].items()}
        width = np.maximum(np.ptp(rows, axis=0), 1e-6)
        found = {"min": rows.min(0), "max": rows.max(0), "mean": rows.mean(0), "std": rows.std(0)}
        found |= {name: quantile(rows, share) for name, share in QUANTILES.items()}
        apart = {name: np.abs(known[name] - value) / width for name, value in found.items()}
        off |= {f"{key} {name}": float(value.max()) for name, value in apart.items()}
    return off


def quantile(rows: np.ndarray, share: float) -> np.ndarray:
    """A value that is there, of each column (n, D): between two far apart, any would do."""
    return np.quantile(rows, share, axis=0, method="inverted_cdf")


def chunk_of(root: str, decoder: str, fps: int) -> dict[str, Any]:
    """Sixteen actions from each frame on, as policies are trained; the shape of one batch."""
    import torch

    ahead = {"action": [step / fps for step in range(16)]}
    dataset = open_dataset(root, decoder, delta_timestamps=ahead)
    loader = torch.utils.data.DataLoader(dataset, batch_size=8, collate_fn=collate(dataset))
    batch = next(iter(loader))
    return {name: list(batch[name].shape) for name in ("action", "action_is_pad")}


def collate(dataset: Any) -> Any:
    """Columns of language need LeRobot's own."""
    if not getattr(dataset.meta, "has_language_columns", False):
        return None
    return import_module("lerobot.utils.collate").lerobot_collate_fn


def missing(decoder: str) -> str:
    """Why it cannot decode here; empty: it can."""
    try:
        import_module("torchcodec.decoders" if decoder == "torchcodec" else "av")
    except (ImportError, OSError, RuntimeError):
        return f"{decoder} does not load here: it needs libraries of the system"
    return ""


def wording(items: list[dict[str, Any]]) -> list[list[Any]]:
    """The rows of language of the first item."""
    rows = items[0].get("language_persistent", [])
    return [[row["style"], row["content"], row["timestamp"]] for row in rows]


def main(root: str, decoder: str) -> None:
    if reason := missing(decoder):
        print(json.dumps({"skipped": reason}))
        return
    dataset = open_dataset(root, decoder)
    items = items_of(dataset)
    found = {
        "version": version("lerobot"),
        "frames": len(dataset),
        "fps": dataset.fps,
        "episodes": told(dataset, items),
        "stats_off": stats_off(dataset, items),
        "batch": chunk_of(root, decoder, dataset.fps),
        "wording": wording(items),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
