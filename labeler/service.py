"""Does what is asked of the labels of takes: one owner of what is open and of what computes."""

import logging
import time
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from threading import Lock, Thread

from ..datasets.labels.edits import MaskKey
from ..datasets.labels.snapshot import Snapshot
from ..datasets.takes.poster import make_poster
from ..datasets.takes.reader import Take
from ..datasets.takes.take_folder import find_take
from ..runtime.disk_errors import in_words
from ..runtime.errors import TeachloopError
from .actions import do
from .diff import EditResult, patch
from .frame_order import frames_ahead
from .look_ahead import LookAhead, Wish
from .mask_requests import (
    Cancel,
    Find,
    Prompting,
    Propagate,
    Request,
    Show,
    StopFinding,
    StopSuggesting,
    Suggest,
    TakeFound,
)
from .methods import Methods
from .open_takes import OpenTake, OpenTakes
from .presence import Clock, Presence
from .progress import Progress
from .proposing import Proposing
from .requests import LabelRequest, Propose, Read, Redo, RenameObject, StopProposing, Undo
from .searches import Searches
from .segmenters.embedding_files import EmbeddingFolder
from .segmenters.interface import KeepingSegmenter
from .session import LabelingSession
from .settings import LabelerSettings
from .stand_ins import Looked
from .updates import LabelProgress, LabelsChanged, Patch, Steps, Tell

logger = logging.getLogger(__name__)


class LabelingService:
    """Safe to call from several threads; takes do not wait for each other, and nobody waits
    for a propagation."""

    def __init__(
        self, data: Path, methods: Methods, tell: Tell, clock: Clock = time.monotonic
    ) -> None:
        self.presence = Presence(clock)
        self._data = data
        self._tell = tell
        self._methods = methods
        self._embeddings = EmbeddingFolder(data, _room(methods.settings))
        self._takes = OpenTakes(methods, self._embeddings)
        self._ahead = LookAhead(self._takes, self._embeddings)
        self._starting = Lock()
        self._searches = Searches(data, methods)
        self._proposing = Proposing(methods, tell, self._ahead.giving_way)

    def do(self, request: LabelRequest) -> Patch:
        """What a request changed; all labels where they are read.

        Raises NoSuchTake, what opening a take may raise, and what ``actions.do`` raises.
        """
        with self._using(request.take) as take:
            session = take.session.by(request.author)
            if isinstance(request, Read):
                return _patch(take, session, Snapshot())
            if isinstance(request, Suggest | Find):
                return self._search(request, take, session)
            if isinstance(request, Propagate):
                self._begin(request, take)
            elif isinstance(request, Cancel):
                take.cancelled.set()
            elif isinstance(request, Show):
                self._look_ahead(request, take)
            elif isinstance(request, StopSuggesting | StopFinding):
                self._searches.stop(request)
            elif isinstance(request, Propose):
                self._proposing.begin(request, session)
            elif isinstance(request, StopProposing):
                self._proposing.stop(request)
            before = session.snapshot
            with self._ahead.pausing():
                change = _done(request, take, session)
            if isinstance(request, RenameObject):
                take.stand_ins.rename(request.object, request.name)
            if change is not None and isinstance(request, Prompting):
                self._follow(request, take, change.stands_in)
            elif change is not None and isinstance(request, Undo | Redo):
                self._follow_again(request, take, change)
            if change is not None or isinstance(request, Propagate):
                self.presence.changed(request.take, request.author, request.window)
            changed = _patch(take, session, before, change)
            if changed.revision != before.revision:
                self._tell(LabelsChanged(take=request.take, revision=changed.revision))
            return changed

    def poster(self, take_id: str) -> bytes:
        """A JPEG of the take. Raises NoSuchTake, NothingShown, and what opening may raise."""
        with Take.open(find_take(self._data, take_id), damaged_too=True) as take:
            return make_poster(take)

    def use(self, settings: LabelerSettings) -> None:
        """From the next click or propagation on; what is under way goes on."""
        self._methods.use(settings)
        self._embeddings.room = _room(settings)
        self._takes.forget_segmenters()
        self._ahead.forget()

    def close(self) -> None:
        """Cancel propagations and close takes; what was answered is saved."""
        self._proposing.close()
        self._ahead.close()
        self._takes.close()

    def _using(self, take_id: str) -> AbstractContextManager[OpenTake]:
        return self._takes.using(find_take(self._data, take_id))

    def _look_ahead(self, request: Show, take: OpenTake) -> None:
        """From now on, at what is near to what somebody sees."""
        if isinstance(self._methods.segmenter(request.segmenter), KeepingSegmenter):
            folder = find_take(self._data, request.take)
            shown = [(each.camera, each.frame) for each in request.frames]
            frames = frames_ahead(take.session.take_frames, take.session.snapshot, shown)
            self._ahead.wish(Wish(folder, request.segmenter, shown, frames))

    def _search(self, request: Suggest | Find, take: OpenTake, session: LabelingSession) -> Patch:
        if isinstance(request, Suggest):
            found = {"suggestions": self._searches.suggest(request, session)}
        else:
            with self._ahead.giving_way():
                found = {"finding": self._searches.find(request, take)}
        return _patch(take, session, session.snapshot).model_copy(update=found)

    def _follow(self, request: Prompting, take: OpenTake, stands_in: bool) -> None:
        """Whoever was asked last counts: where another stands in for it, its mask is to follow."""
        place = (request.camera, request.frame, request.object)
        take.stand_ins.settle(place)
        mask = take.session.snapshot.masks.get(place)
        if stands_in and mask is not None:
            take.stand_ins.remember(place, mask, request.segmenter)
            self._look(request, take, place, request.segmenter)

    def _follow_again(self, request: Undo | Redo, take: OpenTake, change: EditResult) -> None:
        """A mask that stood in came back, after its look ended, it may be."""
        masks = take.session.snapshot.masks
        for place in change.places:
            segmenter = take.stand_ins.asked_for(place, masks.get(place))
            if segmenter is not None:
                self._look(request, take, place, segmenter)

    def _look(self, request: Request, take: OpenTake, place: MaskKey, segmenter: str) -> None:
        """Have the segmenter that was asked look at the frame, in a thread of its own."""
        camera, frame, name = place
        key = (camera, frame, segmenter)
        if take.stand_ins.add(key, (name, request.author)):
            lease = ExitStack()
            lease.enter_context(self._using(request.take))
            looked = (request.take, take, key, lease)
            Thread(target=self._follow_up, args=looked, daemon=True).start()

    def _follow_up(self, take_id: str, take: OpenTake, key: Looked, lease: ExitStack) -> None:
        """Once a frame was looked at, its masks follow those that stood in for them."""
        folder = take.session.take_frames.folder
        with lease, self._ahead.giving_way((folder, *key)):
            try:
                self._catch_up(take_id, take, key)
            except Exception as error:  # the quick masks stay
                take.stand_ins.end(key)
                words, steps = _in_words(error, "The segmenter failed"), _steps(take, take.session)
                self._tell(LabelProgress(take=take_id, state="failed", message=words, patch=steps))

    def _catch_up(self, take_id: str, take: OpenTake, key: Looked) -> None:
        camera, frame, segmenter = key
        take.session.look(camera, frame, segmenter)
        while (waiting := take.stand_ins.next(key)) is not None:
            name, author = waiting
            change = take.session.by(author).segment_again(camera, frame, name, segmenter)
            take.stand_ins.settle((camera, frame, name))
            revision = take.session.snapshot.revision
            self._tell(LabelsChanged(take=take_id, revision=revision, choice=change.choice))

    def _begin(self, request: Propagate, take: OpenTake) -> None:
        """Start a propagation in a thread of its own, unless one runs."""
        with self._starting:
            if take.propagating:
                return
            take.propagating = True
            take.cancelled.clear()
        lease = ExitStack()
        lease.enter_context(self._using(request.take))
        Thread(target=self._propagate, args=(request, take, lease), daemon=True).start()

    def _propagate(self, request: Propagate, take: OpenTake, lease: ExitStack) -> None:
        """Also where it fails, the page hears of its end."""
        session = take.session.by(request.author)
        with lease, self._ahead.giving_way():
            try:
                ended = self._spread(request, take, session)
            except Exception as error:
                words, steps = _in_words(error, "The propagation failed"), _steps(take, session)
                ended = LabelProgress(take=request.take, state="failed", message=words, patch=steps)
            self._tell(ended.model_copy(update={"author": request.author}))

    def _spread(
        self, request: Propagate, take: OpenTake, session: LabelingSession
    ) -> LabelProgress:
        before = session.snapshot
        progress = Progress(request.take, self._tell)
        try:
            progress(0.0)
            session.propagate(request.object, progress, take.cancelled.is_set, request.propagator)
        finally:
            take.propagating = False
        return LabelProgress(
            take=request.take,
            state="cancelled" if take.cancelled.is_set() else "done",
            patch=_patch(take, session, before),
        )


def _done(request: LabelRequest, take: OpenTake, session: LabelingSession) -> EditResult | None:
    """What ``actions.do`` does, and what was found is taken. Raises also NothingToTake."""
    if not isinstance(request, TakeFound):
        return do(request, session)
    return take.findings.take(request.finding, request.choice, request.object, session.history)


def _room(settings: LabelerSettings) -> int:
    return int(settings.embeddings_gb * 1e9)


def _in_words(error: Exception, failed: str) -> str:
    if not isinstance(error, TeachloopError):
        logger.error("%s.", failed, exc_info=error)
    return in_words(error, failed)


def _patch(
    take: OpenTake, session: LabelingSession, before: Snapshot, change: EditResult | None = None
) -> Patch:
    steps, recorded = _steps(take, session), session.take_frames.recorded
    return patch(before, session.snapshot, recorded, steps, change, take.findings.origins)


def _steps(take: OpenTake, session: LabelingSession) -> Steps:
    return Steps(
        can_undo=session.can_undo,
        can_redo=session.can_redo,
        propagating=take.propagating,
        provisional=take.stand_ins.places(session.snapshot),
    )
