"""Does recording keep up with three cameras, and what does it cost beside LeRobot's?

First live: a station with three 640×480 cameras that measure depth, with a sensor's noise, at 30
frames a second, and a robot that reads 1000 times a second, for two minutes. Told: frames that were
dropped, whether each row is the next frame, the writer's share of a core, the time from *Stop*
until the next take can begin, and megabytes a minute.

Then the same frames of one camera, with nothing else to do: our writer, LeRobot 0.6.1 with its
streaming encoder and LeRobot 0.4.4 as it comes. Told: frames a second, to the end of the take, and
the processor's time. Ours keeps each picture as a JPEG of its own, so it is larger. A LeRobot is
not measured where no Python that has it is named.

python benchmarks/record.py [--seconds 120] [--lerobot-044 PYTHON] [--lerobot-061 PYTHON]
"""

import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psutil
from control_loop import beating, station
from frame import Bar, Figures, run, say
from loading import FPS, draw_frames
from peers.lerobot_writer import WAYS, Frames, Wrote, give, pictures_of
from peers.lerobot_writer import write as write_by_lerobot
from peers.measured_process import ProgramFailed
from peers.options import PeerOptions
from scrubbing import camera, write_still
from sittings.writing import START_NS, TICK_NS

from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.take_folder import TAKE
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.recorder.station import commands
from teachloop.recorder.station.client import StationClient
from teachloop.recorder.station.endpoint import read_endpoint

CAMERAS = ("front", "wrist", "side")
ROWS = "".join(
    f"  {name}: {{driver: synthetic, width: 640, height: 480, fps: 30, depth: true, "
    f"settings: {{hue: {hue}, noise: 2}}}}\n"
    for hue, name in enumerate(CAMERAS)
)
STATION = "robot: {driver: synthetic, settings: {rate_hz: 1000}}\ncameras:\n" + ROWS
WRITER = "teachloop.recorder.writer.process"
TICKS, QUICK_TICKS = 300, 40
READY_S = 0.1
MB = 1 << 20
TIMES = {"0.6.1": 4.0, "0.4.4": 20.0}  # their frames a second
SHARE = 6.0  # of the streaming encoder's processor time


@dataclass(frozen=True, kw_only=True)
class Asked(PeerOptions):
    seconds: float = 120.0
    """How long to record."""


@dataclass(frozen=True, slots=True)
class Speed:
    """What one writer needed for the same frames."""

    frames_s: float
    cpu_s: float
    mb_a_minute: float


def measure(asked: Asked) -> Figures:
    """Live, then side by side."""
    live = recorded(5.0 if asked.quick else asked.seconds)
    ticks = QUICK_TICKS if asked.quick else TICKS
    drawn = draw_frames(ticks, np.random.default_rng(asked.seed))
    frames = np.ascontiguousarray(drawn[None, :, 0])
    speeds, missing = {}, {}
    with TemporaryDirectory(prefix="teachloop-record-") as name:
        folder = Path(name)
        give(folder, frames, 1, FPS)
        speeds["teachloop"] = told("teachloop", ours(folder / "take", frames))
        for version, python in asked.pythons.items():
            try:
                speed = theirs(folder, frames, version, python)
                speeds[version] = told(f"LeRobot {version}, {WAYS[version]}", speed)
            except (OSError, ProgramFailed) as error:
                missing[version] = str(error)
                say(f"LeRobot {version}: not measured, {error}")
    return {
        "live": live,
        "ticks": ticks,
        "side_by_side": {name: asdict(speed) for name, speed in speeds.items()},
        "not_measured": missing,
    }


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """What a take is to keep to, and what the others need; those that were measured."""
    live, speeds = figures["live"], figures["side_by_side"]
    own = speeds["teachloop"]
    faster = [
        Bar(f"times LeRobot {name}'s frames a second", own["frames_s"] / each["frames_s"], least=n)
        for name, n in TIMES.items()
        if (each := speeds.get(name))
    ]
    cheaper = [
        Bar("streaming encoder's CPU over ours", each["cpu_s"] / own["cpu_s"], least=SHARE)
        for name in ("0.6.1",)
        if (each := speeds.get(name))
    ]
    return [
        Bar("frames dropped", live["dropped"], most=0),
        Bar("rows that are not the next frame", live["not_next"], most=0),
        Bar("the writer's share of a core", live["writer_cpu"], most=0.6),
        Bar("from stop to ready, s", live["stop_s"], most=READY_S),
        Bar("faults that check finds", live["faults"], most=0),
        *faster,
        *cheaper,
    ]


def recorded(seconds: float) -> dict[str, Any]:
    """A take of the station's three cameras."""
    with TemporaryDirectory(prefix="teachloop-record-") as name:
        data = Path(name)
        (data / "station.yaml").write_text(STATION)
        with (
            station(data, "--station", str(data / "station.yaml")) as client,
            beating(data, client.lease or ""),
        ):
            take, cpu, stop_s = _one_take(client, data, seconds)
        return {**_figures(data / "takes" / take), "writer_cpu": cpu, "stop_s": stop_s}


def _one_take(client: StationClient, data: Path, seconds: float) -> tuple[str, float, float]:
    """Its id, the writer's share of a core, and how long the end took until all was ready."""
    writer = _writer(data)
    take = client.send(commands.Start()).take or ""
    time.sleep(1.0)
    before, began = _spent_s(writer), time.monotonic()
    time.sleep(seconds)
    cpu = (_spent_s(writer) - before) / (time.monotonic() - began)
    stopped = time.monotonic()
    client.send(commands.Stop())
    stop_s = time.monotonic() - stopped
    client.send(commands.Keep())
    return take, cpu, stop_s


def _writer(data: Path) -> psutil.Process:
    family = psutil.Process(read_endpoint(data).pid).children(recursive=True)
    (writer,) = [each for each in family if WRITER in each.cmdline()]
    return writer


def _spent_s(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return spent.user + spent.system


def _figures(folder: Path) -> dict[str, Any]:
    with Take.open(folder) as take:
        numbers = {name: take.frames[name].number for name in CAMERAS}
        seconds = take.info.duration_s
        return {
            "seconds": seconds,
            "frames": {name: len(each) for name, each in numbers.items()},
            "dropped": sum(frames.dropped for frames in take.frames.values()),
            "not_next": sum(int((np.diff(each) != 1).sum()) for each in numbers.values()),
            "readings_s": round(len(take.robot.time_ns) / seconds, 1),
            "p99_lateness_ms": take.info.health["p99_lateness_ms"],
            "mb_a_minute": round((folder / TAKE).stat().st_size / MB * 60 / seconds, 1),
            "faults": len(check(folder)),
        }


def ours(folder: Path, frames: Frames) -> Speed:
    """The writer alone, with no process beside it."""
    info = TakeInfo(
        take_id=folder.name, created="2026-01-01T00:00:00+00:00", created_time_ns=START_NS,
        instruction="push it", cameras={"front": camera("front")},
    )  # fmt: skip
    began, spent = time.perf_counter(), time.process_time()
    with TakeWriter(folder, info) as writer:
        for tick, image in enumerate(frames[0]):
            write_still(writer, tick)
            time_ns = START_NS + tick * TICK_NS
            writer.append_frame("front", tick, time_ns, time_ns, encode_jpeg(image))
    wrote = Wrote(time.perf_counter() - began, time.process_time() - spent, 0.0)
    return _speed(wrote, frames, (folder / TAKE).stat().st_size)


def theirs(folder: Path, frames: Frames, version: str, python: str) -> Speed:
    """Raises ProgramFailed, OSError."""
    root = folder / f"lerobot-{version}"
    wrote = write_by_lerobot(folder, root, version, python)
    return _speed(wrote, frames, sum(path.stat().st_size for path in pictures_of(root)))


def _speed(wrote: Wrote, frames: Frames, size: int) -> Speed:
    ticks = frames.shape[1]
    return Speed(ticks / wrote.seconds, wrote.cpu_s, size / MB * 60 * FPS / ticks)


def told(name: str, speed: Speed) -> Speed:
    figures: Mapping[str, float] = asdict(speed)
    say(f"{name:28}" + "".join(f"{value:10.2f} {what}" for what, value in figures.items()))
    return speed


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
