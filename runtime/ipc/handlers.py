"""What is done about each kind of message, in one table."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)
Result = TypeVar("Result")


class Handlers(Generic[Result]):
    """A table from a message's type to the function that handles it."""

    def __init__(self) -> None:
        self._table: dict[type[BaseModel], Callable[..., Result]] = {}

    def on(self, kind: type[M], handler: Callable[[M], Result]) -> None:
        """Handle messages of this type so. Raises ValueError for a second handler."""
        if kind in self._table:
            raise ValueError(f"{kind.__name__} has a handler already")
        self._table[kind] = handler

    @property
    def kinds(self) -> Iterable[type[BaseModel]]:
        """The types that are handled."""
        return self._table.keys()

    def __call__(self, message: BaseModel) -> Result:
        """Handle one message. Raises KeyError where nobody said how."""
        return self._table[type(message)](message)
