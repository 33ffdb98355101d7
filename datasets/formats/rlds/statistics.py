"""What OpenVLA scales actions and states by, in the form of its ``dataset_statistics.json``: of
all steps, of training and of validation."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ....runtime.json_file import JsonObject
from .numbers import ACTION

Rows = NDArray[np.float32]
SCALED = [True] * (len(ACTION) - 1) + [False]  # not the gripper


def statistics(name: str, episodes: Sequence[tuple[Rows, Rows]]) -> JsonObject:
    """Of the actions (T, 7) and states (T, 8) of each episode, of which all are held at once: 60
    bytes a step."""
    actions, states = (np.concatenate(rows) for rows in zip(*episodes, strict=True))
    action: JsonObject = {**_figures(actions), "mask": [*SCALED]}
    both: JsonObject = {"action": action, "proprio": _figures(states)}
    counts: JsonObject = {"num_transitions": len(actions), "num_trajectories": len(episodes)}
    return {name: both | counts}


def _figures(rows: Rows) -> JsonObject:
    """Of each column."""
    exact = rows.astype(np.float64)
    found = {
        "mean": exact.mean(0),
        "std": exact.std(0),
        "max": exact.max(0),
        "min": exact.min(0),
        "q01": np.quantile(exact, 0.01, axis=0),
        "q99": np.quantile(exact, 0.99, axis=0),
    }
    return {figure: values.tolist() for figure, values in found.items()}
