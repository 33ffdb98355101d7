"""How long an export to LeRobot takes, and how much memory, beside LeRobot's own writers?

Takes of one 640×480 camera with a sensor's noise, hard links to a few that differ. Ours is the
command `teachloop export-takes` from its start to its end, JPEGs decoded; LeRobot 0.6.1 with its
streaming encoder and 0.4.4 as it comes are given the same pictures decoded, and what they import
is not counted. All encode AV1 with the same preset and quality; so that nobody is faster by a
worse picture, PSNR is compared, too. Memory is that of all processes of a program, sampled.

The bars: no slower than the faster LeRobot, no more memory than the one that has less, PSNR no
lower; and a tenth of the memory that the takes' pictures would fill is enough. A LeRobot is not
measured where no Python that has it is named.

python benchmarks/export.py [--takes 200] [--lerobot-044 PYTHON] [--lerobot-061 PYTHON]
"""

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import av
import numpy as np
from frame import Bar, Figures, run, say
from loading import FPS, draw_frames
from peers.lerobot_writer import WAYS, Frames, give, pictures_of
from peers.lerobot_writer import write as write_by_lerobot
from peers.measured_process import ProgramFailed, measured
from peers.options import PeerOptions
from scrubbing import camera, write_still
from sittings.writing import START_NS, TICK_NS, take_id

from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import decode_jpeg, encode_jpeg
from teachloop.datasets.takes.take_folder import TAKE, TAKES
from teachloop.datasets.takes.writer import TakeWriter

DIFFERENT, TICKS, QUICK_TICKS = 4, 45, 15
OURS, CAMERA = "teachloop", "front"
LEAST_DB = -0.05  # what differs by less is not lower
SHARE = 10  # the takes' pictures hold so many times what is allowed
MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Writer:
    """What one of them needed."""

    seconds: float
    peak_mb: float
    psnr_db: float
    video_mb: float


@dataclass(frozen=True, kw_only=True)
class Asked(PeerOptions):
    takes: int = 200
    """How many."""


def measure(asked: Asked) -> Figures:
    """Ours of a tenth of the takes and of all, then the others."""
    takes, ticks = (10, QUICK_TICKS) if asked.quick else (asked.takes, TICKS)
    with tempfile.TemporaryDirectory(prefix="teachloop-export-") as name:
        folder = Path(name)
        frames = record(folder, takes, ticks, asked.seed)
        tenth = ours(folder, frames, max(1, takes // 10), "tenth")
        writers = {OURS: told(OURS, ours(folder, frames, takes, "own"))}
        missing = {}
        for version, python in asked.pythons.items():
            name = f"LeRobot {version}, {WAYS[version]}"
            try:
                writers[name] = told(name, theirs(folder, frames, takes, version, python))
            except (OSError, ProgramFailed) as error:
                missing[version] = str(error)
                say(f"{name}: not measured, {error}")
    return {
        "takes": takes,
        "frames": takes * ticks,
        "frames_mb": takes * frames[0].nbytes / MB,
        "a_tenth_peak_mb": tenth.peak_mb,
        "writers": {name: asdict(each) for name, each in writers.items()},
        "not_measured": missing,
    }


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """Those of the others where they were measured. A quick run is mostly our start, and its
    pictures are fewer than the memory that any of them needs."""
    own = figures["writers"][OURS]
    others = [each for name, each in figures["writers"].items() if name != OURS]
    of_pictures = [
        Bar("PSNR above the others', dB", own["psnr_db"] - other["psnr_db"], least=LEAST_DB)
        for other in others
    ]
    if asked.quick:
        return of_pictures
    allowed = Bar(
        f"memory, of a {SHARE}th of the pictures", own["peak_mb"] * SHARE / figures["frames_mb"],
        most=1.0,
    )  # fmt: skip
    return [*of_pictures, allowed, *_beside(own, others)]


def _beside(own: Mapping[str, float], others: Sequence[Mapping[str, float]]) -> list[Bar]:
    if not others:
        return []
    faster, smaller = (min(each[what] for each in others) for what in ("seconds", "peak_mb"))
    return [
        Bar("seconds, of the faster LeRobot's", own["seconds"] / faster, most=1.0),
        Bar("memory, of the smaller LeRobot's", own["peak_mb"] / smaller, most=1.0),
    ]


def ours(folder: Path, frames: Frames, takes: int, name: str) -> Writer:
    """The command, of the first takes."""
    command = [sys.executable, "-m", "teachloop.app.cli", "export-takes", str(folder / name)]
    command += ["--data", str(folder), "--takes", *map(take_id, range(takes))]
    needed = measured(command, ours=True)
    return writer(folder / name, frames, takes, needed.seconds, needed.peak_mb)


def theirs(folder: Path, frames: Frames, takes: int, version: str, python: str) -> Writer:
    """Raises ProgramFailed, OSError."""
    root = folder / f"lerobot-{version}"
    wrote = write_by_lerobot(folder, root, version, python)
    return writer(root, frames, takes, wrote.seconds, wrote.peak_mb)


def writer(root: Path, frames: Frames, takes: int, seconds: float, peak_mb: float) -> Writer:
    """Looks at what was written. Raises ProgramFailed where pictures are missing."""
    videos = pictures_of(root)
    count = sum(map(frames_in, videos))
    if count != takes * frames.shape[1]:
        raise ProgramFailed(f"{takes * frames.shape[1] - count} pictures are missing")
    size_mb = sum(path.stat().st_size for path in videos) / MB
    return Writer(seconds, peak_mb, psnr_db(videos[0], frames[: min(takes, DIFFERENT)]), size_mb)


def frames_in(video: Path) -> int:
    with av.open(video) as file:
        return file.streams.video[0].frames


def psnr_db(video: Path, frames: Frames) -> float:
    """Of the first takes, which lie one behind the other."""
    wanted = frames.reshape(-1, *frames.shape[2:])
    errors = []
    with av.open(video) as file:
        for image, shown in zip(wanted, file.decode(video=0), strict=False):
            off = shown.to_ndarray(format="rgb24").astype(np.float32) - image
            errors.append(float(np.mean(off**2)))
    return 10 * np.log10(255**2 / np.mean(errors))


def record(folder: Path, takes: int, ticks: int, seed: int) -> Frames:
    """Takes under many names; what the others are given are the same pictures, from the JPEGs."""
    rng = np.random.default_rng(seed)
    jpegs = []
    for number in range(DIFFERENT):
        drawn = [encode_jpeg(views[0]) for views in draw_frames(ticks, rng)]
        write(folder / TAKES / take_id(number), drawn)
        jpegs.append(drawn)
    for number in range(DIFFERENT, takes):
        path = folder / TAKES / take_id(number)
        path.mkdir()
        os.link(folder / TAKES / take_id(number % DIFFERENT) / TAKE, path / TAKE)
    frames = np.array([[decode_jpeg(jpeg) for jpeg in drawn] for drawn in jpegs])
    give(folder, frames, takes, FPS)
    return frames


def write(folder: Path, jpegs: Sequence[bytes]) -> None:
    """A take of one camera."""
    info = TakeInfo(
        take_id=folder.name, created="2026-01-01T00:00:00+00:00", created_time_ns=START_NS,
        instruction="push it", cameras={CAMERA: camera(CAMERA)},
    )  # fmt: skip
    with TakeWriter(folder, info) as file:
        for tick, jpeg in enumerate(jpegs):
            write_still(file, tick)
            time_ns = START_NS + tick * TICK_NS
            file.append_frame(CAMERA, tick, time_ns, time_ns, jpeg)


def told(name: str, writer: Writer) -> Writer:
    say(
        f"{name:28}{writer.seconds:8.1f} s{writer.peak_mb:8.0f} MB of memory"
        f"{writer.psnr_db:8.2f} dB{writer.video_mb:8.1f} MB"
    )
    return writer


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
