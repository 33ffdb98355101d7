"""Who drives, held keys, and commands to the station."""

from pydantic import BaseModel

from ..control_lease import ControlLease
from ..schemas.from_window import AskStation, Beat, HeldKeys, TakeControl
from .table import WindowHandlers


def add_control(handlers: WindowHandlers, control: ControlLease) -> None:
    """The messages of a window that drives, or wants to."""

    async def beat(_beat: Beat, window: str) -> None:
        control.beat(window)

    async def hold(keys: HeldKeys, window: str) -> None:
        control.twist(window, keys.twist)

    async def take(asked: TakeControl, window: str) -> None:
        await control.take(window, take_over=asked.take_over)

    async def ask(asked: AskStation, window: str) -> BaseModel:
        return await control.command(window, asked.name, asked.fields)

    handlers.on(Beat, beat)
    handlers.on(HeldKeys, hold)
    handlers.on(TakeControl, take)
    handlers.on(AskStation, ask)
