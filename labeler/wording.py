"""What is said of a take in words, each change saved at once."""

from collections.abc import Sequence
from datetime import datetime, timezone

from ..datasets.labels.edits import (
    AddComment,
    Edit,
    RenameObject,
    Segment,
    SetInstruction,
    SetParaphrases,
    SetReview,
    SetSegments,
    SetSynonyms,
    ended,
)
from ..datasets.labels.label_values import Comment, ObjectLabel, Review
from ..datasets.labels.snapshot import Snapshot
from .consistency.remedies import Remedy
from .diff import EditResult
from .errors import NoSuchObject, NothingSaid
from .history import History
from .mask_changes import naming
from .paraphrasing.interface import Wordings
from .rewording import remedied


class Wording:
    """Words are replaced as a whole, so what replaces them takes an optional ``base_revision``,
    what its author last saw, and raises StaleRevision where somebody else changed these very words
    since."""

    def __init__(self, history: History) -> None:
        self.history = history

    def set_instruction(self, text: str | None, base_revision: int | None = None) -> EditResult:
        """The task in words; None means as recorded."""
        edits = [SetInstruction(text)]
        return self.history.change(lambda now: edits, base_revision, lambda said: said.instruction)

    def set_paraphrases(self, texts: Sequence[str], base_revision: int | None = None) -> EditResult:
        edits = [SetParaphrases(tuple(texts))]
        return self.history.change(lambda now: edits, base_revision, lambda said: said.paraphrases)

    def wordings(self, recorded: str, base_revision: int | None = None) -> Wordings:
        """What others could be made of. ``recorded``: the instruction where nobody wrote another.
        Raises StaleRevision."""
        now = self.history.seen(base_revision, _all_words)
        return Wordings(
            instruction=now.instruction or recorded,
            paraphrases=now.paraphrases,
            called=tuple(now.called(label.name) for label in now.objects),
        )

    def set_objects(
        self, objects: Sequence[ObjectLabel], base_revision: int | None = None
    ) -> EditResult:
        """The objects that masks are of; masks and prompts of those left out go."""
        return self.history.change(
            lambda now: list(naming(now, objects)), base_revision, lambda said: said.objects
        )

    def rename_object(self, known: str, name: str) -> EditResult:
        """An object has another name, and keeps its masks, prompts and synonyms, as one change;
        nothing where it has that name by now. Raises NoSuchObject, ObjectExists."""

        def edits(now: Snapshot) -> list[Edit]:
            names = [label.name for label in now.objects]
            if known not in names and name not in names:
                raise NoSuchObject(known)
            return [RenameObject(known, name)] if known in names and known != name else []

        return self.history.change(edits)

    def set_synonyms(
        self, name: str, synonyms: Sequence[str], base_revision: int | None = None
    ) -> EditResult:
        """What else an object is called. Raises NoSuchObject, and ObjectExists where another one is
        called so."""

        def edits(now: Snapshot) -> list[Edit]:
            if name not in [label.name for label in now.objects]:
                raise NoSuchObject(name)
            return [SetSynonyms(name, tuple(synonyms))]

        return self.history.change(edits, base_revision, lambda said: said.called(name))

    def set_segments(
        self, segments: Sequence[Segment], base_revision: int | None = None
    ) -> EditResult:
        """The parts of the take with a sub-task of their own."""
        edits = [SetSegments(tuple(segments))]
        return self.history.change(lambda now: edits, base_revision, lambda said: said.segments)

    def reword(self, remedy: Remedy, recorded: str) -> EditResult:
        """Put these words right, as one change; nothing where there are none of them. ``recorded``:
        the instruction where nobody wrote another."""
        return self.history.change(lambda now: remedied(remedy, now, recorded))

    def set_success(self, success: bool | None, *, partly: bool = False) -> EditResult:
        return self.history.change(lambda now: ended(success, partly=partly))

    def set_review(self, review: Review, text: str = "") -> EditResult:
        """Be done with the labels, approve them, or send them back. Who did it, when and with which
        comment, the labels keep. Raises NothingSaid where they are sent back without a comment."""
        if review == "returned" and not text:
            raise NothingSaid
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        comment = Comment(author=self.history.author, time=now, review=review, text=text)
        return self.history.change(lambda now: [SetReview(review), AddComment(comment)])


def _all_words(said: Snapshot) -> tuple[str, ...]:
    names = (name for label in said.objects for name in said.called(label.name))
    return (said.instruction or "", *said.paraphrases, *names)
