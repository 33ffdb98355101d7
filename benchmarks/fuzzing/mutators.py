"""Makes hostile things of good ones: of bytes, of plain values, of the text of JSON.

Everything is drawn from one ``random.Random``, so that a number tells the whole input again.
"""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

from .hostile import BYTES, NUMBERS, TEXTS

Value: TypeAlias = "bool | int | float | str | bytes | list[Value] | dict[str, Value] | None"
Step: TypeAlias = "str | int"


class Mutator:
    """Draws of one input."""

    def __init__(self, seed: str, ready: Callable[[], None] = lambda: None) -> None:
        self.draw = Random(seed)
        self.ready = ready
        """To be called when the input is made, and what is measured is the product's."""

    def chance(self, share: float) -> bool:
        return self.draw.random() < share

    def below(self, count: int) -> int:
        """0 … count - 1; 0 where there is nothing to choose."""
        return self.draw.randrange(count) if count > 0 else 0

    # Bytes

    def changed(self, sample: bytes) -> bytes:
        """The sample with one to four changes."""
        for _ in range(1 + self.below(4)):
            sample = self.draw.choice(_OF_BYTES)(self, sample)
        return sample

    def slice(self, sample: bytes) -> tuple[int, int]:
        """A place and an end, near more often than far."""
        start = self.below(len(sample) + 1)
        length = self.draw.choice((1, 2, 4, 8, 16, 64, 512, len(sample)))
        return start, min(len(sample), start + 1 + self.below(length or 1))

    # Plain values

    def value(self, sample: Value) -> Value:
        """The value with one to three changes somewhere in it."""
        for _ in range(self.draw.choice((1, 1, 1, 2, 3))):
            sample = self._changed(sample, self._path(sample))
        return sample

    def hostile(self) -> Value:
        """A value that nobody means."""
        return self.draw.choice(_HOSTILE)(self)

    def json(self, sample: Value) -> bytes:
        """The text of a changed value; now and then of one that is no JSON any more."""
        text = json_text(self.value(sample))
        return self.changed(text) if self.chance(0.2) else text

    def _path(self, value: Value) -> list[Step]:
        """The steps to some place in a value; an empty path is the whole."""
        path: list[Step] = []
        while isinstance(value, dict | list) and value and not self.chance(0.15):
            step = (
                self.draw.choice(list(value)) if isinstance(value, dict) else self.below(len(value))
            )
            path.append(step)
            value = value[step]  # type: ignore[index]
        return path

    def _changed(self, value: Value, path: Sequence[Step]) -> Value:
        if not path:
            return self.draw.choice(_OF_VALUES)(self, value)
        step, rest = path[0], path[1:]
        if isinstance(value, dict) and isinstance(step, str):
            if not rest and self.chance(0.25):
                return self._other_key(value, step)
            return {**value, step: self._changed(value[step], rest)}
        if isinstance(value, list) and isinstance(step, int):
            if not rest and self.chance(0.25):
                return self._other_items(value, step)
            return [*value[:step], self._changed(value[step], rest), *value[step + 1 :]]
        return value

    def _other_key(self, value: dict[str, Value], key: str) -> Value:
        left = {name: each for name, each in value.items() if name != key}
        new = self.draw.choice((key.upper(), f"{key}_", self.draw.choice(TEXTS)))
        return self.draw.choice((left, {**left, new: value[key]}, {**value, new: self.hostile()}))

    def _other_items(self, value: list[Value], place: int) -> Value:
        left = [*value[:place], *value[place + 1 :]]
        many = value * (1 + self.below(300 // len(value) + 1))
        return self.draw.choice((left, [*value, self.hostile()], many, value[::-1]))


def json_text(value: Value) -> bytes:
    """As json.dumps, also half a character and bytes as some text."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text.encode("utf-8", "surrogatepass")


def _flip(m: Mutator, sample: bytes) -> bytes:
    changed = bytearray(sample)
    for _ in range(1 + m.below(8)):
        if changed:
            changed[m.below(len(changed))] ^= 1 << m.below(8)
    return bytes(changed)


def _cut(m: Mutator, sample: bytes) -> bytes:
    return sample[: m.below(len(sample) + 1)]


def _leave_out(m: Mutator, sample: bytes) -> bytes:
    start, end = m.slice(sample)
    return sample[:start] + sample[end:]


def _repeat(m: Mutator, sample: bytes) -> bytes:
    start, end = m.slice(sample)
    return sample[:end] + sample[start:end] * (1 + m.below(4)) + sample[end:]


def _fill(m: Mutator, sample: bytes) -> bytes:
    start, end = m.slice(sample)
    return sample[:start] + m.draw.choice((b"\0", b"\xff")) * (end - start) + sample[end:]


def _insert(m: Mutator, sample: bytes) -> bytes:
    start, _ = m.slice(sample)
    return sample[:start] + m.draw.choice(BYTES) + sample[start:]


def _overwrite(m: Mutator, sample: bytes) -> bytes:
    start, _ = m.slice(sample)
    new = m.draw.choice(BYTES)
    return sample[:start] + new + sample[start + len(new) :]


def _move(m: Mutator, sample: bytes) -> bytes:
    start, end = m.slice(sample)
    left = sample[:start] + sample[end:]
    place = m.below(len(left) + 1)
    return left[:place] + sample[start:end] + left[place:]


def _noise(m: Mutator, sample: bytes) -> bytes:
    return m.draw.randbytes(m.below(200))


def _number(m: Mutator) -> Value:
    return m.draw.choice(NUMBERS)


def _text(m: Mutator) -> Value:
    return m.draw.choice(TEXTS)


def _nested(m: Mutator) -> Value:
    deep: Value = m.draw.choice(TEXTS)
    for _ in range(m.draw.choice((5, 60, 400))):
        deep = [deep] if m.chance(0.5) else {"a": deep}
    return deep


def _other_number(m: Mutator, value: Value) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return m.hostile()
    return m.draw.choice((-value, value + 1, value - 1, value * 1000, float(value), str(value)))


def _other_text(m: Mutator, value: Value) -> Value:
    if not isinstance(value, str):
        return m.hostile()
    place = m.below(len(value) + 1)
    put_in = value[:place] + m.draw.choice(TEXTS) + value[place:]
    return m.draw.choice((value[:place], put_in, value.upper(), value * 3, [value], value[::-1]))


def _wrapped(m: Mutator, value: Value) -> Value:
    return m.draw.choice(([value], {"value": value}, [value, value], None))


_OF_BYTES: Sequence[Callable[[Mutator, bytes], bytes]] = (
    _flip,
    _flip,
    _flip,
    _cut,
    _leave_out,
    _repeat,
    _fill,
    _insert,
    _overwrite,
    _move,
    _noise,
)
_OF_VALUES: Sequence[Callable[[Mutator, Value], Value]] = (
    lambda m, value: m.hostile(),
    _other_number,
    _other_text,
    _wrapped,
)
_NONES: list[Value] = [None] * 1000
_ZEROS: list[Value] = [0.0] * 17
_ODD: list[Value] = [[], {}, [[]], [{}], {"": {}}, _NONES, _ZEROS]
_HOSTILE: Sequence[Callable[[Mutator], Value]] = (
    lambda m: m.draw.choice((None, True, False)),
    _number,
    _number,
    _text,
    _text,
    lambda m: m.draw.choice(_ODD),
    _nested,
)
