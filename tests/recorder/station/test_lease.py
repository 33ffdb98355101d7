import pytest

from teachloop.recorder.station.lease import Lease, LeaseRefused

S = 1_000_000_000


def test_one_client_holds_it_and_the_other_is_told_who() -> None:
    lease = Lease()
    token = lease.acquire("left", 0)
    with pytest.raises(LeaseRefused, match="left holds the controls"):
        lease.acquire("right", 1)
    with pytest.raises(LeaseRefused, match="left holds the controls"):
        lease.check("wrong", 1)
    lease.check(token, 1)


def test_it_falls_after_a_second_of_silence() -> None:
    lease = Lease()
    token = lease.acquire("left", 0)
    assert not lease.silent(S - 1)
    lease.check(token, S - 1)
    assert not lease.silent(S)
    assert lease.silent(2 * S - 1)


def test_taking_over_ends_the_other_token() -> None:
    lease = Lease()
    old = lease.acquire("left", 0)
    new = lease.acquire("right", 0, take_over=True)
    with pytest.raises(LeaseRefused):
        lease.check(old, 0)
    lease.check(new, 0)
    assert lease.client == "right"


def test_a_name_is_no_proof() -> None:
    """Two servers name their windows alike."""
    lease = Lease()
    token = lease.acquire("window 1", 0)
    with pytest.raises(LeaseRefused, match="window 1 holds the controls"):
        lease.acquire("window 1", 1)
    assert lease.held_by(token)
    again = lease.acquire("window 1", 1, token=token)
    assert lease.held_by(again)
    assert not lease.held_by(None)


def test_nobody_holds_it_by_an_empty_token() -> None:
    lease = Lease()
    assert not lease.held_by("")
    lease.acquire("left", 0)
    with pytest.raises(LeaseRefused):
        lease.acquire("right", 0, token="")


def test_whoever_has_the_token_may_pass_it_on() -> None:
    lease = Lease()
    token = lease.acquire("window 1", 0)
    lease.acquire("window 2", 0, token=token)
    assert lease.client == "window 2"


def test_nobody_is_never_silent_and_commands_nothing() -> None:
    lease = Lease()
    assert not lease.silent(10**15)
    with pytest.raises(LeaseRefused, match="Acquire"):
        lease.check("", 0)
    lease.acquire("left", 0)
    lease.release()
    with pytest.raises(LeaseRefused):
        lease.check("", 0)
    lease.acquire("right", 0)
    with pytest.raises(LeaseRefused):
        lease.acquire("other", 0, token="")
