"""LeRobotDatasets as others have them: in the layout of v2.1, with names of their own."""

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
from numbered_pictures import HEIGHT, WIDTH, picture
from PIL import Image

from teachloop.datasets.formats.lerobot.video import VideoWriter

FPS = 10
STEPS = 15
TASK = "open the drawer"
KEY = "observation.images.top"


def write_v21(
    root: Path,
    columns: Mapping[str, np.ndarray],
    *,
    episodes: int = 1,
    robot: str = "franka",
    version: str = "v2.1",
    stored: bool = False,
    camera: Sequence[int] = (HEIGHT, WIDTH),
) -> Path:
    """Each episode with the same columns (STEPS, n). ``stored``: pictures lie in the table."""
    for episode in range(episodes):
        table = dict(_table(columns, episode))
        if stored:
            shown = [picture(step, "top", (camera[0], camera[1])) for step in range(STEPS)]
            table[KEY] = pa.array([{"bytes": _png(each), "path": None} for each in shown])
        else:
            _video(root, episode, (camera[0], camera[1]))
        path = root / f"data/chunk-000/episode_{episode:06d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(pa.table(table), path)
    _meta(root, columns, episodes, robot, version, stored, camera)
    return root


def _table(columns: Mapping[str, np.ndarray], episode: int) -> Mapping[str, Any]:
    lists = {name: pa.array(rows.astype(np.float32).tolist()) for name, rows in columns.items()}
    return {
        **lists,
        "timestamp": pa.array((np.arange(STEPS) / FPS).astype(np.float32)),
        "frame_index": pa.array(range(STEPS)),
        "episode_index": pa.array([episode] * STEPS),
        "index": pa.array(range(episode * STEPS, (episode + 1) * STEPS)),
        "task_index": pa.array([0] * STEPS),
    }


def _png(pixels: np.ndarray) -> bytes:
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG")
    return content.getvalue()


def _video(root: Path, episode: int, size: tuple[int, int]) -> None:
    path = root / f"videos/chunk-000/{KEY}/episode_{episode:06d}.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    with VideoWriter(path, size, FPS) as video:
        for step in range(STEPS):
            video.add(picture(step + 20 * episode, "top", size))


def _meta(
    root: Path,
    columns: Mapping[str, np.ndarray],
    episodes: int,
    robot: str,
    version: str,
    stored: bool,
    camera: Sequence[int],
) -> None:
    numbers = {
        name: {"dtype": "float32", "shape": [rows.shape[1]], "names": {"motors": ["a"]}}
        for name, rows in columns.items()
    }
    top = {
        "dtype": "image" if stored else "video",
        "shape": [*camera, 3],
        "names": ["height", "width", "channel"],
    }
    info = {
        "codebase_version": version,
        "robot_type": robot,
        "fps": FPS,
        "chunks_size": 1000,
        "total_episodes": episodes,
        "features": {**numbers, KEY: top},
    }
    meta = root / "meta"
    meta.mkdir(parents=True, exist_ok=True)
    (meta / "info.json").write_text(json.dumps(info))
    rows = [{"episode_index": at, "tasks": [TASK], "length": STEPS} for at in range(episodes)]
    (meta / "episodes.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (meta / "tasks.jsonl").write_text(json.dumps({"task_index": 0, "task": TASK}))
