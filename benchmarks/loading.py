"""How many random training samples come from a take, beside LeRobot's own loaders?

A sample is the image of each camera at the wanted size, the state and the next 16 actions. Takes
of one and of three 640×480 cameras, 128 and 256 pixels. All draw the same samples of the same
frames, in turns of a fraction of a second, with one thread each; the best turn counts. What is
compared is processor time, so that what else runs on the machine does not decide; samples a
second by the clock stand beside it. Bare decoding is what no loader can do without: each JPEG,
already in memory, to pixels of that size. "From memory" is how our training draws, after it has
read every sample of its takes once. A take that went to LeRobot's format and came back is measured
as well: what is imported is read as what was recorded.

The bar: at least 0.8 of bare decoding. The goal: 5 times the faster LeRobot, which is no bar. A
LeRobot is not measured where no Python that has it is named.

python benchmarks/loading.py [--seed 1] [--lerobot-044 PYTHON] [--lerobot-061 PYTHON]
"""

import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
from frame import Bar, Figures, run, say
from numpy.typing import NDArray
from peers.lerobot_process import Peer, Turn, start_peers
from peers.options import PeerOptions

from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.options import LeRobotOptions
from teachloop.datasets.formats.take_import import import_takes
from teachloop.datasets.steps import Action, Decider, Image, Pose
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import decode_jpeg_at_least, encode_jpeg
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.takes.take_folder import TAKES
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera
from teachloop.geometry.poses import make_pose
from teachloop.recorder.devices.interfaces import RobotState
from teachloop.training.data.preprocessing import shrink
from teachloop.training.data.take_samples import TakeSamples

WIDTH, HEIGHT, FPS, CHUNK = 640, 480, 20, 16
CAMERAS = ("front", "wrist", "side")
COUNTS, SIDES = (1, 3), (128, 256)
NOISE = 2.0  # of 255, as a sensor's
LEAST_OF_BARE, GOAL = 0.8, 5.0

Frames = NDArray[np.uint8]  # (ticks, cameras, height, width, 3)
Contestant = Callable[[list[int]], Turn]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    ticks: int
    turns: int
    draws: int  # samples in a turn


QUICK, WHOLE = Size(16, 5, 6), Size(60, 15, 8)


@dataclass(frozen=True, slots=True)
class Speed:
    """One contestant's best turn."""

    samples_s: float
    cpu_ms: float  # of a sample


@dataclass(frozen=True, slots=True)
class Case:
    """One number of cameras at one size."""

    take: str  # recorded, or imported
    cameras: int
    side_px: int
    speeds: Mapping[str, Speed]
    of_bare: float  # bare decoding's processor time in ours
    times_lerobot: float | None  # the faster LeRobot's in ours; None: not measured


def measure(asked: PeerOptions) -> Figures:
    """Record, let the peers write the same, and let all draw in turns."""
    cv2.setNumThreads(1)
    size, rng = QUICK if asked.quick else WHOLE, np.random.default_rng(asked.seed)
    frames = draw_frames(size.ticks, rng)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="teachloop-")))
        write_for_peers(folder, frames)
        for count in COUNTS:
            record(folder / TAKES / f"take-{count}", frames, count)
        peers, missing = start_peers(folder, asked.pythons, stack)
        for version, why in missing.items():
            say(f"LeRobot {version}: not measured, {why}")
        cases = [
            told(case(origin, contestants, count, side, size, rng))
            for origin, count, side, contestants in contests(folder, peers)
        ]
    return {
        "ticks": size.ticks,
        "jpeg_bytes": int(np.mean([len(encode_jpeg(views[0])) for views in frames[:10]])),
        "not_measured": missing,
        "cases": [asdict(each) for each in cases],
        "goal_reached": goal_reached(cases),
    }


def goal_reached(cases: Sequence[Case]) -> bool | None:
    """None where no LeRobot was measured."""
    ratios = [each.times_lerobot for each in cases if each.times_lerobot is not None]
    return min(ratios) >= GOAL if ratios else None


def bars(figures: Figures, asked: PeerOptions) -> list[Bar]:
    return [
        Bar(
            f"of bare decoding, {each['take']}, {each['cameras']} × {each['side_px']} px",
            each["of_bare"],
            least=LEAST_OF_BARE,
        )
        for each in figures["cases"]
    ]


def contests(
    folder: Path, peers: Mapping[str, Peer]
) -> Iterator[tuple[str, int, int, dict[str, Contestant]]]:
    """Which take, each number of cameras and each side, with those who draw."""
    for count in COUNTS:
        with Take.open(folder / TAKES / f"take-{count}") as take:
            for side in SIDES:
                theirs = {
                    f"LeRobot {version}, {peer.backend}": partial(peer.turn, count, side)
                    for version, peer in peers.items()
                }
                yield "recorded", count, side, {**ours(take, CAMERAS[:count], side), **theirs}
    count = COUNTS[0]
    with Take.open(there_and_back(folder, f"take-{count}")) as take:
        for side in SIDES:
            yield "imported", count, side, ours(take, CAMERAS[:count], side)


def there_and_back(data: Path, take_id: str) -> Path:
    """The folder of what an export to LeRobot became when it was imported."""
    out, back = data / "exported", data / "back"
    export_takes(data, [take_id], LeRobotOptions(), out, _quiet)
    (found,) = import_takes(back, out, ImportOptions(), _quiet).takes
    return back / TAKES / found


def _quiet(message: str, share: float) -> None:
    """Nobody waits."""


def case(
    origin: str,
    contestants: Mapping[str, Contestant],
    count: int,
    side: int,
    size: Size,
    rng: np.random.Generator,
) -> Case:
    """All draw the same rows, one after the other, as often as there are turns."""
    turns: dict[str, list[Turn]] = {name: [] for name in contestants}
    for _ in range(size.turns):
        rows = rng.integers(size.ticks, size=size.draws).tolist()
        for name, draw in contestants.items():
            turns[name].append(draw(rows))
    speeds = {name: _speed(of_one, size.draws) for name, of_one in turns.items()}
    own = speeds["teachloop"].cpu_ms
    lerobot = [each.cpu_ms for name, each in speeds.items() if name.startswith("LeRobot")]
    times = min(lerobot) / own if lerobot else None
    return Case(origin, count, side, speeds, speeds["bare decoding"].cpu_ms / own, times)


def _speed(turns: list[Turn], draws: int) -> Speed:
    wall_s, cpu_s = min(turn.wall_s for turn in turns), min(turn.cpu_s for turn in turns)
    return Speed(round(draws / wall_s, 1), round(1e3 * cpu_s / draws, 4))


def ours(take: Take, cameras: tuple[str, ...], side: int) -> dict[str, Contestant]:
    samples = TakeSamples(take, cameras, size=side, chunk=CHUNK, rate_hz=FPS)
    jpegs = [[take.jpeg(name, row) for name in cameras] for row in range(len(samples))]

    def bare(row: int) -> list[Image]:
        return [shrink(decode_jpeg_at_least(jpeg, side, side), side) for jpeg in jpegs[row]]

    kept = [samples[row] for row in range(len(samples))]
    images = np.stack([sample.images for sample in kept])
    offsets = np.stack([sample.offsets for sample in kept])

    def from_memory(row: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        return images[row].copy(), offsets[row].copy()

    return {
        "teachloop": partial(_turn, samples.__getitem__),
        "bare decoding": partial(_turn, bare),
        "teachloop, from memory": partial(_turn, from_memory),
    }


def _turn(draw: Callable[[int], object], rows: list[int]) -> Turn:
    wall, cpu = time.perf_counter(), time.process_time()
    for row in rows:
        draw(row)
    return Turn(time.perf_counter() - wall, time.process_time() - cpu)


def draw_frames(ticks: int, rng: np.random.Generator) -> Frames:
    """A picture that moves, with a sensor's noise."""
    frames = np.empty((ticks, len(CAMERAS), HEIGHT, WIDTH, 3), np.uint8)
    for camera in range(len(CAMERAS)):
        coarse = rng.integers(30, 220, (12, 16, 3), np.uint8)
        still = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC).astype(float)
        for tick in range(ticks):
            noise = rng.normal(0, NOISE, still.shape)
            frames[tick, camera] = np.clip(np.roll(still, 3 * tick, 1) + noise, 0, 255)
    return frames


def record(folder: Path, frames: Frames, count: int) -> None:
    """A take of the first ``count`` cameras."""
    cameras = {name: _camera(name) for name in CAMERAS[:count]}
    created = "2026-01-01T00:00:00+00:00"
    info = TakeInfo(
        take_id=folder.name,
        created=created,
        created_time_ns=1,
        rate_hz=FPS,
        cameras=cameras,
        instruction="push it",
    )
    with TakeWriter(folder, info) as writer:
        for tick, views in enumerate(frames):
            time_ns = (tick + 1) * 1_000_000_000 // FPS
            writer.append_robot(_reading(tick, time_ns))
            for name, image in zip(cameras, views, strict=False):
                writer.append_frame(name, tick, time_ns, time_ns, encode_jpeg(image))
            action = Action(ee_pose=_pose(tick + 1), gripper=1.0, decided_by=Decider.SCRIPT)
            writer.append_action(time_ns, action, action)


def _camera(name: str) -> Camera:
    intrinsics = np.array([[600.0, 0, WIDTH / 2], [0, 600.0, HEIGHT / 2], [0, 0, 1]])
    return Camera(
        name=name, width=WIDTH, height=HEIGHT, intrinsics=intrinsics, mount="base", pose=np.eye(4)
    )


def _pose(tick: int) -> Pose:
    return make_pose(np.eye(3), [0.4 + 0.002 * tick, 0.0, 0.2])


def _reading(tick: int, time_ns: int) -> RobotState:
    return RobotState(
        time_ns=time_ns,
        device_time_ns=time_ns,
        joint_positions_rad=np.zeros(7),
        joint_velocities_rad_s=np.zeros(7),
        ee_pose=_pose(tick),
        gripper_width_m=0.08,
    )


def write_for_peers(folder: Path, frames: Frames) -> None:
    """The frames, as many states and actions, and what else a peer has to know."""
    np.save(folder / "frames.npy", frames)
    state, action = np.zeros((len(frames), 10), "f4"), np.zeros((len(frames), 7), "f4")
    np.savez(folder / "streams.npz", state=state, action=action)
    settings = {"cameras": CAMERAS, "counts": COUNTS, "fps": FPS, "chunk": CHUNK, "threads": 1}
    (folder / "settings.json").write_text(json.dumps(settings))


def told(case: Case) -> Case:
    """Says a case's figures as soon as they are there."""
    say(f"{case.take}, {case.cameras} × {WIDTH}×{HEIGHT} → {case.side_px} px")
    for name, speed in case.speeds.items():
        say(f"  {name:28}{speed.samples_s:10.1f} samples/s{speed.cpu_ms:9.3f} ms of processor")
    if case.times_lerobot is not None:
        say(f"  {case.times_lerobot:.1f} times the faster LeRobot (goal {GOAL:g})")
    return case


if __name__ == "__main__":
    sys.exit(run(measure, bars, PeerOptions))
