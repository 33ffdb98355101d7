"""Opens a file with robomimic's own loader and info script, trains on it for some steps and tells,
as JSON, what it found. Run by the Python of an environment that has robomimic, with
``numbered_pictures`` on its path."""

import contextlib
import io
import json
import runpy
import sys
from importlib import import_module
from importlib.metadata import version
from itertools import chain, repeat
from typing import Any

import h5py
import numpy as np
import torch
from numbered_pictures import number_shown

algo_factory = import_module("robomimic.algo").algo_factory
config_factory = import_module("robomimic.config").config_factory
file_utils = import_module("robomimic.utils.file_utils")
obs_utils = import_module("robomimic.utils.obs_utils")
dataset_module = import_module("robomimic.utils.dataset")
STEPS, BATCH, AHEAD = 20, 8, 10
KEYS = ("actions", "rewards", "dones")


def info(path: str, mask: str | None = None) -> str:
    """What its info script says. Raises where that does."""
    said, asked = io.StringIO(), ["get_dataset_info", "--dataset", path, "--verbose"]
    sys.argv = [*asked, *(["--filter_key", mask] if mask else [])]
    with contextlib.redirect_stdout(said):
        runpy.run_module("robomimic.scripts.get_dataset_info", run_name="__main__")
    return said.getvalue()


def config_of(algorithm: str, low_dim: list[str], pictures: list[str]) -> Any:
    config = config_factory(algorithm)
    with config.unlocked():
        config.observation.modalities.obs.low_dim = low_dim
        config.observation.modalities.obs.rgb = pictures
    obs_utils.initialize_obs_utils_with_config(config)
    return config


def opened(path: str, keys: list[str], **how: Any) -> Any:
    return dataset_module.SequenceDataset(
        hdf5_path=path, obs_keys=keys, dataset_keys=KEYS, **{"load_next_obs": True, **how}
    )


def demos_of(
    path: str, low_dim: list[str], pictures: list[str], next_pictures: bool
) -> list[dict[str, Any]]:
    """All of each demo: numbers, and those that the pictures show."""
    numbers = opened(path, low_dim)
    images = opened(path, pictures, load_next_obs=next_pictures)
    return [
        {**plain(numbers, number, np.asarray), **plain(images, number, shown)}
        for number in range(numbers.n_demos)
    ]


def plain(dataset: Any, number: int, read: Any) -> dict[str, Any]:
    """A demo's columns, and its observations as they are read."""
    found = dataset.get_trajectory_at_index(number)
    columns = {name: np.asarray(found[name]).tolist() for name in KEYS}
    for place in {"obs", "next_obs"} & found.keys():
        columns |= {f"{place}/{name}": read(rows).tolist() for name, rows in found[place].items()}
    return columns


def shown(pictures: Any) -> np.ndarray:
    return np.array([number_shown(picture) for picture in pictures])


def losses_of(path: str, algorithm: str, low_dim: list[str], pictures: list[str]) -> list[float]:
    """Of so many steps."""
    torch.manual_seed(0)
    config, keys = config_of(algorithm, low_dim, pictures), [*low_dim, *pictures]
    shapes = file_utils.get_shape_metadata_from_dataset(path, all_obs_keys=sorted(keys))
    model = algo_factory(
        algo_name=algorithm,
        config=config,
        obs_key_shapes=shapes["all_shapes"],
        ac_dim=shapes["ac_dim"],
        device=torch.device("cpu"),
    )
    model.set_train()
    how = {"seq_length": AHEAD, "hdf5_cache_mode": "low_dim", "filter_by_attribute": "train"}
    how["load_next_obs"] = algorithm != "bc"
    loader = torch.utils.data.DataLoader(opened(path, keys, **how), BATCH, shuffle=True)
    batches = chain.from_iterable(repeat(loader))
    losses = []
    for _ in range(STEPS):
        batch = model.process_batch_for_training(next(batches))
        batch = model.postprocess_batch_for_training(batch, obs_normalization_stats=None)
        logged = model.log_info(model.train_on_batch(batch, epoch=0, validate=False))
        losses.append(float(logged[LOSSES[algorithm]]))
    return losses


LOSSES = {"bc": "Loss", "iql": "critic/critic1_loss"}


def scale_of(path: str) -> list[float]:
    with h5py.File(path, "r") as file:
        return np.asarray(file["data"].attrs["action_scale"]).tolist()


def main(path: str, given: str) -> None:
    """``given``: JSON with ``low_dim``, ``pictures``, ``masks`` and ``next_pictures``."""
    asked = json.loads(given)
    low_dim, pictures = asked["low_dim"], asked["pictures"]
    said = info(path)
    config_of("bc", low_dim, pictures)
    found = {
        "version": version("robomimic"),
        "said": said,
        "demos": demos_of(path, low_dim, pictures, asked["next_pictures"]),
        "masks": {
            mask: opened(path, low_dim, filter_by_attribute=mask).demos for mask in asked["masks"]
        },
        "samples": len(opened(path, low_dim, hdf5_cache_mode="all", hdf5_normalize_obs=True)),
        "scale": scale_of(path),
        "environment": file_utils.get_env_metadata_from_dataset(path),
        "losses": {
            "bc, numbers": losses_of(path, "bc", low_dim, []),
            "bc, pictures and numbers": losses_of(path, "bc", low_dim, pictures),
            "iql, numbers": losses_of(path, "iql", low_dim, []),
        },
    }
    for mask in asked["masks"]:
        info(path, mask)
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
