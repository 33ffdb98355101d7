"""A description of wrong values is named in words: by `check`, by opening, in the list."""

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from teachloop.datasets.catalog_rows import index_take
from teachloop.datasets.errors import TakeDamaged, WrongSchema
from teachloop.datasets.takes.attributes import closing_text
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.checksum import write_checksum
from teachloop.datasets.takes.reader import Take

WRONG: list[tuple[str, str]] = [
    *[("rate_hz", text) for text in ("null", "-20", "0", "NaN", "Infinity", '"20"', "true", "[]")],
    *[("scene", text) for text in ("null", "{}", '"no JSON"', '"[1]"', '"7"')],
    *[("created_time_ns", text) for text in ('"x"', "null", "1.5", "-1", "1e308", "[]")],
    *[(name, "[1]") for name in ("task", "instruction", "operator", "robot", "take_id", "created")],
    ("task", '"\\ud800"'),
    ("limits", "[]"),
    ("versions", "5"),
    ("cameras", "[]"),
    ("cameras", '{"front": 1}'),
    ("cameras", '{"../front": {"width": 32, "height": 24}}'),
    ("cameras", '{"front": {"width": 32, "height": 24, "measures_depth": "no"}}'),
]


@pytest.mark.parametrize(("name", "text"), WRONG)
def test_a_wrong_value_is_named(recording, name: str, text: str) -> None:
    path: Path = recording.take(2)
    with h5py.File(path, "r+") as file:
        file.attrs[name] = np.bytes_(text)
    write_checksum(path)
    (fault,) = check(path)
    assert name.removesuffix("s") in fault.what
    with pytest.raises(TakeDamaged, match=name.removesuffix("s")):
        Take.open(path)
    assert name.removesuffix("s") in index_take(path.parent).damaged


@pytest.mark.parametrize("field", [{"duration_s": float("nan")}, {"interrupted": [1]}])
def test_a_wrong_value_at_the_end_is_named(recording, field: dict[str, Any]) -> None:
    path: Path = recording.take(2)
    with Take.open(path) as take:
        info = take.info
    object.__setattr__(info, *next(iter(field.items())))
    with h5py.File(path, "r+") as file:
        del file["closing"]
        file["closing"] = np.frombuffer(closing_text(info), np.uint8)
    write_checksum(path)
    (fault,) = check(path)
    assert next(iter(field)) in fault.what


@pytest.mark.parametrize("version", [np.array([1, 1]), np.array([]), "1", 1.5], ids=repr)
def test_a_version_that_is_none_is_named(recording, version: object) -> None:
    path: Path = recording.take(2)
    with h5py.File(path, "r+") as file:
        file.attrs["schema_version"] = version
    write_checksum(path)
    (fault,) = check(path)
    assert "this teachloop reads 1" in fault.what
    with pytest.raises(WrongSchema):
        Take.open(path)


def test_a_name_of_any_length_is_told_in_short(recording) -> None:
    path: Path = recording.take(2)
    with h5py.File(path, "r+") as file:
        closing: Any = file["closing"]
        told = {**json.loads(closing[:].tobytes()), "x" * 4000: 1}
        del file["closing"]
        file["closing"] = np.frombuffer(json.dumps(told).encode(), np.uint8)
    write_checksum(path)
    with pytest.raises(TakeDamaged, match="xxxx") as refused:
        Take.open(path)
    assert len(str(refused.value)) < 1000
