"""Whether the arm does what is asked, no faster, and nothing once nothing is asked.

    python benchmarks/motion.py [--quick] [--seed 1] [--json] [--scenes 50] [--processes 2]

In each scene keys are held in one direction until the arm is at an edge or in a corner of what
it may reach, then let go: for all 26 directions, each from a fresh scene. The simulator's
measured hand is judged, tick by tick. Takes about eight minutes on two cores.
"""

import itertools
import sys
from dataclasses import dataclass

import numpy as np
from frame import Bar, Figures, Options, run, say
from numpy.typing import NDArray

from teachloop.recorder.agents.agents import TwistAgent
from teachloop.recorder.devices.interfaces import ProcessContext, Twist
from teachloop.recorder.devices.limited_robot import LimitedRobot
from teachloop.recorder.devices.limits import Limits
from teachloop.recorder.drivers.robots.simulated import SimulatedRobot
from teachloop.recorder.drivers.simulation import shared_scene
from teachloop.recorder.station.loop import ControlLoop
from teachloop.runtime.processes.pool import WorkerPool

Direction = tuple[int, int, int]
DIRECTIONS: list[Direction] = [
    (x, y, z) for x, y, z in itertools.product((-1, 0, 1), repeat=3) if (x, y, z) != (0, 0, 0)
]
KEY_M_S = 0.2
PERIOD_S = 0.05
HELD_TICKS, RELEASED_TICKS = 60, 40
REST_S = 0.5  # after letting go the arm is at rest …
MOVED_M = 0.005  # at most, after that
FASTEST = 1.2  # beside what was asked
STILL_M_S = 0.01  # … that is, slower than this, and stays where it is

Places = NDArray[np.float64]  # (ticks, 3), of the measured hand, in metres


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    scenes: int = 50
    """In how many scenes the arm is driven about, from ``seed`` on."""
    processes: int = 2


@dataclass(frozen=True, slots=True)
class Drive:
    """What was seen of one drive."""

    seed: int
    direction: Direction
    rest_s: float  # from letting go until it rests
    moved_m: float  # after it is to rest
    speed: float  # the fastest of the hand, beside what was asked for


def drives(seed: int) -> list[Drive]:
    """All directions in one scene."""
    return [_drive(seed, direction) for direction in DIRECTIONS]


def _drive(seed: int, direction: Direction) -> Drive:
    context = ProcessContext(seed=seed)
    robot = SimulatedRobot(SimulatedRobot.Settings(), context)
    try:
        places = _places(LimitedRobot(robot, Limits(), PERIOD_S), direction)
    finally:
        shared_scene(context).close()
    speeds = np.linalg.norm(np.diff(places, axis=0), axis=1) / PERIOD_S
    released = speeds[HELD_TICKS:]
    moving = np.nonzero(released > STILL_M_S)[0]
    rest = int(moving[-1]) + 1 if len(moving) else 0
    after = places[HELD_TICKS + round(REST_S / PERIOD_S) :]
    asked_m_s = KEY_M_S * float(np.linalg.norm(direction))
    moved_m = float(np.linalg.norm(after - after[0], axis=1).max())
    return Drive(seed, direction, rest * PERIOD_S, moved_m, float(speeds.max()) / asked_m_s)


def _places(robot: LimitedRobot, direction: Direction) -> Places:
    hand = TwistAgent(lambda: robot.target, PERIOD_S)
    loop = ControlLoop(robot, failed=_never)
    linear = (KEY_M_S * direction[0], KEY_M_S * direction[1], KEY_M_S * direction[2])
    places = []
    for tick in range(HELD_TICKS + RELEASED_TICKS):
        now_ns = round((tick + 1) * PERIOD_S * 1e9)
        if tick < HELD_TICKS:
            hand.press(Twist(linear, (0.0, 0.0, 0.0), None, now_ns))
        else:
            hand.reset()
        step = loop.turn(hand, now_ns)
        assert step is not None
        places.append(step.observation.ee_pose[:3, 3])
    return np.array(places)


def _never(error: Exception) -> TwistAgent:
    raise error


def measure(asked: Asked) -> Figures:
    """The worst of all drives, and the drives that were worst."""
    seeds = range(asked.seed, asked.seed + (1 if asked.quick else asked.scenes))
    with WorkerPool(asked.processes, "driving the arm about") as pool:
        waiting = [pool.submit(drives, seed) for seed in seeds]
        found = [drive for each in pool.results(waiting) for drive in each]
    for measured in ("rest_s", "moved_m", "speed"):
        for drive in sorted(found, key=lambda each, of=measured: getattr(each, of))[-3:]:
            say(f"{measured}: {drive}")
    return {
        "drives": len(found),
        "late": sum(drive.rest_s > REST_S for drive in found),
        "moved": sum(drive.moved_m > MOVED_M for drive in found),
        "fast": sum(drive.speed > FASTEST for drive in found),
        "rest_s_worst": max(drive.rest_s for drive in found),
        "moved_mm_worst": 1e3 * max(drive.moved_m for drive in found),
        "speed_worst": max(drive.speed for drive in found),
        "speed_p99": float(np.percentile([drive.speed for drive in found], 99)),
    }


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """At rest within half a second and for good, and never much faster than asked."""
    return [
        Bar("seconds until it rests", figures["rest_s_worst"], most=REST_S),
        Bar("millimetres moved at rest", figures["moved_mm_worst"], most=1e3 * MOVED_M),
        Bar("speed beside what was asked", figures["speed_worst"], most=FASTEST),
    ]


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
