"""How long a data folder of thousands of takes lets people wait.

    python benchmarks/many_takes.py [--takes 5000] [--quick] [--json]

One take of 5 s with two 256×256 cameras, and hard links to it under as many names. Measured: to
make the catalog that is not there, to find that it is up to date, and in a headless Chromium, from
the click on *Data* until its list can be used, and from a typed word until the list shows what
fits, the slowest of several words.
"""

import os
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from browser import chromium, serving
from frame import Bar, Figures, Options, run
from playwright.sync_api import Page
from scrubbing import write_still
from sittings.writing import START_NS, TICK_NS, take_id

from teachloop.datasets.catalog import FILE, Catalog
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.take_folder import TAKE
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera

CAMERAS, SIDE, TICKS = ("front", "wrist"), 256, 100
ROWS = ".tl-data tbody tr[data-take]"
OPENED = """async (rows) => {
  const began = performance.now();
  document.querySelector("[role=tab][data-tab-id=data]").click();
  const painted = () => new Promise(requestAnimationFrame);
  while (!document.querySelector(rows)) await painted();
  await painted();
  await painted();
  return performance.now() - began;
}"""
SEARCHED = """async (word) => {
  const field = document.querySelector(".tl-data .search");
  const total = document.querySelector(".tl-data .list .total");
  const before = total.textContent;
  const painted = () => new Promise(requestAnimationFrame);
  const began = performance.now();
  field.value = word;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  while (total.textContent === before) await painted();
  await painted();
  await painted();
  return performance.now() - began;
}"""


@dataclass(frozen=True, kw_only=True)
class Asked(Options):
    takes: int = 5000
    """How many."""


def measure(asked: Asked) -> Figures:
    """Seconds and milliseconds that somebody waits."""
    takes = 500 if asked.quick else asked.takes
    with TemporaryDirectory(prefix="teachloop-many-") as folder:
        data = Path(folder)
        fill(takes, asked.seed, data)
        made_s, again_s = refreshed(data), refreshed(data)
        megabytes = (data / FILE).stat().st_size / 1e6
    with (
        chromium() as browser,
        serving(browser, "synthetic", partial(fill_and_index, takes, asked.seed)) as (page, _),
    ):
        page.wait_for_timeout(2000)  # a person looks at the page first
        opened_ms = page.evaluate(OPENED, ROWS)
        searched_ms = [search(page, word) for word in words(takes)]
    return {
        "takes": takes,
        "catalog_made_s": made_s,
        "catalog_looked_at_s": again_s,
        "catalog_mb": megabytes,
        "opened_s": opened_ms / 1000,
        "search_ms": max(searched_ms),
        "searches_ms": searched_ms,
    }


def bars(figures: Figures, asked: Asked) -> list[Bar]:
    """What does not feel like waiting."""
    return [
        Bar("seconds to make the catalog", figures["catalog_made_s"], most=60),
        Bar("seconds to a list that can be used", figures["opened_s"], most=2),
        Bar("slowest search, ms", figures["search_ms"], most=200),
    ]


def words(takes: int) -> list[str]:
    """Some fit one take, some many, one all and one none."""
    return [str(takes - 1), "7", "", "nowhere", "disc", str(takes // 2)]


def search(page: Page, word: str) -> float:
    """Milliseconds until the list shows what fits."""
    return page.evaluate(SEARCHED, word)


def refreshed(data: Path) -> float:
    """Seconds that it takes to bring the catalog up to date."""
    began = time.monotonic()
    with Catalog(data) as catalog:
        catalog.refresh()
    return time.monotonic() - began


def fill_and_index(takes: int, seed: int, data: Path) -> None:
    fill(takes, seed, data)
    refreshed(data)


def fill(takes: int, seed: int, data: Path) -> None:
    """Takes under names of successive seconds, all of them one file."""
    first = data / "takes" / take_id(0)
    write(first, seed)
    for number in range(1, takes):
        folder = data / "takes" / take_id(number)
        folder.mkdir()
        os.link(first / TAKE, folder / TAKE)


def write(folder: Path, seed: int) -> None:
    """A take of 5 s, as hard to compress as a camera's."""
    lens = np.array([[300.0, 0, SIDE / 2], [0, 300, SIDE / 2], [0, 0, 1]])
    cameras = {
        name: Camera(
            name=name, width=SIDE, height=SIDE, intrinsics=lens, mount="base", pose=np.eye(4),
            calibrated=False,
        )
        for name in CAMERAS
    }  # fmt: skip
    info = TakeInfo(
        take_id=folder.name, created="2026-01-01T00:00:00+00:00", created_time_ns=START_NS,
        task="follow", instruction="follow the disc", operator="Ada", cameras=cameras,
    )  # fmt: skip
    random = np.random.default_rng(seed)
    with TakeWriter(folder, info) as writer:
        for tick in range(TICKS):
            write_still(writer, tick)
            for name in CAMERAS:
                time_ns = START_NS + tick * TICK_NS
                image = random.integers(60, 120, (SIDE, SIDE, 3), dtype=np.uint8)
                writer.append_frame(name, tick, time_ns, time_ns, encode_jpeg(image))


if __name__ == "__main__":
    sys.exit(run(measure, bars, Asked))
