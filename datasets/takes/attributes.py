"""A take's info in its file: attributes for the start, the data set `closing` for the end."""

import json
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from ...runtime.validation import sort_of
from .format import CLOSING, LATER, SCHEMA, TakeInfo
from .hdf5_validation import find


def write_attributes(file: h5py.File, info: TakeInfo) -> None:
    """Schema and info, as fixed-length UTF-8 (variable-length text has no checksum)."""
    file.attrs["schema"] = _text(SCHEMA)
    file.attrs["schema_version"] = info.schema_version
    for name, value in info.to_dict().items():
        if name not in CLOSING:
            file.attrs[name] = _text(json.dumps(value, ensure_ascii=False))


def closing_text(info: TakeInfo) -> bytes:
    """JSON of what is known at the end."""
    values = info.to_dict()
    return json.dumps({name: values[name] for name in CLOSING}, ensure_ascii=False).encode()


def read_info(file: h5py.File) -> TakeInfo:
    """The info of a file. Raises KeyError, TypeError, ValueError where it is another's."""
    known = [name for name in TakeInfo.__dataclass_fields__ if name not in CLOSING]
    names = [name for name in known if name in file.attrs or name not in LATER]
    values = {name: json.loads(_string(file.attrs[name])) for name in names}
    closing = find(file, "closing", "u1")[:].tobytes()
    ending = json.loads(closing) if closing else {}
    if not isinstance(ending, dict):
        raise ValueError(f"closing holds {sort_of(ending)} and no map")
    return TakeInfo.from_dict({**values, **ending})


def schema_of(file: h5py.File) -> tuple[str, object]:
    """Schema name and version, as far as the attributes tell."""
    version = file.attrs.get("schema_version")
    version = version.tolist() if isinstance(version, np.generic | np.ndarray) else version
    return _string(file.attrs.get("schema", "")), version


def _text(text: str) -> NDArray[Any]:
    payload = text.encode()
    return np.array(payload, h5py.string_dtype("utf-8", max(len(payload), 1)))


def _string(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
