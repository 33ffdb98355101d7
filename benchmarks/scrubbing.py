"""How many frames a second a person sees who goes through a labelled take by key.

    python benchmarks/scrubbing.py [--quick] [--seed 1] [--json]

Draws a take of 300 ticks with two 640×480 cameras and a mask on every frame, opens it on Label in
a headless Chromium, goes through it once, so that its pictures have been fetched, and then again:
the next frame as soon as both pictures of this one are painted with their masks.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from browser import chromium, open_label, serving
from frame import Bar, Figures, Options, run
from numpy.typing import NDArray
from sittings.writing import START_NS, TICK_NS

from teachloop.datasets.labels.edits import Edit, SetMask, SetObjects
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera
from teachloop.geometry.panda import HOME_JOINTS_RAD, tool_down
from teachloop.recorder.devices.interfaces import RobotState

CAMERAS = ("front", "wrist")
WIDTH, HEIGHT = 640, 480
RADIUS = 60  # of the disc that wanders through the pictures
THING = "disc"
THROUGH = """async (ticks) => {
  const captions = [...document.querySelectorAll(".tl-label .camera figcaption")];
  const shown = (tick) => captions.every(({ textContent }) => textContent.split(" ")[1] == tick);
  const painted = () => new Promise(requestAnimationFrame);
  const press = (key) =>
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  press("Home");
  while (!shown(0)) await painted();
  const began = performance.now();
  const late = [];
  for (let tick = 1; tick < ticks; tick++) {
    const asked = performance.now();
    press("ArrowRight");
    do await painted();
    while (!shown(tick));
    late.push(performance.now() - asked);
  }
  return [performance.now() - began, late];
}"""


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    ticks: int = 300
    """How long the take is."""


def measure(asked: Asked) -> Figures:
    """Frames a second, the second time, and how long the slowest took."""
    ticks = 60 if asked.quick else asked.ticks
    with (
        chromium() as browser,
        serving(browser, "synthetic", partial(draw, ticks, asked.seed)) as (page, _),
    ):
        open_label(page)
        first_ms, _ = page.evaluate(THROUGH, ticks)
        again_ms, late_ms = page.evaluate(THROUGH, ticks)
    return {
        "ticks": ticks,
        "first_fps": 1000 * (ticks - 1) / first_ms,
        "fps": 1000 * (ticks - 1) / again_ms,
        "p95_ms": float(np.quantile(late_ms, 0.95)),
        "slowest_ms": max(late_ms),
    }


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """What looks like a film to a person."""
    return [Bar("frames a second, of two cameras", figures["fps"], least=30)]


def draw(ticks: int, seed: int, data: Path) -> None:
    """A take in the data folder."""
    folder = data / "takes" / "wandering"
    info = TakeInfo(
        take_id=folder.name, created="2026-01-01T00:00:00+00:00", created_time_ns=START_NS,
        instruction="follow the disc", cameras={name: camera(name) for name in CAMERAS},
    )  # fmt: skip
    masks = {name: list(discs(ticks, seed + at)) for at, name in enumerate(CAMERAS)}
    with TakeWriter(folder, info) as writer:
        for tick in range(ticks):
            write_still(writer, tick)
            for name in CAMERAS:
                time_ns = START_NS + tick * TICK_NS
                jpeg = encode_jpeg(picture(masks[name][tick], tick, seed))
                writer.append_frame(name, tick, time_ns, time_ns, jpeg)
    Labels.open(folder).apply([SetObjects((ObjectLabel(THING, True),)), *edits(masks)], 0, "drawn")


def write_still(writer: TakeWriter, tick: int) -> None:
    """An arm that is at home and stays there."""
    time_ns, pose = START_NS + tick * TICK_NS, tool_down(0.0, [0.4, 0.0, 0.3])
    state = RobotState(
        time_ns=time_ns, device_time_ns=time_ns, joint_positions_rad=HOME_JOINTS_RAD,
        joint_velocities_rad_s=np.zeros(7), ee_pose=pose, gripper_width_m=0.08,
    )  # fmt: skip
    action = Action(ee_pose=pose, gripper=1.0, decided_by=Decider.SCRIPT)
    writer.append_robot(state)
    writer.append_action(time_ns, action, action)


def camera(name: str) -> Camera:
    """640×480, and nobody knows where it is."""
    lens = np.array([[600.0, 0, WIDTH / 2], [0, 600, HEIGHT / 2], [0, 0, 1]])
    return Camera(
        name=name, width=WIDTH, height=HEIGHT, intrinsics=lens, mount="base", pose=np.eye(4),
        calibrated=False,
    )  # fmt: skip


def discs(ticks: int, seed: int) -> Iterator[NDArray[np.bool_]]:
    """Masks (480, 640) of a disc that goes round."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    for angle in seed + np.linspace(0, 12, ticks):
        across, down = WIDTH / 2 + 200 * np.cos(angle), HEIGHT / 2 + 130 * np.sin(angle)
        yield (columns - across) ** 2 + (rows - down) ** 2 < RADIUS**2


def picture(mask: NDArray[np.bool_], tick: int, seed: int) -> NDArray[np.uint8]:
    """(480, 640, 3), as hard to decode as a camera's: grain everywhere."""
    rng = np.random.default_rng([seed, tick])
    image = rng.integers(60, 120, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    image[mask] += np.array([90, 20, 0], np.uint8)
    return image


def edits(masks: dict[str, list[NDArray[np.bool_]]]) -> Iterator[Edit]:
    """A person's mask on every frame."""
    for name, each in masks.items():
        for index, mask in enumerate(each):
            record = MaskRecord(rle=encode(mask), source=MaskSource.HUMAN)
            yield SetMask(name, index, THING, record)


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
