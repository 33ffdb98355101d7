"""Reads an RLDS data set as the descriptions of TFRecord, of protobuf and of TensorFlow Datasets
say, by nothing that wrote it. Each checksum is compared."""

import io
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numbered_pictures import number_shown
from PIL import Image

POLYNOMIAL = 0x82F63B78  # Castagnoli's, lowest bit first
LISTS = {1: "bytes", 2: "float32", 3: "int64"}
Record = dict[str, tuple[str, list[Any]]]  # feature -> which kind of values, and those


@dataclass(frozen=True)
class RldsFiles:
    """An export's folder."""

    root: Path
    name: str = "teachloop"

    @property
    def folder(self) -> Path:
        return self.root / self.name / "1.0.0"

    def said(self, file: str) -> dict[str, Any]:
        """A JSON file's content."""
        return json.loads((self.folder / file).read_text("utf-8"))

    @cached_property
    def features(self) -> dict[str, dict[str, Any]]:
        """By its path in a record, what ``features.json`` says of each."""
        return dict(_leaves(self.said("features.json")))

    @cached_property
    def splits(self) -> dict[str, dict[str, Any]]:
        return {each["name"]: each for each in self.said("dataset_info.json")["splits"]}

    def paths(self, split: str) -> list[Path]:
        """The files that the splits' description asks for."""
        count = len(self.splits[split]["shardLengths"])
        stem = f"{self.name}-{split}.tfrecord"
        return [self.folder / f"{stem}-{number:05d}-of-{count:05d}" for number in range(count)]

    @cached_property
    def records(self) -> dict[str, list[Record]]:
        """By split."""
        return {
            split: [record for path in self.paths(split) for record in records_in(path)]
            for split in self.splits
        }

    def column(self, feature: str, number: int = 0, split: str = "train") -> np.ndarray:
        """Of all steps (T, …), in the shape and type that ``features.json`` says."""
        kind, values = self.records[split][number][feature]
        said = self.features[feature]
        if "text" in said:
            return np.array([value.decode() for value in values])
        tensor = said["tensor"]
        assert kind == ("float32" if tensor["dtype"] == "float32" else "int64")
        sides = [int(side) for side in tensor["shape"].get("dimensions", [])]
        return np.array(values).reshape(-1, *sides).astype(tensor["dtype"])

    def text(self, feature: str, number: int = 0, split: str = "train") -> str:
        """The only one."""
        (value,) = self.column(feature, number, split)
        return str(value)

    def jpegs(self, key: str, number: int = 0, split: str = "train") -> list[bytes]:
        return self.records[split][number][f"steps/observation/{key}"][1]

    def images(self, key: str, number: int = 0, split: str = "train") -> list[np.ndarray]:
        return [
            np.asarray(Image.open(io.BytesIO(jpeg), formats=["JPEG"]).convert("RGB"))
            for jpeg in self.jpegs(key, number, split)
        ]

    def shown(self, key: str, number: int = 0, split: str = "train") -> list[int]:
        """The numbers in the pictures of an episode."""
        return [number_shown(image) for image in self.images(key, number, split)]


def records_in(path: Path) -> Iterator[Record]:
    """All of a file; nothing may come behind the last."""
    content = path.read_bytes()
    while content:
        (size,) = struct.unpack("<Q", content[:8])
        head, data, checksum = content[:8], content[12 : 12 + size], content[12 + size : 16 + size]
        assert unmasked(content[8:12]) == crc32c(head)
        assert len(data) == size
        assert unmasked(checksum) == crc32c(data)
        content = content[16 + size :]
        yield parsed_example(data)


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def _shifted(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
    return value


TABLE = [_shifted(byte) for byte in range(256)]


def unmasked(stored: bytes) -> int:
    (masked,) = struct.unpack("<I", stored)
    turned = (masked - 0xA282EAD8) % (1 << 32)
    return (turned >> 17 | turned << 15) % (1 << 32)


def parsed_example(data: bytes) -> Record:
    ((number, features),) = fields(data)
    assert number == 1
    entries = [dict(fields(entry)) for _, entry in fields(features)]
    found = {entry[1].decode(): _values(entry[2]) for entry in entries}
    assert len(found) == len(entries)
    return found


def fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of each, all of which have a length."""
    place = 0
    while place < len(message):
        key, place = varint_at(message, place)
        assert key & 7 == 2
        size, place = varint_at(message, place)
        assert place + size <= len(message)
        yield key >> 3, message[place : place + size]
        place += size


def varint_at(message: bytes, place: int) -> tuple[int, int]:
    """A whole number, and where what comes behind it begins."""
    value = shift = 0
    while True:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if not byte & 0x80:
            return value, place


def _values(feature: bytes) -> tuple[str, list[Any]]:
    ((number, inside),) = fields(feature)
    kind, values = LISTS[number], [content for _, content in fields(inside)]
    if kind == "bytes":
        return kind, values
    (packed,) = values
    if kind == "float32":
        return kind, np.frombuffer(packed, "<f4").tolist()
    integers, place = [], 0
    while place < len(packed):
        value, place = varint_at(packed, place)
        integers.append(value)
    return kind, integers


def _leaves(said: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Paths of what is no folder."""
    if "sequence" in said:
        yield from _leaves(said["sequence"]["feature"], path)
    elif "featuresDict" in said:
        for name, inner in said["featuresDict"]["features"].items():
            yield from _leaves(inner, f"{path}/{name}" if path else name)
    else:
        yield path, said
