"""What is looked for in a take while somebody waits for it: where clicks on an object may belong,
and where it is by its name. Of what one began after the other, only the newest goes on."""

from functools import partial
from pathlib import Path
from threading import BoundedSemaphore

from .errors import OthersLook
from .mask_requests import Find, StopFinding, StopSuggesting, Suggest
from .methods import Methods
from .open_takes import OpenTake
from .session import LabelingSession
from .suggestions.newest import Newest
from .suggestions.other_takes import takes_alike
from .suggestions.suggest import shown, suggestions
from .updates import ShownFinding, ShownSuggestion

MOST_LOOKS = 4  # that somebody waits for at once: whoever clicks is to be answered all the same


class Searches:
    """Of all takes. Safe to use from several threads."""

    def __init__(self, data: Path, methods: Methods) -> None:
        self._data, self._methods = data, methods
        self._suggesting, self._finding = Newest(), Newest()
        self._looks = BoundedSemaphore(MOST_LOOKS)

    def suggest(self, request: Suggest, session: LabelingSession) -> list[ShownSuggestion]:
        """Raises CatalogUnusable."""
        over = self._suggesting.begin((request.take, request.author))
        others = partial(takes_alike, self._data, request.take, request.object)
        found = suggestions(session.take_frames, session.snapshot, request.object, over, others)
        return [shown(each, request.object) for each in found]

    def find(self, request: Find, take: OpenTake) -> ShownFinding | None:
        """None where it was given up. Raises OthersLook, NoSuchFrame, UnknownMethod,
        UnusableMethod, and what the finder raises."""
        over = self._finding.begin((request.take, request.author, request.window))
        finder, name = self._methods.finder(request.finder)
        place = request.camera, request.frame, request.object
        if not self._looks.acquire(blocking=False):
            raise OthersLook(MOST_LOOKS)
        try:
            return take.findings.look(place, take.session.snapshot, finder, name, over)
        finally:
            self._looks.release()

    def stop(self, request: StopSuggesting | StopFinding) -> None:
        """Nothing of it is wanted any more."""
        if isinstance(request, StopSuggesting):
            self._suggesting.begin((request.take, request.author))
        else:
            self._finding.begin((request.take, request.author, request.window))
