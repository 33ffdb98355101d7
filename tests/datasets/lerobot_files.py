"""Reads a LeRobotDataset v3.0 as its description says, by pyarrow and PyAV alone."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import av
import numpy as np
import pandas
import pyarrow.parquet as parquet
from numbered_pictures import number_shown


@dataclass(frozen=True)
class LeRobotFiles:
    """A data set's folder."""

    root: Path

    @cached_property
    def info(self) -> dict[str, Any]:
        return json.loads((self.root / "meta/info.json").read_text("utf-8"))

    @cached_property
    def stats(self) -> dict[str, Any]:
        return json.loads((self.root / "meta/stats.json").read_text("utf-8"))

    @cached_property
    def episodes(self) -> list[dict[str, Any]]:
        return _rows(sorted((self.root / "meta/episodes").glob("*/*.parquet")))

    @cached_property
    def frames(self) -> list[dict[str, Any]]:
        return _rows(sorted((self.root / "data").glob("*/*.parquet")))

    def texts(self, name: str) -> list[str]:
        """Of the tasks or sub-tasks, by their number."""
        table = pandas.read_parquet(self.root / f"meta/{name}.parquet")
        assert table.iloc[:, 0].tolist() == list(range(len(table)))
        return table.index.tolist()

    def column(self, name: str, episode: int | None = None) -> np.ndarray:
        rows = [
            row[name] for row in self.frames if episode is None or row["episode_index"] == episode
        ]
        return np.array(rows)

    def shown(self, camera: str, episode: int) -> list[int]:
        """The numbers in the pictures of an episode, each looked up by its time."""
        return [number_shown(image) for image in self.images(camera, episode)]

    def images(self, camera: str, episode: int) -> list[np.ndarray]:
        row, key = self.episodes[episode], f"observation.images.{camera}"
        path = self.info["video_path"].format(
            video_key=key,
            chunk_index=row[f"videos/{key}/chunk_index"],
            file_index=row[f"videos/{key}/file_index"],
        )
        begins = row[f"videos/{key}/from_timestamp"]
        times = [begins + each for each in self.column("timestamp", episode)]
        known = _decoded(self.root / path)
        return [known[_nearest(list(known), time)] for time in times]


def _nearest(times: list[float], wanted: float) -> float:
    found = min(times, key=lambda time: abs(time - wanted))
    assert abs(found - wanted) < 1e-4  # LeRobot's tolerance
    return found


def _decoded(path: Path) -> dict[float, np.ndarray]:
    with av.open(path) as container:
        pictures = container.decode(container.streams.video[0])
        return {float(each.time or 0): each.to_ndarray(format="rgb24") for each in pictures}


def _rows(paths: list[Path]) -> list[dict[str, Any]]:
    return [row for path in paths for row in parquet.read_table(path).to_pylist()]
