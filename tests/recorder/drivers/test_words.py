import pytest

from teachloop.recorder.drivers.franka.link import Mode
from teachloop.recorder.drivers.franka.words import (
    arm_of,
    connection_words,
    other_arm_words,
    stopped_words,
)

AT = "172.16.0.2"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "libfranka: Connection to FCI refused. Please install FCI feature",
            "Activate FCI in Desk",
        ),
        ("libfranka: Connection timeout. Please check your network", "ping 172.16.0.2"),
        ("libfranka: Connection error: Net Exception: No route to host", "ping 172.16.0.2"),
        ("libfranka: server closed connection", "one client at a time"),
        ("something new", "something new"),
    ],
)
def test_why_there_is_no_robot_is_said_with_what_to_do(said: str, words: str) -> None:
    assert words in connection_words(AT, said)


@pytest.mark.parametrize(("version", "arm"), [(3, "panda"), (5, "panda"), (6, "fr3"), (11, "fr3")])
def test_a_version_tells_which_arm_it_is(version: int, arm: str) -> None:
    assert arm_of(version) == arm
    assert f"limits.arm to {arm}." in other_arm_words(AT, version)


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        (4, "Panda (FER) with system version 4.0 or newer. Install the wheel of panda-python that "
            "has libfranka 0.8.0, from the releases of panda-py."),
        (8, "FR3 with system version 5.7.0 or newer. Install the wheel of panda-python that has "
            "libfranka 0.14.2, from the releases of panda-py."),
        (10, "libfranka 0.21.3, from the releases of panda-py."),
        (77, "No driver for that is known."),
    ],
)  # fmt: skip
def test_of_another_version_the_wheel_that_fits_is_named(theirs: int, words: str) -> None:
    said = f"libfranka: Incompatible library version (server version: {theirs}, library version: 5)"
    assert connection_words(AT, said).endswith(words)


def test_a_robot_that_may_move_needs_no_words() -> None:
    assert stopped_words([], Mode.IDLE) == ""
    assert stopped_words([], Mode.MOVE) == ""


@pytest.mark.parametrize("mode", [mode for mode in Mode if mode not in (Mode.IDLE, Mode.MOVE)])
def test_whatever_else_it_does_is_said(mode: Mode) -> None:
    assert stopped_words([], mode).startswith("The robot")


def test_an_error_is_named_as_franka_names_it_and_explained() -> None:
    words = stopped_words(["communication_constraints_violation", "made_up_one"], Mode.REFLEX)
    assert "communication_constraints_violation, made_up_one" in words
    assert "real-time kernel" in words
    assert "made up one" in words
