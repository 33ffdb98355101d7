"""What is done about each kind of message, in one table."""

from collections.abc import Callable, Iterable
from typing import Concatenate, Generic, ParamSpec, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)
More = ParamSpec("More")
Result = TypeVar("Result")


class Handlers(Generic[More, Result]):
    """A table from a message's type to the function that handles it.

    ``Handlers[[Sender], None]``: each function is called with its message and a sender.
    """

    def __init__(self) -> None:
        self._table: dict[type[BaseModel], Callable[..., Result]] = {}

    def on(self, kind: type[M], handler: Callable[Concatenate[M, More], Result]) -> None:
        """Handle messages of this type so. Raises ValueError for a second handler."""
        if kind in self._table:
            raise ValueError(f"{kind.__name__} has a handler already")
        self._table[kind] = handler

    @property
    def kinds(self) -> Iterable[type[BaseModel]]:
        """The types that are handled."""
        return self._table.keys()

    def __call__(self, message: BaseModel, *more: More.args, **named: More.kwargs) -> Result:
        """Handle one message. Raises KeyError where nobody said how."""
        return self._table[type(message)](message, *more, **named)
