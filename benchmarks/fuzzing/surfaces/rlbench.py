"""Demos of RLBench: pickles that run code or tell another robot, pictures that are none."""

import pickle
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from teachloop.datasets.formats.import_options import ImportOptions

from ..importing import refusal_of
from ..mutators import Mutator
from ..samples import Pickled
from ..saved_demo import CUP, observations, pickled, save_demo

LOW_DIM, WORDS = "low_dim_obs.pkl", "variation_descriptions.pkl"
NAMED = ImportOptions(handles={CUP: "cup"})


class SavedDemos:
    """One demo; what an input changed of it is brought back for the next."""

    def __init__(self, folder: Path) -> None:
        self._root = folder / "set"
        self._demo = save_demo(self._root)
        self._steps = list(observations())
        self._data = folder / "data"
        self._canary = folder / "canary"
        self._before: tuple[Path, bytes] | None = None

    def feed(self, m: Mutator) -> str:
        shutil.rmtree(self._data, ignore_errors=True)
        if self._before is not None:
            self._before[0].write_bytes(self._before[1])
        path, content = self._change(m)
        self._before = path, path.read_bytes()
        path.write_bytes(content)
        m.ready()
        return refusal_of(self._data, self._root, NAMED)

    def _change(self, m: Mutator) -> tuple[Path, bytes]:
        """A file and what is to be in it."""
        demo, words = self._demo / LOW_DIM, self._demo.parent.parent / WORDS
        how = m.below(10)
        if how < 2:
            path = m.draw.choice(sorted(self._demo.glob("*/*.png")))
            return path, m.changed(path.read_bytes())
        if how < 4:
            return demo, m.changed(demo.read_bytes())
        if how < 5:
            return words, m.draw.choice((m.changed(words.read_bytes()), self._hostile(m)))
        if how < 7:
            return demo, m.draw.choice(_SPELLED)(m, demo.read_bytes())
        return demo, self._other_steps(m)

    def _hostile(self, m: Mutator) -> bytes:
        """A pickle of anything."""
        value = m.draw.choice((Pickled(self._canary), m.hostile(), [m.hostile()]))
        return pickle.dumps(value, m.draw.choice((2, 3, 4, 5)))

    def _other_steps(self, m: Mutator) -> bytes:
        """Steps of which one attribute is other in one, in all, or in none."""
        name = m.draw.choice([*self._steps[0], "misc"])
        value = self._other(m, self._steps[0][name])
        everywhere = m.chance(0.4)
        place = m.below(len(self._steps))
        steps = [
            {**step, name: value} if everywhere or at == place else step
            for at, step in enumerate(self._steps)
        ]
        if m.chance(0.1):
            steps = m.draw.choice(([], steps[:1], steps[:5], steps * 3))
        return pickled(steps, m.draw.choice((3, 4, 5)))

    def _other(self, m: Mutator, value: Any) -> Any:
        """An array of other numbers, shape or type; a map with another value; or anything."""
        if isinstance(value, dict) and m.chance(0.8):
            name = m.draw.choice(list(value))
            return {**value, name: self._other(m, value[name])}
        if isinstance(value, np.ndarray) and m.chance(0.8):
            return m.draw.choice(_OF_ARRAYS)(m, value)
        return Pickled(self._canary) if m.chance(0.3) else m.hostile()


def _pushed(m: Mutator, content: bytes) -> bytes:
    """Instructions put in anywhere."""
    place = m.below(len(content))
    return content[:place] + m.draw.choice(_INSTRUCTIONS) + content[place:]


def _renamed(m: Mutator, content: bytes) -> bytes:
    """Another function or class by the name of a good one."""
    old = m.draw.choice((b"_reconstruct", b"ndarray", b"dtype", b"Demo", b"Observation"))
    new = m.draw.choice((b"load", b"fromfile", b"system", b"eval", b"f2py", b"__class__"))
    return content.replace(old, new, m.draw.choice((1, -1)))


_INSTRUCTIONS: Sequence[bytes] = (
    b"cos\nsystem\n(S'id'\ntR",
    b"cbuiltins\neval\n",
    b"r\xff\xff\xff\x7f",
    b"j\xff\xff\xff\x7f",
    b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7f",
    b"\x96\x00\x00\x00\x00\x01\x00\x00\x00",
    b"2" * 5000,
    b"(" * 5000,
    b"]" * 5000 + b"a" * 4999,
    b"\x85" * 5000,
    b"(i__main__\nx\n",
    b"}(K\x01K\x02u",
    b"\x8a\xff" + b"\x7f" * 255,
    b"b",
    b"R",
    b"\x81",
    b"\x92",
)
_SPELLED: Sequence[Callable[[Mutator, bytes], bytes]] = (_pushed, _pushed, _renamed)
_OF_ARRAYS: Sequence[Callable[[Mutator, np.ndarray], Any]] = (
    lambda m, array: array * m.draw.choice((0.0, -1.0, 1e300, np.nan, np.inf)),
    lambda m, array: array.astype(m.draw.choice(("f4", "i8", "u1", "c16", "O", "S8", "M8[s]"))),
    lambda m, array: array[: m.below(len(array))],
    lambda m, array: np.stack([array] * (1 + m.below(4))) if m.chance(0.5) else array[None],
    lambda m, array: array[::-1].copy(),
    lambda m, array: array + m.draw.choice((1e-3, 0.1, 10.0)),
    lambda m, array: np.zeros(m.draw.choice((0, 7, 1 << 20))),
)
SURFACE = SavedDemos
