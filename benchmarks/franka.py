"""The driver `panda`, with the unmodified panda-py, on the simulated controller.

The robots' contract with joint and with Cartesian impedance; then a minute's take at 20 Hz with
two 640×480 cameras that measure depth, while a training runs beside it: how many of the states
that the robot sent are in it, what was dropped, how late ticks were.

Where the machine is too busy, the simulated robot's time goes slower than ours, which the first bar
shows.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from control_loop import beating, station, training
from frame import Bar, Figures, Options, run, say

from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.recorder.devices.conformance import check_robot
from teachloop.recorder.devices.interfaces import ProcessContext
from teachloop.recorder.devices.settings import DeviceSettings, GripperSettings
from teachloop.recorder.drivers.opening import make_robot, mount
from teachloop.recorder.station import commands
from teachloop.recorder.station.client import StationClient
from teachloop.simulation.controller.endpoint import EndpointSettings
from teachloop.simulation.controller.network import Trouble
from teachloop.simulation.gl import choose_backend

ENDPOINT = "teachloop.simulation.controller.endpoint"
STATION = """
robot: {{driver: panda, settings: {{address: {address}}}}}
cameras:
  front: {{driver: synthetic, width: 640, height: 480, fps: 30, depth: true}}
  wrist: {{driver: synthetic, width: 640, height: 480, fps: 30, depth: true, settings: {{hue: 9}}}}
limits: {{press_m: 0.03}}
"""
TURN_S = 2.0  # that the hand goes one way
SPEED_M_S = 0.05
MS_NS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    seconds: float = 60.0
    """How long to record."""
    patience: float = 0.02
    """Seconds that the controller waits for a command where this machine is busy."""


def measure(asked: Asked) -> Figures:
    """The contract, then the take."""
    choose_backend()
    contract = {}
    for impedance in ("joint", "cartesian"):
        with controller(asked) as address:
            contract[impedance] = kept_contract(address, impedance)
        say(f"{impedance} impedance keeps the contract")
    with controller(asked) as address:
        take = recorded(address, 5.0 if asked.quick else asked.seconds)
    return {"contract_s": contract, "take": take}


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """What a take of a real robot is to keep to."""
    take = figures["take"]
    return [
        Bar("the robot's time over ours", take["robot_s"] / take["asked_s"], least=0.97),
        Bar("states in the take, of those that were sent", take["states_share"], least=1.0),
        Bar("frames dropped", take["dropped"], most=0),
        Bar("lateness, p99 ms", take["p99_lateness_ms"], most=2.0),
        Bar("faults that check finds", take["faults"], most=0),
    ]


@contextlib.contextmanager
def controller(asked: Asked) -> Iterator[str]:
    """The address of a robot of its own."""
    address = f"127.{os.getpid() % 250 + 1}.9.1"
    trouble = Trouble(patience_s=asked.patience)
    settings = EndpointSettings(host=address, seed=asked.seed, trouble=trouble)
    command = [sys.executable, "-m", ENDPOINT, settings.model_dump_json()]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as robot:
        assert robot.stdout is not None
        assert robot.stdout.readline() == "ready\n"
        try:
            yield address
        finally:
            robot.kill()


def kept_contract(address: str, impedance: str) -> float:
    """Seconds that it took. Raises AssertionError where the driver does not keep it."""
    began = time.monotonic()
    told = {"address": address, "impedance": impedance, "stiffness": "stiff"}
    device = DeviceSettings(driver="panda", settings={**told})
    context = ProcessContext()
    with mount(make_robot(device, context), GripperSettings(), context)[0] as robot:
        check_robot(robot)
    return round(time.monotonic() - began, 1)


def recorded(address: str, seconds: float) -> dict[str, Any]:
    """A take beside a training, in which the hand goes to and fro."""
    with tempfile.TemporaryDirectory(prefix="teachloop-franka-") as folder, training() as speed:
        data = Path(folder)
        file = data / "station.yaml"
        file.write_text(STATION.format(address=address))
        with (
            station(data, "--station", str(file)) as client,
            beating(data, client.lease or ""),
        ):
            speed.restart()
            take = client.send(commands.Start()).take or ""
            to_and_fro(client, seconds)
            steps_s = speed.steps_s()
            fault = client.send(commands.GetStatus()).fault
            if fault is None:
                client.send(commands.Stop())
            client.send(commands.Keep())
        figures = figures_of(data / "takes" / take)
        stopped = fault.text if fault else ""
        return {**figures, "asked_s": seconds, "stopped": stopped, "training_steps_s": steps_s}


def to_and_fro(client: StationClient, seconds: float) -> None:
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        way = SPEED_M_S if passed % (2 * TURN_S) < TURN_S else -SPEED_M_S
        client.send(commands.Twist(linear=[0.0, way, 0.0], angular=[0.0, 0.0, 0.0]))
        time.sleep(0.05)


def figures_of(folder: Path) -> dict[str, Any]:
    faults = check(folder)
    for fault in faults:
        say(fault)
    with Take.open(folder) as take:
        sent_ms = take.robot.device_time_ns // MS_NS
        steps = np.diff(sent_ms)
        rates = take.robot.control_success_rate
        return {
            "robot_s": round(float(sent_ms[-1] - sent_ms[0]) / 1000, 1),
            "states_share": round(len(sent_ms) / float(sent_ms[-1] - sent_ms[0] + 1), 4),
            "longest_gap_ms": int(steps.max()),
            "success_rate_lowest": None if rates is None else round(float(rates.min()), 3),
            "dropped": sum(frames.dropped for frames in take.frames.values()),
            "p99_lateness_ms": take.info.health["p99_lateness_ms"],
            "faults": len(faults),
        }


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
