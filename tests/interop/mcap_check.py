"""Opens MCAP files with Rerun's own reader and tells, as JSON, what it makes of them. Run by the
Python of an environment that has Rerun, with ``numbered_pictures`` on its path."""

import io
import json
import sys
from importlib import import_module
from importlib.metadata import version
from typing import Any

import numpy as np
from numbered_pictures import number_shown
from PIL import Image

TIME = "message_log_time"


def chunks_of(path: str) -> list[tuple[str, Any]]:
    """Entity and columns of all that Rerun shows."""
    reader = import_module("rerun.chunk").McapReader(path)
    chunks = reader.stream().to_chunks()
    return [(each.entity_path, each.to_record_batch()) for each in chunks if not each.is_static]


def values(batch: Any, name: str) -> list[Any]:
    """The only one of each row."""
    return [row[0] for row in batch.column(name).to_pylist()]


def told(batch: Any) -> dict[str, Any]:
    """What it is to Rerun, when it was, and its values."""
    names = set(batch.schema.names)
    found: dict[str, Any] = {
        "kinds": sorted({name.split(":")[0] for name in names if ":" in name}),
        "times_ns": batch.column(TIME).cast("int64").to_pylist(),
    }
    for name, read in READ.items():
        if name in names:
            found[name] = [read(value) for value in values(batch, name)]
    return found


def shown(blob: list[int]) -> int:
    """The number in a picture."""
    return number_shown(np.asarray(Image.open(io.BytesIO(bytes(blob))).convert("RGB")))


def depth_sum(buffer: list[int]) -> int:
    """Of all millimetres of a picture."""
    return int(np.frombuffer(bytes(buffer), "<u2").sum(dtype=np.int64))


def joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Rows of the same entity that lie in two chunks."""
    return {name: [*one.get(name, []), *other.get(name, [])] for name in {*one, *other}}


READ: dict[str, Any] = {
    "EncodedImage:blob": shown,
    "Image:buffer": depth_sum,
    "Transform3D:translation": list,
    "Transform3D:parent_frame": str,
    "Transform3D:child_frame": str,
    "Pinhole:image_from_camera": list,
    "TextLog:text": str,
}


def main(*paths: str) -> None:
    files = []
    for path in paths:
        entities: dict[str, dict[str, Any]] = {}
        for entity, batch in chunks_of(path):
            if TIME in batch.schema.names:
                entities[entity] = joined(entities.get(entity, {}), told(batch))
        files.append(entities)
    print(json.dumps({"version": version("rerun-sdk"), "files": files}))


if __name__ == "__main__":
    main(*sys.argv[1:])
