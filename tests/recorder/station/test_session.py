import pytest

from teachloop.recorder.station.session import Phase, Running, Session, WrongPhase

S = 1_000_000_000


def recorded(session: Session, take: str, start_ns: int = 0, stop_ns: int = 5 * S) -> None:
    session.start(start_ns)
    assert session.due(start_ns)
    session.opened(take)
    assert session.begin(start_ns)
    assert session.stop(stop_ns) == take


def test_a_take_goes_from_idle_to_review_and_stays_when_kept() -> None:
    session = Session()
    recorded(session, "a")
    assert session.phase is Phase.REVIEW
    assert session.take is not None
    assert session.take.seconds(99 * S) == 5.0
    assert session.keep().id == "a"
    assert (session.phase, session.kept, session.binned) == (Phase.IDLE, ["a"], [])


def test_a_discarded_take_can_be_restored() -> None:
    session = Session()
    recorded(session, "a")
    session.discard()
    assert (session.kept, session.binned) == ([], ["a"])
    assert session.restore() == "a"
    assert (session.kept, session.binned) == (["a"], [])


def test_undo_takes_back_the_last_kept_takes_one_by_one() -> None:
    session = Session(kept=["c", "a", "b"])  # in the order in which they were kept
    assert [session.undo(), session.undo()] == ["b", "a"]
    assert session.restore() == "a", "which went there last"
    assert session.kept == ["c", "a"]
    session.restore("b")
    assert session.kept == ["c", "a", "b"]


def test_undo_of_a_named_take_leaves_the_others() -> None:
    session = Session(kept=["a", "b", "c"])
    assert session.undo("b") == "b"
    assert (session.kept, session.binned) == (["a", "c"], ["b"])


def test_what_lies_on_disk_counts_more_than_what_was_asked_for() -> None:
    session = Session(kept=["a", "b"], binned=["c"])
    session.learn(kept=["b", "c"], binned=["a", "of another session"])
    assert (session.kept, session.binned) == (["b", "c"], ["a"])


def test_what_was_removed_for_good_is_known_no_more() -> None:
    session = Session(kept=["a", "b"], binned=["c", "d"])
    session.learn(kept=["a"], binned=["d"], removed=["b", "c"])
    assert (session.kept, session.binned) == (["a"], ["d"])
    assert session.last_kept() == "a"


def test_a_countdown_ends_when_it_is_over_and_asks_for_the_file_once() -> None:
    session = Session()
    session.start(0, countdown_s=3.0)
    assert session.countdown_s(S) == 2.0
    assert not session.due(3 * S - 1)
    assert session.due(3 * S)
    assert not session.due(4 * S)
    assert not session.begin(4 * S), "it has no file yet"
    session.opened("a")
    assert session.begin(5 * S)
    assert session.take is not None
    assert session.take.started_ns == 5 * S


def test_a_countdown_is_over_once_somebody_says_so() -> None:
    session = Session()
    with pytest.raises(WrongPhase, match="Cannot begin at once: the session is idle"):
        session.begin_now(0)
    session.start(0, countdown_s=3.0)
    session.begin_now(S)
    assert session.countdown_s(S) == 0.0
    assert session.due(S)
    session.begin_now(2 * S)
    assert not session.due(2 * S), "the file is asked for once"


def test_a_countdown_that_waits_begins_once_it_is_clear() -> None:
    session = Session()
    session.start(0, countdown_s=3.0, waits=True)
    assert session.countdown_s(99 * S) == 3.0
    assert not session.due(99 * S)
    with pytest.raises(WrongPhase, match="arm or scene are not ready yet"):
        session.begin_now(99 * S)
    session.clear(100 * S)
    assert session.countdown_s(101 * S) == 2.0
    assert session.due(103 * S)
    session.stop(103 * S)
    with pytest.raises(WrongPhase):
        session.clear(104 * S)


def test_stopping_a_countdown_leaves_nothing() -> None:
    session = Session()
    session.start(0, countdown_s=3.0)
    assert session.stop(S) is None
    assert (session.phase, session.take) == (Phase.IDLE, None)
    with pytest.raises(WrongPhase):
        session.opened("too late")


def test_practice_saves_nothing_and_may_turn_into_a_take() -> None:
    session = Session()
    session.practise()
    assert session.stop(S) is None
    session.practise()
    session.start(S)
    assert session.phase is Phase.COUNTDOWN


@pytest.mark.parametrize("do", ["keep", "discard", "undo", "restore"])
def test_what_does_not_apply_is_refused_in_words(do: str) -> None:
    with pytest.raises(WrongPhase, match=r"\w+ \w+ \w+"):
        getattr(Session(), do)()


def test_a_second_start_is_refused_until_the_take_is_decided() -> None:
    session = Session()
    recorded(session, "a")
    with pytest.raises(WrongPhase, match="Cannot start a take: the session is review"):
        session.start(9 * S)


def test_undo_of_what_another_session_kept_names_it() -> None:
    with pytest.raises(WrongPhase, match="b was not kept in this session"):
        Session(kept=["a"]).undo("b")


def test_what_another_session_binned_can_come_back_and_is_not_undone() -> None:
    session = Session(binned=["a"])
    assert session.restore("b") == "b"
    assert (session.kept, session.binned) == ([], ["a"])


def test_a_countdown_that_is_over_has_no_seconds_left() -> None:
    session = Session()
    session.start(0, countdown_s=3.0)
    assert session.countdown_s(3 * S + 1) == 0.0
    assert session.countdown_s(99 * S) == 0.0


def test_nothing_is_due_outside_a_countdown() -> None:
    session = Session()
    for phase in set(Phase) - {Phase.COUNTDOWN}:
        session.phase = phase
        assert not session.due(S)
        assert not session.begin(S)
        assert session.countdown_s(-S) == 0.0
    session.phase = Phase.COUNTDOWN
    assert session.due(S)


def test_what_was_not_recorded_is_not_reviewed_whatever_take_was_there() -> None:
    for phase in (Phase.PRACTISING, Phase.COUNTDOWN):
        session = Session(phase=phase, take=Running("a", False, 0))
        assert session.stop(S) is None
        assert (session.phase, session.take) == (Phase.IDLE, None)


def test_a_file_is_opened_in_a_countdown_alone_and_forgotten_with_it() -> None:
    session = Session()
    with pytest.raises(WrongPhase, match="Cannot open a take: the session is idle"):
        session.opened("a")
    session.start(0)
    session.opened("a")
    session.stop(S)
    session.start(2 * S, until_done=True)
    assert not session.begin(2 * S), "its own file is not there yet"
    session.opened("b")
    assert session.begin(3 * S)
    assert session.take is not None
    assert (session.take.id, session.take.until_done, session.take.started_ns) == ("b", True, 3 * S)


def test_the_seconds_of_a_take_are_those_until_it_was_stopped() -> None:
    take = Running("a", False, 2 * S)
    assert take.seconds(5 * S) == 3.0
    assert take.seconds(S) == 0.0, "a clock that was read before"
    take.stopped_ns = 4 * S
    assert take.seconds(5 * S) == 2.0


def test_a_writer_that_is_gone_leaves_nothing_to_review() -> None:
    session = Session()
    session.start(0)
    session.opened("a")
    session.begin(0)
    session.abandon()
    assert (session.phase, session.take) == (Phase.IDLE, None)
    with pytest.raises(WrongPhase):
        session.keep()
