"""The device process' own manners: whoever asked is answered, whatever happened."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from teachloop.recorder.devices.interfaces import Devices, RobotError
from teachloop.recorder.devices.messages import (
    DEVICE_NEWS,
    DEVICE_REQUESTS,
    Acknowledge,
    Description,
    DeviceNews,
    Reset,
    RobotStopped,
)
from teachloop.recorder.devices.previews import Previews
from teachloop.recorder.devices.process import Device
from teachloop.recorder.devices.rings import Rings
from teachloop.recorder.drivers import camera_shapes
from teachloop.recorder.drivers.synthetic import SyntheticRobot
from teachloop.runtime.ipc.channel import Channel
from teachloop.runtime.ipc.messages import Envelope, Failed


class PressedRobot(SyntheticRobot):
    """Somebody leans on its button."""

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
            previews = Previews(context, f"ipc://{tmp_path}/preview")
            rings = Rings.create(camera_shapes("synthetic"))
            Device(Devices(PressedRobot(), {}), channel, rings, previews).run(gone)
            previews.close()
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
