"""A simulated controller in a process of its own, for drivers that speak FCI."""

import itertools
import os
import platform
import subprocess
import sys
from typing import Any

from pydantic import JsonValue

from teachloop.recorder.devices.interfaces import ProcessContext
from teachloop.recorder.devices.settings import HAND, NO_GRIPPER, DeviceSettings, GripperSettings
from teachloop.recorder.drivers.opening import make_robot, mount
from teachloop.simulation.controller.beside import Beside
from teachloop.simulation.controller.desk import DeskPlace
from teachloop.simulation.controller.endpoint import EndpointSettings
from teachloop.simulation.controller.network import Trouble

HAS_WHEELS = (sys.platform, platform.machine()) == ("linux", "x86_64")
PATIENT = Trouble(patience_s=0.05)  # what else this machine does is no lost packet
_places = itertools.count(1)


class SimulatedRobot:
    """A robot at an address of its own."""

    def __init__(
        self, trouble: Trouble, desk: DeskPlace | None = None, *, hand: bool = True
    ) -> None:
        self.address = f"127.{os.getpid() % 250 + 1}.{os.getpid() // 250 % 250}.{next(_places)}"
        self._settings = EndpointSettings(
            host=self.address, seed=3, trouble=trouble, desk=desk, hand=hand
        )

    def __enter__(self) -> "SimulatedRobot":
        module = "teachloop.simulation.controller.endpoint"
        command = [sys.executable, "-m", module, self._settings.model_dump_json()]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()

    def happen(self, event: Beside) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(event.model_dump_json() + "\n")
        self._process.stdin.flush()

    def driver(self, context: ProcessContext | None = None, **settings: JsonValue) -> Any:
        """The panda driver of this robot, with its hand where it has one, not entered yet."""
        device = DeviceSettings(driver="panda", settings={"address": self.address, **settings})
        context = context or ProcessContext()
        gripper = GripperSettings(driver=HAND if self._settings.hand else NO_GRIPPER)
        return mount(make_robot(device, context), gripper, context)[0]
