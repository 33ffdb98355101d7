"""Wrong passwords: who has to wait."""

import time

import pytest

from teachloop.runtime.attempts import MOST, REMEMBERED, WITHIN_S, Attempts, network_of


def guess(attempts: Attempts, who: str, times: int = MOST) -> None:
    for number in range(times):
        attempts.failed(who, f"{times} {number}")


def test_who_guesses_waits_and_nobody_else() -> None:
    attempts = Attempts()
    guess(attempts, "guesser", MOST - 1)
    assert attempts.wait_s("guesser") == 0
    guess(attempts, "guesser", 1)
    assert 0 < attempts.wait_s("guesser") <= WITHIN_S
    assert attempts.wait_s("owner") == 0


def test_who_says_the_same_wrong_one_again_guesses_nothing() -> None:
    attempts = Attempts()
    for _ in range(5 * MOST):
        attempts.failed("misconfigured", "old password")
    assert attempts.wait_s("misconfigured") == 0


def test_after_a_minute_they_may_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts, now = Attempts(), time.monotonic()
    guess(attempts, "guesser")
    monkeypatch.setattr(time, "monotonic", lambda: now + WITHIN_S + 1)
    assert attempts.wait_s("guesser") == 0


def test_many_guessers_fill_no_memory() -> None:
    attempts = Attempts()
    for number in range(REMEMBERED + 5):
        guess(attempts, str(number))
    assert attempts.wait_s("0") == 0
    assert attempts.wait_s(str(REMEMBERED)) > 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8::1", "2001:db8::2:3", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.2", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
    ],
)
def test_an_address_stands_for_whoever_may_choose_it(one: str, other: str, same: bool) -> None:
    assert (network_of((one, 1)) == network_of((other, 2))) is same


def test_a_socket_file_has_no_address() -> None:
    assert network_of(None) == ""
