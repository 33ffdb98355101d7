"""What nobody foresaw is answered in words, and the processes of the devices and takes live on."""

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from teachloop.recorder.devices.interfaces import Devices
from teachloop.recorder.devices.process import Device
from teachloop.recorder.devices.rings import Rings
from teachloop.recorder.writer.archive import Archive
from teachloop.recorder.writer.process import WriterLoop
from teachloop.runtime.ipc.channel import Channel


class ScriptedChannel:
    """Has heard these messages, and keeps what is said to it."""

    def __init__(self, *heard: dict[str, Any]) -> None:
        self.heard, self.said = list(heard), []

    def receive(self, wait_ms: int = 0) -> Iterator[dict[str, Any]]:
        while self.heard:
            yield self.heard.pop(0)

    def send(self, message: dict[str, Any]) -> bool:
        self.said.append(message)
        return True


class BrokenRobot:
    """Its library raises what no driver foresaw."""

    stops = 0

    def acknowledge(self) -> None:
        raise ValueError("expected non-negative integer")

    def apply(self, action: Any) -> None:
        raise AssertionError("no target is that broken")

    def stop(self) -> None:
        self.stops += 1


def device(robot: BrokenRobot, channel: ScriptedChannel) -> Device:
    cell = SimpleNamespace(robot=robot, cameras={}, scene=None)
    previews = SimpleNamespace(watched=True)
    return Device(cast(Devices, cell), cast(Channel, channel), cast(Any, None), cast(Any, previews))


def test_a_device_answers_a_question_that_made_its_library_fail(
    caplog: pytest.LogCaptureFixture,
) -> None:
    robot, channel = BrokenRobot(), ScriptedChannel()
    device(robot, channel)._handle({"do": "acknowledge", "ref": 7})
    (answer,) = channel.said
    assert answer["ref"] == 7
    assert "failed to do 'acknowledge': ValueError('expected non-negative" in answer["error"]
    assert "Traceback" in caplog.text


def test_a_target_that_makes_the_library_fail_stops_the_robot_and_is_said() -> None:
    robot, channel = BrokenRobot(), ScriptedChannel()
    device(robot, channel)._handle({"do": "apply"})  # a target without its pose
    assert robot.stops == 1
    (said,) = channel.said
    assert "failed to do 'apply': KeyError" in said["robot_error"]


def scribe(data: Path, channel: ScriptedChannel) -> WriterLoop:
    return WriterLoop(Archive(data), cast(Channel, channel), cast(Rings, None), {})


def ended() -> threading.Event:
    """The parent is gone: one look at what it said last."""
    gone = threading.Event()
    gone.set()
    return gone


def test_a_writer_answers_what_the_disk_refuses_and_hears_what_comes_next(tmp_path: Path) -> None:
    questions = [
        {"do": "mark", "ref": 1, "take": "x" * 900, "success": True},
        {"do": "discard", "ref": 2, "take": "a\0b"},
        {"do": "stop", "ref": 3},
    ]
    channel = ScriptedChannel(*questions)
    scribe(tmp_path, channel).run(ended())
    answers = {each["ref"]: each["error"] for each in channel.said if "ref" in each}
    assert set(answers) == {1, 2, 3}
    assert answers[3] == "No take is being written."


def test_a_writer_logs_what_nobody_foresaw(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    channel = ScriptedChannel({"do": "mark", "ref": 1, "take": 5, "success": True})
    scribe(tmp_path, channel).run(ended())
    (answer,) = [each["error"] for each in channel.said if "ref" in each]
    assert "The writer failed to do 'mark': TypeError" in answer
    assert "Traceback" in caplog.text


def test_a_writer_that_cannot_write_a_take_gives_up_loudly(tmp_path: Path) -> None:
    channel = ScriptedChannel({"do": "begin"})
    writer = scribe(tmp_path, channel)
    writer._recording = cast(Any, SimpleNamespace(begin=None))
    with pytest.raises(KeyError):
        writer.run(ended())
