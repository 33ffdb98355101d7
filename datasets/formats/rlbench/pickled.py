"""Reads a pickle without running it: a machine of its own for the few instructions that a saved
demo consists of. It calls nothing but what ``stored_objects`` names, imports nothing, and knows no
way to reach an attribute; so a pickle can at most be refused.

The instructions are those of PEP 307, PEP 3154 and PEP 574.
"""

import pickletools
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ....runtime.errors import TeachloopError
from ....runtime.validation import shown
from .stored_objects import NAMES, Name, Stored, StoredArray, StoredType, Unfit

MOST_BYTES = 64 << 20
MOST_INSTRUCTIONS = 1_500_000  # of a demo of 2,500 steps; a step has some 600
MARK: Any = object()


class WrongPickle(TeachloopError):
    """A pickle that is none of RLBench's, or holds more than one of them may."""

    def __init__(self, path: Path, reason: str) -> None:
        self.reason = f"{path.name} cannot be read: {reason}"
        super().__init__(f"{self.reason}. Nothing in it was run.")


def read_pickle(path: Path) -> object:
    """Its content: plain values, and ``Stored`` objects and arrays. Raises WrongPickle, OSError."""
    if not path.is_file():
        raise WrongPickle(path, "it is no file")
    if (size := path.stat().st_size) > MOST_BYTES:
        raise WrongPickle(path, f"it has {size >> 20} MiB, and {MOST_BYTES >> 20} may be")
    try:
        return _Machine().run(path.read_bytes())
    except Unfit as error:
        raise WrongPickle(path, str(error)) from None
    except Exception as error:  # of the standard library's reader, on what is no pickle
        raise WrongPickle(path, f"it is no whole pickle ({type(error).__name__})") from error


class _Machine:
    """A stack, a memo, and what each instruction does to them."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def run(self, content: bytes) -> object:
        for count, (instruction, argument, _) in enumerate(pickletools.genops(content)):
            if count >= MOST_INSTRUCTIONS:
                raise Unfit(f"it has more than {MOST_INSTRUCTIONS} instructions")
            if instruction.name == "STOP":
                return self._pop()
            if instruction.name not in DOES:
                raise Unfit(f"no demo has the instruction {instruction.name}")
            DOES[instruction.name](self, argument)
        raise Unfit("it has no end")

    def push(self, value: object) -> None:
        self._stack.append(value)

    def _pop(self) -> Any:
        if not self._stack or self._stack[-1] is MARK:
            raise Unfit("an instruction has nothing to work on")
        return self._stack.pop()

    def _top(self, kind: type) -> Any:
        top = self._stack[-1] if self._stack else None
        if not isinstance(top, kind):
            raise Unfit(f"what should be a {kind.__name__} is none")
        return top

    def _marked(self) -> list[Any]:
        """All above the last mark."""
        for place in range(len(self._stack) - 1, -1, -1):
            if self._stack[place] is MARK:
                above = self._stack[place + 1 :]
                del self._stack[place:]
                return above
        raise Unfit("an instruction has no mark to go back to")

    def mark(self, _: object) -> None:
        self._stack.append(MARK)

    def pop(self, _: object) -> None:
        self._pop()

    def pop_mark(self, _: object) -> None:
        self._marked()

    def some(self, count: int) -> None:
        values = [self._pop() for _ in range(count)]
        self.push(tuple(values[::-1]))

    def all_as_tuple(self, _: object) -> None:
        self.push(tuple(self._marked()))

    def all_as_list(self, _: object) -> None:
        self.push(self._marked())

    def all_as_map(self, _: object) -> None:
        values = self._marked()
        self.push({})
        self._put(values)

    def append(self, _: object) -> None:
        value = self._pop()
        self._top(list).append(value)

    def append_all(self, _: object) -> None:
        values = self._marked()
        self._top(list).extend(values)

    def put_one(self, _: object) -> None:
        value, key = self._pop(), self._pop()
        self._put([key, value])

    def put_all(self, _: object) -> None:
        self._put(self._marked())

    def _put(self, values: list[Any]) -> None:
        keys = values[::2]
        if len(values) % 2 or not all(isinstance(key, str) for key in keys):
            raise Unfit("the keys of a map are not all texts")
        self._top(dict).update(zip(keys, values[1::2], strict=True))

    def memoize(self, _: object) -> None:
        self.remember(len(self._memo))

    def remember(self, place: int) -> None:
        value = self._pop()
        self._memo[place] = value
        self.push(value)

    def recall(self, place: int) -> None:
        if place not in self._memo:
            raise Unfit("it speaks of something that it did not say before")
        self.push(self._memo[place])

    def name(self, spelled: str) -> None:
        module, _, name = spelled.partition(" ")
        self._name(module, name)

    def name_from_stack(self, _: object) -> None:
        name, module = self._pop(), self._pop()
        if not isinstance(name, str) or not isinstance(module, str):
            raise Unfit("a name in it is no text")
        self._name(module, name)

    def _name(self, module: str, name: str) -> None:
        if (module, name) not in NAMES:
            raise Unfit(f"it asks for {shown(f'{module}.{name}')}, which no demo needs")
        self.push(NAMES[module, name])

    def call(self, _: object) -> None:
        given, name = self._pop(), self._pop()
        if not isinstance(name, Name) or name.called is None or not isinstance(given, tuple):
            raise Unfit("it calls what cannot be called")
        self.push(name.called(given))

    def make(self, _: object) -> None:
        given, name = self._pop(), self._pop()
        if not isinstance(name, Name) or name.made is None or given != ():
            raise Unfit("it makes an object of what is no class of RLBench")
        self.push(name.made())

    def build(self, _: object) -> None:
        state = self._pop()
        if isinstance(state, tuple) and len(state) == 2 and state[0] is None:
            state = state[1]
        target = self._pop()
        if not isinstance(target, Stored | StoredArray | StoredType):
            raise Unfit("it changes what is no object of a demo")
        target.build(state)
        self.push(target)


def _plain(value: object) -> Callable[[_Machine, Any], None]:
    return lambda machine, _: machine.push(value)


def _nothing(machine: _Machine, _: object) -> None:
    """Says how it is written; its content is what counts."""


PUSHED = (
    *("BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT"),
    *("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
    *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"),
)
DOES: Mapping[str, Callable[[_Machine, Any], None]] = MappingProxyType(
    {
        **dict.fromkeys(PUSHED, _Machine.push),
        **dict.fromkeys(("BINPUT", "LONG_BINPUT"), _Machine.remember),
        **dict.fromkeys(("BINGET", "LONG_BINGET"), _Machine.recall),
        "PROTO": _nothing,
        "FRAME": _nothing,
        "NONE": _plain(None),
        "NEWTRUE": _plain(True),
        "NEWFALSE": _plain(False),
        "EMPTY_TUPLE": _plain(()),
        "EMPTY_LIST": lambda machine, _: machine.push([]),
        "EMPTY_DICT": lambda machine, _: machine.push({}),
        "TUPLE1": lambda machine, _: machine.some(1),
        "TUPLE2": lambda machine, _: machine.some(2),
        "TUPLE3": lambda machine, _: machine.some(3),
        "MARK": _Machine.mark,
        "POP": _Machine.pop,
        "POP_MARK": _Machine.pop_mark,
        "TUPLE": _Machine.all_as_tuple,
        "LIST": _Machine.all_as_list,
        "DICT": _Machine.all_as_map,
        "APPEND": _Machine.append,
        "APPENDS": _Machine.append_all,
        "SETITEM": _Machine.put_one,
        "SETITEMS": _Machine.put_all,
        "MEMOIZE": _Machine.memoize,
        "GLOBAL": _Machine.name,
        "STACK_GLOBAL": _Machine.name_from_stack,
        "REDUCE": _Machine.call,
        "NEWOBJ": _Machine.make,
        "BUILD": _Machine.build,
    }
)
