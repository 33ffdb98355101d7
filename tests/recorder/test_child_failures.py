"""What nobody foresaw is answered in words, and the processes of the devices and takes live on."""

import errno
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from pydantic import BaseModel

from teachloop.datasets.embodiment import FRANKA
from teachloop.datasets.steps import Action, Decider
from teachloop.recorder.devices.interfaces import Devices
from teachloop.recorder.devices.messages import Acknowledge, Apply, DeviceRequest, RobotStopped
from teachloop.recorder.devices.process import DeviceServer
from teachloop.recorder.devices.rings import Rings
from teachloop.recorder.devices.serialization import PackedAction
from teachloop.recorder.writer.archive import Archive
from teachloop.recorder.writer.messages import (
    Begin,
    Discard,
    Ending,
    Finish,
    Mark,
    Open,
    Recovered,
    TakeFacts,
    TakeHealth,
)
from teachloop.recorder.writer.process import WriterLoop
from teachloop.runtime.ipc.channel import Channel
from teachloop.runtime.ipc.messages import Envelope, Failed

HEALTH = TakeHealth(
    rate_hz=20.0,
    ticks=1,
    skipped=0,
    late=0,
    p99_lateness_ms=0.0,
    max_lateness_ms=0.0,
    drops={},
    late_by={},
)


FACTS = TakeFacts(
    task="",
    instruction="",
    operator="",
    taught_by="",
    replay_of="",
    robot="",
    embodiment=FRANKA,
    payload=None,
    rate_hz=20.0,
    cameras={},
    limits={},
    scene="",
)


class ScriptedChannel:
    """Has heard these messages, and keeps what is said to it."""

    def __init__(self, *heard: BaseModel) -> None:
        self.heard = [Envelope(message, number) for number, message in enumerate(heard, 1)]
        self.said: list[tuple[int | None, BaseModel]] = []

    def receive(self, wait_ms: int = 0) -> Iterator[Envelope[BaseModel]]:
        while self.heard:
            yield self.heard.pop(0)

    def send(self, message: BaseModel, ref: int | None = None) -> bool:
        self.said.append((ref, message))
        return True

    @property
    def failures(self) -> dict[int | None, str]:
        return {ref: said.error for ref, said in self.said if isinstance(said, Failed)}


class BrokenRobot:
    """Its library raises what no driver foresaw."""

    stops = 0

    def acknowledge(self) -> None:
        raise ValueError("expected non-negative integer")

    def apply(self, action: Action) -> None:
        raise AssertionError("no target is that broken")

    def stop(self) -> None:
        self.stops += 1


def device(robot: BrokenRobot, channel: ScriptedChannel) -> DeviceServer:
    devices = SimpleNamespace(robot=robot, cameras={}, inputs={}, scene=None)
    line = cast(Channel[DeviceRequest], channel)
    return DeviceServer(cast(Devices, devices), line, cast(Any, None), {})


def test_a_device_answers_a_question_that_made_its_library_fail(
    caplog: pytest.LogCaptureFixture,
) -> None:
    channel = ScriptedChannel()
    device(BrokenRobot(), channel)._handle(Envelope(Acknowledge(), 7))
    assert "failed to do 'acknowledge': ValueError: expected non-neg" in channel.failures[7]
    assert "Traceback" in caplog.text


def test_a_target_that_makes_the_library_fail_stops_the_robot_and_is_said() -> None:
    robot, channel = BrokenRobot(), ScriptedChannel()
    target = Action(ee_pose=np.eye(4), gripper=1.0, decided_by=Decider.HOLD)
    device(robot, channel)._handle(Envelope(Apply(action=PackedAction.of(target))))
    assert robot.stops == 1
    ((ref, said),) = channel.said
    assert ref is None
    assert isinstance(said, RobotStopped)
    assert "failed to do 'apply': AssertionError" in said.error


def writer(data: Path, channel: ScriptedChannel) -> WriterLoop:
    return WriterLoop(Archive(data), cast(Any, channel), cast(Rings, None), {})


def ended() -> threading.Event:
    """The parent is gone: one look at what it said last."""
    gone = threading.Event()
    gone.set()
    return gone


def test_a_writer_answers_what_the_disk_refuses_and_hears_what_comes_next(tmp_path: Path) -> None:
    channel = ScriptedChannel(
        Mark(take="x" * 900, ending=Ending(success=True)),
        Discard(take="a\0b"),
        Finish(time_ns=1, health=HEALTH),
    )
    writer(tmp_path, channel).run(ended())
    assert set(channel.failures) == {1, 2, 3}
    assert channel.failures[3] == "No take is being written."


def test_a_writer_logs_what_nobody_foresaw(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    channel = ScriptedChannel(Open(facts=FACTS))
    writing = writer(tmp_path, channel)
    writing._rings = cast(Any, SimpleNamespace(robot=None))
    writing.run(ended())
    assert "The writer failed to do 'open': AttributeError" in channel.failures[1]
    assert "Traceback" in caplog.text


def test_a_writer_that_cannot_write_a_take_gives_up_loudly(tmp_path: Path) -> None:
    channel = ScriptedChannel(Begin(time_ns=1, since_ns=0))
    channel.heard = [Envelope(each.message) for each in channel.heard]
    writing = writer(tmp_path, channel)
    writing._recording = cast(Any, SimpleNamespace(begin=None))
    with pytest.raises(TypeError):
        writing.run(ended())


def test_a_writer_that_cannot_finish_a_take_gives_up_loudly_too(tmp_path: Path) -> None:
    def refused(*_arguments: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", "take.h5.partial")

    channel = ScriptedChannel(Finish(time_ns=1, health=HEALTH))
    writing = writer(tmp_path, channel)
    writing._recording = cast(Any, SimpleNamespace(finish=refused))
    with pytest.raises(OSError, match="Read-only"):
        writing.run(ended())
    assert channel.failures == {}, "an answer would leave the session with a take that never ends"


def test_a_take_that_does_not_fit_leaves_no_folder(small_disk: Any) -> None:
    channel = ScriptedChannel(*(Open(facts=FACTS) for _ in range(3)))
    writing = writer(small_disk.path, channel)
    writing._rings = cast(Any, SimpleNamespace(robot=SimpleNamespace(newest=lambda: None)))
    writing.run(ended())
    assert set(channel.failures) == {1, 2, 3}
    assert "Make room" in channel.failures[1]
    assert list((small_disk.path / "takes").iterdir()) == []


def test_what_could_not_be_recovered_for_want_of_room_is_said_to_wait(small_disk: Any) -> None:
    take = small_disk.path / "takes" / "20260101-000000-0000"
    take.mkdir(parents=True)
    (take / "take.h5.partial").write_bytes(b"whatever was flushed")
    channel = ScriptedChannel()
    writer(small_disk.path, channel).run(ended())
    recovered = next(said for _, said in channel.said if isinstance(said, Recovered))
    assert len(recovered.waiting) == 1
    assert "Make room" in recovered.waiting[0]
    assert (take / "take.h5.partial").exists()
