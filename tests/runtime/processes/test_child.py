"""A process is started, watched, told in words how it ended, and never left behind."""

import asyncio
import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from teachloop.runtime.processes.child import ENDS_WITH_PARENT, OUTLIVES_PARENT, Bond, Child

READ_TO_END = "import sys; print('up', flush=True); sys.stdin.read(); print('down')"
DEAF = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('up', flush=True); time.sleep(60)"
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log.txt"


def begin(code: str, log: Path, bond: Bond) -> Child:
    return Child.start([sys.executable, "-c", code], log, bond)


def until_up(child: Child) -> None:
    deadline = time.monotonic() + 60
    while "up" not in child.last_words():
        assert time.monotonic() < deadline, "it never spoke"
        time.sleep(0.02)


def test_one_whose_log_cannot_be_written_starts_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    child = begin("import sys; sys.exit(3)", tmp_path / "file" / "log.txt", OUTLIVES_PARENT)
    child.wait()
    assert (child.how_it_ended, child.last_words()) == ("ended with code 3", "")


def test_one_that_ends_with_its_parent_is_asked_by_the_end_of_its_stdin(log: Path) -> None:
    child = begin(READ_TO_END, log, ENDS_WITH_PARENT)
    until_up(child)
    assert (child.running, child.how_it_ended) == (True, None)
    child.stop(grace_s=30)
    assert (child.how_it_ended, child.last_words()) == ("ended with code 0", "down")


def test_one_that_outlives_its_parent_leads_a_session_and_is_asked_by_a_signal(log: Path) -> None:
    child = begin("import time; print('up', flush=True); time.sleep(60)", log, OUTLIVES_PARENT)
    until_up(child)
    assert os.getsid(child.pid) == child.pid
    child.stop(grace_s=30)
    assert child.how_it_ended == "was asked to end from outside"


def test_one_that_does_not_listen_is_killed(log: Path) -> None:
    child = begin(DEAF, log, OUTLIVES_PARENT)
    until_up(child)
    child.stop(grace_s=0.1)
    assert child.how_it_ended == "was killed, by somebody or because the memory ran out"
    assert not psutil.pid_exists(child.pid)


def test_its_last_words_tell_why_it_ended(log: Path) -> None:
    child = begin("raise SystemExit('no such robot')", log, OUTLIVES_PARENT)
    child.wait()
    assert (child.how_it_ended, child.last_words()) == ("ended with code 1", "no such robot")


def test_a_later_start_goes_on_with_the_log(log: Path) -> None:
    for word in ("first", "second"):
        begin(f"print('{word}')", log, OUTLIVES_PARENT).wait()
    assert log.read_text().split() == ["first", "second"]


def test_descriptors_and_environment_reach_it(log: Path) -> None:
    reading, writing = os.pipe()
    code = f"import os; os.write({writing}, os.environ['WORD'].encode())"
    environment = {**os.environ, "WORD": "hello"}
    command = [sys.executable, "-c", code]
    Child.start(
        command, log, OUTLIVES_PARENT, environment=environment, descriptors=[writing]
    ).wait()
    os.close(writing)
    assert os.read(reading, 100) == b"hello"
    os.close(reading)


ECHO = "import sys\nfor line in sys.stdin: print('heard', line.strip(), flush=True)"


def test_a_process_can_be_told_things_and_heard(tmp_path: Path) -> None:
    command = [sys.executable, "-c", f"import sys; print('a log line', file=sys.stderr)\n{ECHO}"]
    child = Child.start(command, tmp_path / "log", ENDS_WITH_PARENT, heard=True)
    child.say("one")
    assert child.hear() == "heard one\n"
    child.stop(30.0)
    assert child.hear() == ""
    assert child.how_it_ended == "ended with code 0"
    assert child.last_words() == "a log line"


def test_a_process_that_ended_hears_nothing(log: Path) -> None:
    child = begin("pass", log, ENDS_WITH_PARENT)
    child.wait()
    child.say("anybody there?")
    child.stop(1.0)
    assert child.how_it_ended == "ended with code 0"


def test_what_a_process_says_can_be_awaited_to_its_end(tmp_path: Path) -> None:
    async def all_of(child: Child) -> list[str]:
        return [line async for line in child.lines()]

    command = [sys.executable, "-c", "print('one'); print('two')"]
    child = Child.start(command, tmp_path / "log", ENDS_WITH_PARENT, heard=True)
    assert asyncio.run(all_of(child)) == ["one\n", "two\n"]
    child.wait()
