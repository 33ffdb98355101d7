"""What a pickle of RLBench may hold beside plain values: stand-ins that only keep what is said of
them. None of it comes from RLBench, and of numpy only ``frombuffer`` is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ....runtime.validation import shown

KINDS = ("b1", *(f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8)), "f2", "f4", "f8")
MOST_AXES = 4
Given: TypeAlias = tuple[Any, ...]


class Unfit(ValueError):
    """Something in a pickle that no demo of RLBench holds, in words."""


@dataclass(slots=True)
class Stored:
    """A demo or an observation, by the names of its attributes."""

    kind: str
    values: dict[str, Any] = field(default_factory=dict)

    def build(self, state: object) -> None:
        if not isinstance(state, dict):
            raise Unfit(f"the state of {self.kind} is no map of its attributes")
        self.values.update(state)


@dataclass(slots=True)
class StoredType:
    """Of an array's numbers."""

    code: str
    order: str = "<"

    def build(self, state: object) -> None:
        if not isinstance(state, tuple) or len(state) < 2 or state[1] not in ("<", ">", "|", "="):
            raise Unfit("a dtype's state is none of a number's")
        self.order = "<" if state[1] == "=" else state[1]

    @property
    def plain(self) -> np.dtype:
        return np.dtype(self.code if self.order == "|" else f"{self.order}{self.code}")


@dataclass(slots=True)
class StoredArray:
    """An array of numbers; nothing until its state comes."""

    values: NDArray[Any] | None = None

    def build(self, state: object) -> None:
        if not isinstance(state, tuple) or len(state) != 5:
            raise Unfit("an array's state is not of five parts")
        self.values = _array(state[4], state[2], state[1], bool(state[3]))


def _array(content: object, kind: object, shape: object, fortran: bool) -> NDArray[Any]:
    """Its numbers as they lie in the pickle: no byte is copied. Raises Unfit."""
    if not isinstance(content, bytes | bytearray) or not isinstance(kind, StoredType):
        raise Unfit("an array is not of plain numbers")
    if not isinstance(shape, tuple) or len(shape) > MOST_AXES:
        raise Unfit("an array's shape is none")
    if not all(type(side) is int and side >= 0 for side in shape):
        raise Unfit("an array's shape is none")
    if prod(shape) * kind.plain.itemsize != len(content):
        raise Unfit(f"an array of {len(content)} bytes does not have the shape that it tells")
    values = np.frombuffer(content, kind.plain)
    return values.reshape(shape, order="F" if fortran else "C")


@dataclass(frozen=True, slots=True)
class Name:
    """One of the globals that are known: what it makes when it is called, and when it is made."""

    called: Callable[[Given], object] | None = None
    made: Callable[[], object] | None = None


def _dtype(given: Given) -> StoredType:
    code = given[0] if given else None
    if not isinstance(code, str) or code not in KINDS:
        raise Unfit(f"a dtype of {shown(code)}; only plain numbers can be in a demo")
    return StoredType(code)


def _shell(given: Given) -> StoredArray:
    if not given or given[0] is not ARRAY:
        raise Unfit("an array of a class that is not numpy's own")
    return StoredArray()


def _number(given: Given) -> int | float | bool:
    if len(given) != 2:
        raise Unfit("a number of numpy's without a type or a value")
    return _array(given[1], given[0], (), False).item()


def _in_band(given: Given) -> StoredArray:
    if len(given) != 4 or given[3] not in ("C", "F"):
        raise Unfit("an array whose order is neither C nor F")
    return StoredArray(_array(given[0], given[1], given[2], given[3] == "F"))


ARRAY = Name()
DEMO, OBSERVATION = "Demo", "Observation"
NAMES: Mapping[tuple[str, str], Name] = MappingProxyType(
    {
        ("rlbench.demo", DEMO): Name(made=lambda: Stored(DEMO)),
        ("rlbench.backend.observation", OBSERVATION): Name(made=lambda: Stored(OBSERVATION)),
        ("numpy", "ndarray"): ARRAY,
        ("numpy", "dtype"): Name(called=_dtype),
        **{
            (f"numpy.{core}.{module}", name): Name(called=called)
            for core in ("core", "_core")
            for module, name, called in (
                ("multiarray", "_reconstruct", _shell),
                ("multiarray", "scalar", _number),
                ("numeric", "_frombuffer", _in_band),
            )
        },
    }
)
