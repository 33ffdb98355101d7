"""Objects that are looked for by their names in one frame, and what was found until somebody takes
it: nothing is saved before."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import uuid4

from ..datasets.labels.edits import Edit, LockMask, MaskKey, RemovePrompt, SetMask
from ..datasets.labels.masks import MaskRecord, MaskSource, encode
from ..datasets.labels.origins import Origin, Origins
from ..datasets.labels.snapshot import Snapshot
from .diff import EditResult, run_lengths
from .errors import NoSuchFrame, NothingToTake
from .finders.interface import Detection, Finder
from .history import History
from .interactive import knowing
from .prompts import prompts_at
from .take_frames import TakeFrames
from .updates import ShownDetection, ShownFinding

KEPT = 50  # findings of a take that nobody took


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What was found of an object in one frame, the surest first, and by which words."""

    place: MaskKey
    origin: Origin
    detections: Sequence[Detection]


class Findings:
    """Those of one take. Safe to use from several threads."""

    def __init__(self, take_frames: TakeFrames) -> None:
        self.origins = Origins(take_frames.folder)
        self._take_frames = take_frames
        self._kept: OrderedDict[str, Finding] = OrderedDict()
        self._lock = Lock()

    def look(
        self,
        place: MaskKey,
        snapshot: Snapshot,
        finder: Finder,
        name: str,
        cancelled: Callable[[], bool],
    ) -> ShownFinding | None:
        """For an object's name, and where that finds nothing for its synonyms, one after the other;
        None once it is ``cancelled``. ``name``: of the finder. Raises NoSuchFrame, and what the
        finder raises."""
        camera, frame, called = place
        known = camera in self._take_frames.cameras
        if not known or not 0 <= frame < self._take_frames.count(camera):
            raise NoSuchFrame(camera, frame)
        image = self._take_frames.image(camera, frame)
        for words in snapshot.called(called):
            found = finder.find(image, words, lambda: not cancelled())
            if cancelled():
                return None
            if found:
                return self._keep(Finding(place, Origin(finder=name, words=words), found))
        return _shown("", Finding(place, Origin(finder=name, words=called), ()))

    def take(self, known_by: str, choice: int, name: str, history: History) -> EditResult:
        """One mask of a finding becomes that of the object, and is locked, for a person said that
        it is right; clicks that were there go. Raises NothingToTake."""
        with self._lock:
            finding = self._kept.get(known_by)
        if finding is None or choice >= len(finding.detections):
            raise NothingToTake
        camera, frame, _ = finding.place
        record = _record(finding.detections[choice])
        done = history.change(lambda now: taking(now, (camera, frame, name), record))
        self.origins.add(camera, frame, record.rle, finding.origin)
        return done

    def _keep(self, finding: Finding) -> ShownFinding:
        known_by = uuid4().hex
        with self._lock:
            self._kept[known_by] = finding
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return _shown(known_by, finding)


def taking(now: Snapshot, place: MaskKey, record: MaskRecord) -> list[Edit]:
    """A mask that a person chose takes the place of what was said there; nothing where it is there
    already."""
    before = now.masks.get(place)
    if before == record:
        return []
    unlock = [LockMask(*place, False)] if before is not None and before.locked else []
    prompts = map(RemovePrompt, prompts_at(now, *place))
    return [*knowing(now, place[2]), *prompts, *unlock, SetMask(*place, record)]


def _record(detection: Detection) -> MaskRecord:
    score = min(1.0, max(0.0, detection.score))
    return MaskRecord(
        rle=encode(detection.mask), source=MaskSource.MODEL, confidence=score, locked=True
    )


def _shown(known_by: str, finding: Finding) -> ShownFinding:
    camera, frame, name = finding.place
    return ShownFinding(
        known_by=known_by,
        camera=camera,
        frame=frame,
        object=name,
        finder=finding.origin.finder,
        words=finding.origin.words,
        found=[
            ShownDetection(rle=run_lengths(encode(each.mask)), score=round(each.score, 3))
            for each in finding.detections
        ],
    )
