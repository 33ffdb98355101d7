"""Labels, and the labeler's process."""

from ....labeler.updates import Patch
from ..labeler_proxy import LabelerProxy
from ..schemas.from_window import Label, LeaveTake, StartLabeler
from .table import WindowHandlers


def add_labeling(handlers: WindowHandlers, labeler: LabelerProxy) -> None:
    """Ask the labeler, tell it what a window left, and start it again after it ended."""

    async def label(asked: Label, window: str) -> Patch:
        return await labeler.ask(asked.request.model_copy(update={"window": window}))

    async def leave(asked: LeaveTake, window: str) -> None:
        await labeler.leave(window, asked.take)

    async def start(_asked: StartLabeler, _window: str) -> None:
        labeler.start_again()

    handlers.on(Label, label)
    handlers.on(LeaveTake, leave)
    handlers.on(StartLabeler, start)
