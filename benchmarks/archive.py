"""What archiving a take's pictures as video saves, loses and costs.

A take of one 640×480 camera, with a sensor's noise, is archived. Told: the room of its pictures
before and now, how near they are to what was recorded (PSNR), and the time that one picture at a
random place needs, beside a JPEG of the same take. Then the same pictures by LeRobot as it comes:
by its own writers where Pythons that have them are named, by its encoder's settings in any case.

python benchmarks/archive.py [--lerobot-044 PYTHON] [--lerobot-061 PYTHON]
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from export import CAMERA, psnr_db, write
from frame import Bar, Figures, run, say
from loading import FPS, draw_frames
from numpy.typing import NDArray
from peers.lerobot_writer import Frames, give, pictures_of
from peers.lerobot_writer import write as write_by_lerobot
from peers.measured_process import ProgramFailed
from peers.options import PeerOptions

from teachloop.datasets.archive_take import archive_take
from teachloop.datasets.formats.lerobot.video import VideoWriter
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.reader import Take

TICKS, QUICK_TICKS = 240, 40
SETTINGS = "LeRobot's settings"
THIRD = 1 / 3
ACCESS_MS = 3.0


def measure(asked: PeerOptions) -> Figures:
    """Archive one take, then encode its pictures as others do."""
    ticks = QUICK_TICKS if asked.quick else TICKS
    rng = np.random.default_rng(asked.seed)
    drawn = [encode_jpeg(views[0]) for views in draw_frames(ticks, rng)]
    with TemporaryDirectory(prefix="teachloop-archive-") as name:
        folder = Path(name)
        write(folder / "take", drawn)
        recorded = pictures(folder / "take")
        before_ms = access_ms(folder / "take", rng)
        began = time.perf_counter()
        done = archive_take(folder / "take")
        seconds = time.perf_counter() - began
        others, missing = by_others(folder, recorded[None], asked)
        with Take.open(folder / "take") as take:
            kept_bytes = int(take.frames[CAMERA].length.sum())
        return {
            "ticks": ticks,
            "jpeg_bytes": sum(map(len, drawn)) // ticks,
            "video_bytes": kept_bytes // ticks,
            "of_the_jpegs": kept_bytes / sum(map(len, drawn)),
            "psnr_db": distance_db(pictures(folder / "take"), recorded),
            "least_psnr_db": done.least_psnr_db,
            "random_access_ms": access_ms(folder / "take", rng),
            "random_access_before_ms": before_ms,
            "random_access_as_jpeg_ms": access_ms(folder / "take", rng, as_jpeg=True),
            "archiving_s_a_minute": seconds / ticks * FPS * 60,
            "faults": len(check(folder / "take")),
            "others_psnr_db": {name: psnr for name, (psnr, _) in others.items()},
            "others_bytes": {name: size // ticks for name, (_, size) in others.items()},
            "not_measured": missing,
        }


def bars(figures: Figures, asked: PeerOptions) -> list[Bar]:
    """A third of the room; no farther from the recorded pictures than LeRobot's."""
    return [
        Bar("room, of the JPEGs'", figures["of_the_jpegs"], most=THIRD),
        *(
            Bar(f"PSNR above {name}, dB", figures["psnr_db"] - theirs, least=0.0)
            for name, theirs in figures["others_psnr_db"].items()
        ),
        Bar("a picture at a random place, ms", figures["random_access_ms"], most=ACCESS_MS),
        Bar("faults that check finds", figures["faults"], most=0),
    ]


def pictures(folder: Path) -> NDArray[np.uint8]:
    """(ticks, height, width, 3)"""
    with Take.open(folder) as take:
        return np.stack([take.image(CAMERA, index) for index in range(len(take.frames[CAMERA]))])


def access_ms(folder: Path, rng: np.random.Generator, *, as_jpeg: bool = False) -> float:
    """The median over all pictures in any order, as images, or as the JPEGs that pages show."""
    with Take.open(folder) as take:
        look = take.jpeg if as_jpeg else take.image
        spent = []
        for index in rng.permutation(len(take.frames[CAMERA])):
            began = time.perf_counter()
            look(CAMERA, int(index))
            spent.append(time.perf_counter() - began)
    return float(np.median(spent)) * 1e3


def distance_db(images: NDArray[np.uint8], wanted: NDArray[np.uint8]) -> float:
    """PSNR over all of them together."""
    pairs = zip(images, wanted, strict=True)
    errors = [np.mean((one.astype(np.float32) - other) ** 2) for one, other in pairs]
    return float(10 * np.log10(255**2 / np.mean(errors)))


def by_others(
    folder: Path, frames: Frames, asked: PeerOptions
) -> tuple[dict[str, tuple[float, int]], dict[str, str]]:
    """Name -> PSNR and bytes; version -> why it was not measured."""
    with VideoWriter(folder / "video.mp4", (frames.shape[2], frames.shape[3]), FPS) as video:
        for image in frames[0]:
            video.add(image)
    found, missing = {SETTINGS: of_video(folder / "video.mp4", frames)}, {}
    give(folder, frames, 1, FPS)
    for version, python in asked.pythons.items():
        root = folder / f"lerobot-{version}"
        try:
            write_by_lerobot(folder, root, version, python)
            found[f"LeRobot {version}"] = of_video(pictures_of(root)[0], frames)
        except (OSError, ProgramFailed) as error:
            missing[version] = str(error)
            say(f"LeRobot {version}: not measured, {error}")
    return found, missing


def of_video(path: Path, frames: Frames) -> tuple[float, int]:
    """Its PSNR, and its bytes."""
    return psnr_db(path, frames), path.stat().st_size


if __name__ == "__main__":
    sys.exit(run(measure, bars, PeerOptions))
