"""A labeling service with made-up methods, and what it tells of itself."""

import threading
import time
from pathlib import Path
from typing import Any

from teachloop.labeler.methods import Methods
from teachloop.labeler.presence import Clock
from teachloop.labeler.requests import REQUEST
from teachloop.labeler.service import LabelingService
from teachloop.labeler.settings import LabelerSettings, Method
from teachloop.labeler.updates import LabelProgress, Patch, Update
from teachloop.runtime.validation import validated

MADE_UP = LabelerSettings(
    segmenters={
        "squares": "made_up_methods:Squares",
        "lookers": "made_up_methods:Lookers",
        "nested-lookers": Method(factory="made_up_methods:NestedLookers", several=True),
        "nested": Method(factory="made_up_methods:Nested", several=True),
        "keepers": "made_up_methods:Keepers",
        "deliberate": "made_up_methods:Deliberate",
        "failing": "made_up_methods:FailingKeepers",
        "blind": "made_up_methods:BlindLookers",
    },
    propagators={"slow": "made_up_methods:SlowCopies"},
)


class Page:
    """The service of a data folder, and what it told by itself."""

    def __init__(
        self, data: Path, settings: LabelerSettings = MADE_UP, clock: Clock = time.monotonic
    ) -> None:
        self.told: list[Update] = []
        self.ended = threading.Event()
        self.service = LabelingService(data, Methods(settings), self._hear, clock)

    def _hear(self, update: Update) -> None:
        self.told.append(update)
        if isinstance(update, LabelProgress) and update.state != "running":
            self.ended.set()

    def act(self, action: str, take: str = "one", **fields: Any) -> Patch:
        request = validated(REQUEST, {"action": action, "take": take, **fields})
        return self.service.do(request)

    def last_word(self) -> LabelProgress:
        assert self.ended.wait(30), "the page still shows it running"
        last = self.told[-1]
        assert isinstance(last, LabelProgress)
        return last
