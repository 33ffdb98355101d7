"""The table of what is done about a window's messages."""

from collections.abc import Awaitable
from typing import TypeAlias

from pydantic import BaseModel

from ....runtime.ipc.handlers import Handlers

Result: TypeAlias = Awaitable[BaseModel | None]  # for the page, where it asked
WindowHandlers: TypeAlias = Handlers[[str], Result]  # each gets the message and the window's name
