"""Opens a data set with TensorFlow Datasets and tells, as JSON, what it found. Run by the Python of
an environment that has it, with ``numbered_pictures`` on its path."""

import json
import sys
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np
from numbered_pictures import number_shown

tf = import_module("tensorflow")
tfds = import_module("tensorflow_datasets")


def episodes_of(builder: Any, split: str) -> list[dict[str, Any]]:
    """All of each: what its steps hold, one behind the other, and what is said of it."""
    return [
        {
            "steps": columns_of([plain(step) for step in episode["steps"]]),
            "metadata": plain(episode["episode_metadata"]),
        }
        for episode in builder.as_dataset(split=split)
    ]


def plain(value: Any, path: str = "") -> Any:
    """Texts and lists of numbers by their paths; of a picture the number that it shows."""
    if isinstance(value, dict):
        return {
            name: each
            for key, inner in value.items()
            for name, each in flat(plain(inner, f"{path}/{key}"), f"{path}/{key}")
        }
    found = value.numpy()
    if isinstance(found, bytes):
        return found.decode()
    return number_shown(found) if found.ndim == 3 else np.asarray(found).tolist()


def flat(value: Any, path: str) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else [(path.lstrip("/"), value)]


def columns_of(steps: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [step[name] for step in steps] for name in steps[0]}


def raw_pictures(builder: Any, split: str) -> list[dict[str, list[int]]]:
    """As OpenVLA reads them: whole episodes undecoded, then each picture by TensorFlow."""
    decoders = {"steps": tfds.decode.SkipDecoding()}
    return [
        {
            key: [number_shown(decoded(jpeg)) for jpeg in values.numpy()]
            for key, values in episode["steps"]["observation"].items()
            if values.dtype == tf.string
        }
        for episode in builder.as_dataset(split=split, decoders=decoders)
    ]


def decoded(jpeg: bytes) -> np.ndarray:
    return tf.io.decode_image(jpeg, expand_animations=False, dtype=tf.uint8).numpy()


def main(root: str, name: str) -> None:
    builder = tfds.builder(name, data_dir=root)
    same = tfds.builder_from_directory(str(builder.data_path))
    splits = list(builder.info.splits)
    found = {
        "tensorflow": version("tensorflow-cpu"),
        "tensorflow_datasets": version("tensorflow-datasets"),
        "name": builder.info.full_name,
        "description": builder.info.description,
        "shards": {split: builder.info.splits[split].shard_lengths for split in splits},
        "counted": {split: len(same.as_dataset(split=split)) for split in splits},
        "half": len(builder.as_dataset(split="train[:50%]")),
        "image_shapes": {
            key: list(feature.shape)
            for key, feature in builder.info.features["steps"]["observation"].items()
            if isinstance(feature, tfds.features.Image)
        },
        "episodes": {split: episodes_of(same, split) for split in splits},
        "raw_pictures": {split: raw_pictures(builder, split) for split in splits},
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
