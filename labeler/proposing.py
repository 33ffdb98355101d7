"""Other wordings are proposed to who asks for them, each time in a thread of its own."""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event, Thread

from ..runtime.disk_errors import in_words
from ..runtime.errors import TeachloopError
from .mask_requests import Request
from .methods import Methods
from .paraphrasing.interface import Cancelled, Paraphraser, Wordings
from .paraphrasing.proposals import proposals
from .progress import TELL_S
from .requests import Propose
from .session import LabelingSession
from .suggestions.newest import Newest
from .updates import Tell, WordingsProposed

logger = logging.getLogger(__name__)
FAILED = "The paraphraser failed"


class Proposing:
    """Of what one window asks, the last alone is answered."""

    def __init__(
        self, methods: Methods, tell: Tell, giving_way: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """``giving_way``: entered while a paraphraser computes."""
        self._methods, self._tell, self._giving_way = methods, tell, giving_way
        self._newest = Newest()
        self._closed = Event()

    def begin(self, request: Propose, session: LabelingSession) -> None:
        """WordingsProposed tells what comes of it. Raises StaleRevision, UnknownMethod,
        UnusableMethod, and what a paraphraser without weights raises."""
        paraphraser = self._methods.paraphraser(request.paraphraser)
        said = session.wordings(session.take_frames.recorded.instruction, request.base_revision)
        replaced = self._newest.begin(_window(request))

        def over() -> bool:
            return replaced() or self._closed.is_set()

        Thread(target=self._run, args=(request, paraphraser, said, over), daemon=True).start()

    def stop(self, request: Request) -> None:
        """What the window asked for is of no use any more; nothing is told of it."""
        self._newest.begin(_window(request))

    def close(self) -> None:
        """End all that runs."""
        self._closed.set()

    def _run(
        self, request: Propose, paraphraser: Paraphraser, said: Wordings, over: Cancelled
    ) -> None:
        """Also where it fails, the page hears of its end."""
        begun = WordingsProposed(
            take=request.take, window=request.window, source=paraphraser.name, state="running"
        )
        try:
            with self._giving_way():
                found = proposals(paraphraser, said, self._progress(begun, over), over)
            told = {"state": "done", "proposals": list(found.texts), "message": found.in_words}
        except Exception as error:
            if not isinstance(error, TeachloopError):
                logger.error("%s.", FAILED, exc_info=error)
            told = {"state": "failed", "message": in_words(error, FAILED)}
        if not over():
            self._tell(begun.model_copy(update=told))

    def _progress(self, begun: WordingsProposed, over: Cancelled) -> Callable[[float], None]:
        """Tells not too often how far it is."""
        told = 0.0

        def progress(share: float) -> None:
            nonlocal told
            if time.monotonic() - told > TELL_S and not over():
                told = time.monotonic()
                self._tell(begun.model_copy(update={"progress": share}))

        return progress


def _window(request: Request) -> tuple[str, str]:
    return request.window, request.author
