"""The process of a simulated controller: a robot and its hand at an address.

Run as ``python -m teachloop.simulation.controller.endpoint SETTINGS``. It says a line once it can
be connected to, and does what lines on its standard input tell it of what happens beside.
"""

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import zmq
from pydantic import Field, TypeAdapter, ValidationError

from ...datasets.tool import FLANGE, FRANKA_HAND
from ...geometry.arms import ArmName
from ...runtime.errors import TeachloopError
from ...runtime.processes.priority import set_real_time
from ...runtime.validation import StrictModel, explain
from ..robot_spec import RobotSpec
from ..tasks import sample_scene
from .arm import Arm
from .beside import BESIDE, Beside, Die, Lead, NewTrouble, Press, Push, Stumble, Switch
from .controller import RobotController
from .desk import Box, Desk, DeskPlace, DeskServer
from .gripper_server import GripperServer
from .hand import Hand
from .model_library import model_library
from .network import Trouble
from .person import Person
from .robot_server import RobotServer
from .wire import Mode
from .world_line import WorldLine

READY = "ready"


class EndpointSettings(StrictModel):
    """Where the robot is, what is before it, and what is wrong with it."""

    host: str = "127.0.0.1"
    seed: int = Field(default=0, ge=0)
    arm: ArmName = "panda"
    """Whose joints and limits it has. It speaks FCI as a Panda does, whichever it is."""
    hand: bool = True
    """Whether it has a Franka Hand, at a port of its own."""
    trouble: Trouble = Trouble()
    desk: DeskPlace | None = None
    """Where its Desk is: then its brakes are closed and FCI is off until Desk is asked."""

    @property
    def robot(self) -> RobotSpec:
        """As Desk knows it: with the end effector that is mounted."""
        return RobotSpec.of(self.arm, FRANKA_HAND if self.hand else FLANGE, hand=self.hand)


ENDPOINT = TypeAdapter(EndpointSettings)


class AddressTaken(TeachloopError):
    """Something else answers there."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(
            f"A controller cannot be at {host}: {reason}. Its ports, 1337 and 1338, are fixed; "
            "each further one needs an address of its own, such as 127.0.0.2."
        )


class Endpoint:
    """The controller, its servers, and the person beside. Raises AddressTaken, NoCompiler."""

    def __init__(self, settings: EndpointSettings) -> None:
        model_library()
        self._arm = Arm(replace(sample_scene(settings.seed), robot=settings.robot))
        self._robot = RobotController(self._arm)
        self._person = Person(self._arm)
        try:
            self._server = RobotServer(
                self._robot, settings.trouble, settings.host, admits=settings.desk is None
            )
            self._server.before_tick = self._before_tick
            hand = Hand(self._arm, self._server.lock, settings.trouble.gripper_delay_s)
            self._gripper = GripperServer(hand, settings.host) if settings.hand else None
            self._world = WorldLine(self._arm, settings.host)
            self._desk = Desk(Box(self._brake, self._server.admit))
            self._desk_server = settings.desk and DeskServer(
                self._desk, settings.host, settings.desk
            )
        except (OSError, zmq.ZMQError) as error:
            raise AddressTaken(settings.host, error.strerror or str(error)) from error
        self._hand = hand
        if self._desk_server is not None:
            self._brake(True)

    def _brake(self, locked: bool) -> None:
        with self._server.lock:
            self._robot.switch(Mode.OTHER if locked else Mode.IDLE)

    def run(self, gone: threading.Event) -> None:
        """Until ``gone``."""
        if self._gripper is not None:
            self._gripper.start()
        if self._desk_server is not None:
            self._desk_server.start()
        try:
            self._server.run(gone)
        finally:
            if self._gripper is not None:
                self._gripper.close()
            self._world.close()
            if self._desk_server is not None:
                self._desk_server.close()

    def _before_tick(self) -> None:
        self._person.act()
        self._world.tell(self._robot.ticks)

    def happen(self, event: Beside) -> None:
        """Something happens beside the robot."""
        with self._server.lock:
            self._do(event)

    def _do(self, event: Beside) -> None:
        match event:
            case Push():
                self._person.push(np.array([*event.force_n, *event.torque_nm]), event.seconds)
            case Lead():
                self._person.lead(event.points_m, event.seconds)
            case Switch():
                self._robot.switch(event.mode)
            case Press():
                self._desk.press(event.button)
            case Stumble():
                self._robot.stop_by(event.flag)
            case NewTrouble():
                self._server.trouble = event.trouble
                self._hand.thinks_s = event.trouble.gripper_delay_s
            case Die():
                os._exit(1)


def follow_input(endpoint: Endpoint, then: Callable[[], object] = lambda: None) -> None:
    """From now on do what lines on our standard input say, and ``then`` something at its end."""

    def listen() -> None:
        for line in sys.stdin:
            try:
                endpoint.happen(BESIDE.validate_json(line))
            except ValidationError as error:
                sys.stderr.write(f"{explain(error.errors(include_url=False))}\n")
        then()

    threading.Thread(target=listen, daemon=True).start()


def main() -> int:
    gone = threading.Event()
    try:
        endpoint = Endpoint(EndpointSettings.model_validate_json(sys.argv[1]))
    except TeachloopError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    follow_input(endpoint, then=gone.set)
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    set_real_time(inherited=False, priority=4)  # a robot has a computer of its own
    endpoint.run(gone)
    return 0


if __name__ == "__main__":
    sys.exit(main())
