"""Labels, and the labeler's process."""

from ....labeler.updates import Patch
from ..labeler_proxy import LabelerProxy
from ..schemas.from_window import Label, StartLabeler
from .table import WindowHandlers


def add_labeling(handlers: WindowHandlers, labeler: LabelerProxy) -> None:
    """Ask the labeler, and start it again after it ended."""

    async def label(asked: Label, _window: str) -> Patch:
        return await labeler.ask(asked.request)

    async def start(_asked: StartLabeler, _window: str) -> None:
        labeler.start_again()

    handlers.on(Label, label)
    handlers.on(StartLabeler, start)
