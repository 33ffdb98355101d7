"""The takes that are being labelled. One that is in use stays open, however many others come."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock

from .finding import Findings
from .history import History
from .methods import Methods
from .segmenters.embedding_files import EmbeddingFolder
from .segmenters.interface import Files
from .session import LabelingSession
from .stand_ins import StandIns

STAND_IN = "classical"  # answers while another segmenter looks at a frame
KEPT_OPEN = 4  # that nobody uses
KEPT_IN_MIND = 64  # of which everybody can still take back what they did


@dataclass(slots=True)
class OpenTake:
    """One take: its frames and labels, its propagation, and the masks that others will follow."""

    session: LabelingSession
    findings: Findings
    propagating: bool = False
    cancelled: Event = field(default_factory=Event)
    stand_ins: StandIns = field(default_factory=StandIns)


@dataclass(slots=True)
class _Place:
    opening: Lock = field(default_factory=Lock)
    users: int = 0
    take: OpenTake | None = None
    history: History | None = None

    def opened(self, folder: Path, methods: Methods, files: Files) -> OpenTake:
        with self.opening:
            if self.take is None:
                session = LabelingSession.open(
                    folder, methods=methods, history=self.history, stand_in=STAND_IN, files=files
                )
                findings = Findings(session.take_frames)
                self.take, self.history = OpenTake(session, findings), session.history
            return self.take

    def close(self) -> None:
        if self.take is not None:
            self.take.session.close()
            self.take = None


class OpenTakes:
    """Opens takes when they are asked for. Safe to use from several threads."""

    def __init__(self, methods: Methods, embeddings: EmbeddingFolder) -> None:
        self._methods = methods
        self._embeddings = embeddings
        self._places: OrderedDict[Path, _Place] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def using(self, folder: Path) -> Iterator[OpenTake]:
        """The take of a folder, open until the end of the block at least.

        Raises what opening a take and its labels may raise.
        """
        with self._lock:
            place = self._places.setdefault(folder, _Place())
            self._places.move_to_end(folder)
            place.users += 1
        try:
            yield place.opened(folder, self._methods, self._embeddings.of(folder))
        finally:
            with self._lock:
                place.users -= 1
                self._close_idle(KEPT_OPEN, KEPT_IN_MIND)

    def forget_segmenters(self) -> None:
        """Have those of all takes made anew."""
        with self._lock:
            for place in self._places.values():
                if place.take is not None:
                    place.take.session.forget_segmenters()

    def close(self) -> None:
        """Cancel what runs, and close what nobody uses."""
        with self._lock:
            for place in self._places.values():
                if place.take is not None:
                    place.take.cancelled.set()
            self._close_idle(0, 0)

    def _close_idle(self, kept_open: int, kept_in_mind: int) -> None:
        idle = [folder for folder, place in self._places.items() if not place.users]
        for folder in idle[: max(0, len(idle) - kept_open)]:
            self._places[folder].close()
        for folder in idle[: max(0, len(idle) - kept_in_mind)]:
            del self._places[folder]
