"""Columns as Parquet files, as LeRobot writes them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
from numpy.typing import NDArray

from .features import Feature
from .files import FilePlace, Numbering

TYPES = {"float32": pa.float32(), "int64": pa.int64(), "bool": pa.bool_()}


class ParquetFiles:
    """Numbered files of one schema; a table is a row group. Use as a context manager."""

    def __init__(self, root: Path, template: str, schema: pa.Schema, full_bytes: int) -> None:
        self._numbering = Numbering(root, template)
        self._schema, self._full_bytes = schema, full_bytes
        self._writer: Any = None
        self._sink: Any = None

    def __enter__(self) -> "ParquetFiles":
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def place_for(self, size: int) -> FilePlace:
        """Where so many bytes go that are written next."""
        if self._writer is None or self._sink.tell() + size > self._full_bytes:
            self._close()
            self._sink = self._numbering.next_path().open("wb")
            self._writer = parquet.ParquetWriter(self._sink, self._schema, compression="snappy")
        return self._numbering.place

    def write(self, table: pa.Table) -> None:
        """To where ``place_for`` said last."""
        self._writer.write_table(table)

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._sink.close()
            self._writer = None


def frame_schema(columns: Mapping[str, Feature], language: Mapping[str, pa.DataType]) -> pa.Schema:
    numbers = {name: _type(feature) for name, feature in columns.items()}
    return pa.schema([*numbers.items(), *language.items()])


def _type(feature: Feature) -> pa.DataType:
    value = TYPES[feature.dtype]
    return value if feature.width == 1 else pa.list_(value, feature.width)


def frame_table(
    schema: pa.Schema, columns: Mapping[str, NDArray], texts: Mapping[str, pa.Array]
) -> pa.Table:
    """Of columns (T, n) and of texts of T rows."""
    numbers = {name: _array(rows, schema.field(name).type) for name, rows in columns.items()}
    arrays = {**numbers, **texts}
    return pa.Table.from_arrays([arrays[name] for name in schema.names], schema=schema)


def _array(rows: NDArray, kind: pa.DataType) -> pa.Array:
    flat = np.ascontiguousarray(rows).ravel()
    if not pa.types.is_fixed_size_list(kind):
        return pa.array(flat, kind)
    return pa.FixedSizeListArray.from_arrays(pa.array(flat, kind.value_type), type=kind)


def write_texts(path: Path, name: str, texts: Sequence[str]) -> None:
    """A frame of pandas whose index is the text and whose column its number: LeRobot's ``tasks``
    and ``subtasks``."""
    column = f"{name}_index"
    table = pa.table({column: pa.array(range(len(texts)), pa.int64()), name: pa.array(texts)})
    described = {
        "index_columns": [name],
        "column_indexes": [],
        "columns": [_described(column, "int64", "int64"), _described(name, "unicode", "object")],
        "pandas_version": "2.2.0",
    }
    parquet.write_table(table.replace_schema_metadata({"pandas": json.dumps(described)}), path)


def _described(name: str, kind: str, numpy_type: str) -> dict[str, str | None]:
    return {
        "name": name,
        "field_name": name,
        "pandas_type": kind,
        "numpy_type": numpy_type,
        "metadata": None,
    }
