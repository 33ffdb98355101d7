"""Takes that were asked for and not wanted any more, or that the disk refuses; the writer's part is
played here, message by message."""

from collections.abc import Callable
from typing import Any

import pytest

from teachloop.datasets.embodiment import FRANKA
from teachloop.recorder.station.commands import TakeAnswer
from teachloop.recorder.station.health import Health
from teachloop.recorder.station.recording_controller import RecordingController
from teachloop.recorder.station.session import Phase
from teachloop.recorder.writer.messages import (
    Done,
    Drop,
    Ending,
    Finish,
    Finished,
    Forget,
    Keep,
    Open,
    Recall,
    RecordEvent,
    Remember,
    TakeFacts,
)
from teachloop.runtime.ipc.messages import Failed

S = 1_000_000_000


class Line:
    """To a writer that answers when the test says so."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.waiting: list[tuple[Any, Callable[[Any], None]]] = []

    def tell(self, message: Any) -> None:
        self.told.append(message)

    def ask(self, question: Any, answer: Callable[[Any], None]) -> None:
        self.told.append(question)
        self.waiting.append((question, answer))

    def answer(self, reply: Any) -> None:
        """To the question that waits longest."""
        self.waiting.pop(0)[1](reply)

    def kinds(self) -> list[type]:
        """Of what it was told, but of events."""
        return [type(each) for each in self.told if not isinstance(each, RecordEvent)]


def facts() -> TakeFacts:
    return TakeFacts(
        task="", instruction="", operator="", taught_by="", replay_of="", robot="",
        embodiment=FRANKA, payload=None, rate_hz=20.0, cameras={}, limits={}, scene="",
    )  # fmt: skip


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def controller(line: Line) -> RecordingController:
    """Ten seconds of a practice are over."""
    controller = RecordingController(line, Health(20.0), facts)  # type: ignore[arg-type]
    controller.session.practise()
    controller.remember(S, 0)
    assert line.kinds() == [Remember]
    return controller


def recall(controller: RecordingController, now_ns: int = 11 * S) -> list[TakeAnswer | Failed]:
    answers: list[TakeAnswer | Failed] = []
    controller.recall(now_ns, answers.append, success=None)
    return answers


def test_what_was_practised_is_reviewed(controller: RecordingController, line: Line) -> None:
    answers = recall(controller)
    line.answer(Done(take="a"))
    assert line.kinds()[1:] == [Open, Recall, Forget, Finish]
    assert controller.session.phase is Phase.REVIEW
    line.answer(Finished(take="a", start_ns=3 * S, silent_s={}))
    assert answers == [TakeAnswer(take="a")]
    assert controller.session.take is not None
    assert controller.session.take.seconds(99 * S) == 8.0, "as long as what lies on disk"


def test_what_the_disk_refused_can_be_kept_later(
    controller: RecordingController, line: Line
) -> None:
    answers = recall(controller)
    line.answer(Failed(error="The disk is full."))
    assert isinstance(answers[0], Failed)
    assert controller.session.phase is Phase.IDLE, "nothing moves"
    controller.remember(15 * S, 0)
    assert Forget not in line.kinds()
    assert controller.remembered_s(60 * S) == 10.0, "it stands still meanwhile"
    recall(controller, 60 * S)
    line.answer(Done(take="b"))
    (recalled,) = [each for each in line.told if isinstance(each, Recall)]
    assert recalled.time_ns == 11 * S
    assert controller.session.phase is Phase.REVIEW


def test_one_that_was_refused_is_forgotten_when_something_else_begins(
    controller: RecordingController, line: Line
) -> None:
    recall(controller)
    line.answer(Failed(error="The disk is full."))
    controller.start(12 * S, lambda _answer: None, countdown_s=0.0, until_done=False)
    assert line.kinds()[-2:] == [Forget, Open]
    assert controller.remembered_s(13 * S) == 0.0


def test_a_take_that_was_stopped_is_not_taken_for_the_next(
    controller: RecordingController, line: Line
) -> None:
    answers = recall(controller)
    stops: list[TakeAnswer | Failed] = []
    controller.stop(11 * S, stops.append)
    controller.start(11 * S, lambda _answer: None, countdown_s=0.0, until_done=False)
    line.answer(Done(take="first"))
    assert isinstance(line.told[-1], Drop)
    assert line.told[-1].take == "first"
    assert isinstance(answers[0], Failed)
    assert controller.session.phase is Phase.COUNTDOWN, "the second one is still awaited"
    line.answer(Done(take="second"))
    assert controller.begin(12 * S, 0)
    assert controller.session.take is not None
    assert controller.session.take.id == "second"


def test_a_practice_that_is_stopped_and_begun_again_is_another(
    controller: RecordingController, line: Line
) -> None:
    controller.stop(20 * S, lambda _answer: None)
    controller.session.practise()
    controller.remember(21 * S, 0)
    assert line.kinds()[1:] == [Forget, Remember]
    assert controller.remembered_s(23 * S) == 2.0


def test_a_verdict_that_says_the_same_leaves_what_was_partly_done(
    controller: RecordingController, line: Line
) -> None:
    recall(controller)
    line.answer(Done(take="a"))
    controller.mark(12 * S, Ending(success=False, partly=True), None, lambda _answer: None)
    controller.keep(False, lambda _answer: None)
    (kept,) = [each for each in line.told if isinstance(each, Keep)]
    assert kept.ending == Ending(success=False, partly=True)
