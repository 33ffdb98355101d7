"""The device process' own manners: whoever asked is answered, whatever happened."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq

from teachloop.recorder.devices.interfaces import Devices, RobotError
from teachloop.recorder.devices.previews import Previews
from teachloop.recorder.devices.process import Device
from teachloop.recorder.devices.rings import Rings
from teachloop.recorder.drivers import camera_shapes
from teachloop.recorder.drivers.synthetic import SyntheticRobot
from teachloop.runtime.ipc.channel import Channel


class PressedRobot(SyntheticRobot):
    """Somebody leans on its button."""

    def acknowledge(self) -> None:
        raise RobotError("The robot's stop button is pressed. Release it, then acknowledge.")


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Channel]:
    """The loop's end of the line to a device whose button is pressed."""
    gone = threading.Event()
    with zmq.Context() as context:
        address = f"ipc://{tmp_path}/line"

        def serve() -> None:
            channel = Channel.listen(context, address)
            previews = Previews(context, f"ipc://{tmp_path}/preview")
            rings = Rings.create(camera_shapes("synthetic"))
            Device(Devices(PressedRobot(), {}), channel, rings, previews).run(gone)
            previews.close()
            channel.close()

        process = threading.Thread(target=serve)
        process.start()
        end = Channel.connect(context, address)
        yield end
        gone.set()
        process.join()
        end.close()


def heard(line: Channel, count: int) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    for _ in range(100):
        messages += [each for each in line.receive(100) if "cameras" not in each]
        if len(messages) >= count:
            break
    return messages


def test_whoever_asked_is_answered_also_when_the_robot_stopped_itself(line: Channel) -> None:
    line.send({"do": "acknowledge", "ref": 7})
    fault, answer = heard(line, 2)
    assert "button is pressed" in fault["robot_error"]
    assert answer["ref"] == 7
    assert "button is pressed" in answer["error"]


def test_what_no_device_can_do_is_answered_in_words(line: Channel) -> None:
    line.send({"do": "reset", "ref": 8, "seed": 1, "verb": None, "split": "base"})
    (answer,) = heard(line, 1)
    assert answer["ref"] == 8
    assert "no scene to set up" in answer["error"]
