"""The device process' own manners: whoever asked is answered, whatever happened."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zmq
from pydantic import BaseModel

from teachloop.recorder.devices.camera_shape import CameraShape
from teachloop.recorder.devices.interfaces import (
    Devices,
    Frame,
    FrameSink,
    ProcessContext,
    RobotError,
)
from teachloop.recorder.devices.messages import (
    DEVICE_NEWS,
    DEVICE_REQUESTS,
    Acknowledge,
    Description,
    DeviceNews,
    Reset,
    RobotStopped,
)
from teachloop.recorder.devices.process import DeviceServer, WrongFrame
from teachloop.recorder.devices.rings import Rings
from teachloop.recorder.drivers.cameras.synthetic import SyntheticCamera
from teachloop.recorder.drivers.robots.synthetic import SyntheticRobot
from teachloop.runtime.ipc.channel import Channel
from teachloop.runtime.ipc.messages import Envelope, Failed

SHAPES = {"eye": CameraShape(64, 48, 100.0)}


class PressedRobot(SyntheticRobot):
    """Somebody leans on its button."""

    def __init__(self) -> None:
        super().__init__(SyntheticRobot.Settings(), ProcessContext())

    def acknowledge(self) -> None:
        raise RobotError("The robot's stop button is pressed. Release it, then acknowledge.")


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Channel[DeviceNews]]:
    """The loop's end of the line to a device whose button is pressed."""
    gone = threading.Event()
    with zmq.Context() as context:
        address = f"ipc://{tmp_path}/line"

        def serve() -> None:
            channel = Channel.listen(context, address, DEVICE_REQUESTS)
            with PressedRobot() as robot:
                DeviceServer(Devices(robot), channel, Rings.create({}), {}).run(gone)
            channel.close()

        process = threading.Thread(target=serve)
        process.start()
        end = Channel.connect(context, address, DEVICE_NEWS)
        yield end
        gone.set()
        process.join()
        end.close()


def heard(line: Channel[DeviceNews], count: int) -> list[Envelope[DeviceNews]]:
    """What it says beyond its introduction."""
    said: list[Envelope[DeviceNews]] = []
    for _ in range(100):
        said += [each for each in line.receive(100) if not isinstance(each.message, Description)]
        if len(said) >= count:
            break
    return said


def test_whoever_asked_is_answered_also_when_the_robot_stopped_itself(
    line: Channel[DeviceNews],
) -> None:
    line.send(Acknowledge(), 7)
    fault, answer = heard(line, 2)
    assert isinstance(fault.message, RobotStopped)
    assert "button is pressed" in fault.message.error
    assert answer.ref == 7
    assert isinstance(answer.message, Failed)
    assert "button is pressed" in answer.message.error


def test_what_no_device_can_do_is_answered_in_words(line: Channel[DeviceNews]) -> None:
    line.send(Reset(seed=1, verb=None, split="base"), 8)
    (answer,) = heard(line, 1)
    assert answer.ref == 8
    assert isinstance(answer.message, Failed)
    assert "no scene to set up" in answer.message.error


class SilentLine:
    """Nothing is asked, and nobody listens."""

    def receive(self, wait_ms: int = 0) -> Iterator[Envelope[BaseModel]]:
        time.sleep(wait_ms / 1000)
        yield from ()

    def send(self, message: BaseModel, ref: int | None = None) -> bool:
        return True


def run(camera: SyntheticCamera, rings: Rings, until: Callable[[], bool]) -> None:
    """The process of that camera, until something is true."""
    with camera:
        line: Any = SilentLine()
        server = DeviceServer(Devices(cameras={"eye": camera}), line, rings, SHAPES)
        server.run(_Event(until))


class _Event(threading.Event):
    def __init__(self, true: Callable[[], bool]) -> None:
        super().__init__()
        self.is_set = true


def camera(kind: type[SyntheticCamera]) -> SyntheticCamera:
    return kind("eye", SHAPES["eye"], SyntheticCamera.Settings(), ProcessContext())


def test_frames_go_into_the_ring_as_the_driver_pushes_them() -> None:
    rings = Rings.create(SHAPES)
    ring = rings.cameras["eye"]
    run(camera(SyntheticCamera), rings, lambda: ring.head >= 5)
    record = ring.newest()
    assert record is not None
    assert SHAPES["eye"].image(record.payload).shape == (48, 64, 3)


class WideCamera(SyntheticCamera):
    """Gives images that nobody asked for."""

    def stream(self, sink: FrameSink) -> None:
        wide = np.zeros((48, 99, 3), np.uint8)
        super().stream(lambda frame: sink(replace(frame, image=wide)))


def test_a_frame_of_another_size_than_is_set_ends_the_process_in_words() -> None:
    with pytest.raises(WrongFrame, match=r"'eye' gave an image uint8 \(48, 99, 3\) where .* 64"):
        run(camera(WideCamera), Rings.create(SHAPES), lambda: False)


class BrokenCamera(SyntheticCamera):
    """Its library fails in the driver's thread."""

    def stream(self, sink: FrameSink) -> None:
        def pulled(frame: Frame) -> None:
            raise OSError("the cable was pulled")

        super().stream(pulled)


def test_what_a_drivers_thread_fails_with_ends_the_process() -> None:
    with pytest.raises(OSError, match="the cable was pulled"):
        run(camera(BrokenCamera), Rings.create(SHAPES), lambda: False)
