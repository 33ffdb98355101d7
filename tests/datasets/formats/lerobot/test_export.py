"""An export is whole or not there, goes on where it stopped, and refuses what makes no data set."""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from lerobot_files import LeRobotFiles
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets.embodiment import Gripper
from teachloop.datasets.errors import TakeRefused
from teachloop.datasets.formats.episodes.errors import (
    AllLeftOut,
    CannotExport,
    MixedCameras,
    MixedRates,
    MixedRobots,
    MixedSizes,
    NoTakes,
    NothingRecorded,
)
from teachloop.datasets.formats.episodes.exported import ExportedTakes
from teachloop.datasets.formats.export import AlreadyThere
from teachloop.datasets.formats.lerobot.errors import (
    BrokenRate,
    MissingLibraries,
    UnencodableSize,
)
from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.libraries import require_libraries
from teachloop.datasets.formats.lerobot.options import LeRobotOptions
from teachloop.datasets.labels.edits import SetDeleted, SetSuccess
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.tool import FLANGE

SHORT = NumberedTake(ticks=12)


class Stopped(Exception):
    """Somebody ended the export."""


def export(data: Path, *takes: str, stop_at: float = 2.0, **options: Any) -> ExportedTakes:
    """``stop_at``: the share at which somebody ends it."""

    def tell(message: str, share: float) -> None:
        if share >= stop_at:
            raise Stopped

    return export_takes(data, takes, LeRobotOptions(**options), data / "out", tell)


def videos_of(data: Path, take: str) -> dict[str, int]:
    """When each video of a take that was left was written."""
    folder = data / ".out.partial" / "pieces" / take
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*.mp4")}


@pytest.mark.parametrize("stop_at", [0.0, 0.35, 0.5, 0.91, 0.97])
def test_an_interrupted_export_never_looks_complete(
    tmp_path: Path, takes: list[str], stop_at: float
) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=stop_at)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.rglob("info.json"))
    assert export(tmp_path, *takes).frames == 36
    files = LeRobotFiles(tmp_path / "out")
    assert [files.shown("front", number) for number in range(3)] == [list(range(12))] * 3
    written = sorted(path.name for path in files.root.iterdir())
    assert written == ["README.md", "data", "meta", "videos"]
    assert not (tmp_path / ".out.partial").exists()


def test_what_was_made_of_a_take_is_kept_when_it_goes_on(tmp_path: Path, takes: list[str]) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.5)
    before = videos_of(tmp_path, "one")
    assert set(before) == {"0.mp4", "1.mp4"}
    assert videos_of(tmp_path, "two") == {}
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.95)
    assert videos_of(tmp_path, "one") == before


def test_what_changed_meanwhile_is_made_anew(tmp_path: Path, takes: list[str]) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.95)
    labels = Labels.open(tmp_path / "takes" / "two")
    labels.apply([SetSuccess(True)], 0, "Ada")
    export(tmp_path, *takes)
    rows = LeRobotFiles(tmp_path / "out").episodes
    assert [row["success"] for row in rows] == [None, True, None]


def test_another_plan_takes_nothing_of_the_one_before(tmp_path: Path, takes: list[str]) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.95)
    export(tmp_path, *takes, rate_hz=10, actions="deltas")
    files = LeRobotFiles(tmp_path / "out")
    assert files.column("action").shape == (18, 7)
    assert files.shown("front", 2) == [0, 2, 4, 6, 8, 10]


def test_memory_does_not_grow_with_the_take(tmp_path: Path) -> None:
    """Of the 400 pictures, 14 MB as they are shown, a few are held at once."""
    long = NumberedTake(ticks=400, size=(96, 128), cameras=("front",))
    numbered_take(tmp_path, "long", long)
    tracemalloc.start()
    export(tmp_path, "long")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6_000_000


def test_what_is_there_is_never_written_over(tmp_path: Path, takes: list[str]) -> None:
    export(tmp_path, *takes)
    with pytest.raises(AlreadyThere):
        export(tmp_path, *takes)


def test_a_take_that_holds_nothing_to_export_is_left_out_with_the_reason(
    tmp_path: Path, takes: list[str]
) -> None:
    dark = NumberedTake(ticks=12, dropped={"wrist": set(range(12))})
    numbered_take(tmp_path, "dark", dark)
    numbered_take(tmp_path, "silent", NumberedTake(ticks=12, fields={"instruction": ""}))
    numbered_take(tmp_path, "torn", SHORT)
    torn = tmp_path / "takes" / "torn" / "take.h5"
    content = bytearray(torn.read_bytes())
    content[len(content) // 2] ^= 1
    torn.write_bytes(content)
    done = export(tmp_path, "dark", *takes, "silent", "torn")
    assert (done.episodes, done.frames) == (3, 36)
    assert set(done.left_out) == {"dark", "silent", "torn"}
    assert "no instruction" in done.left_out["silent"]
    assert [row["take"] for row in LeRobotFiles(tmp_path / "out").episodes] == takes


def test_nothing_but_left_out_takes_is_no_data_set(tmp_path: Path) -> None:
    silent = NumberedTake(ticks=12, fields={"instruction": ""})
    with pytest.raises(AllLeftOut, match="silent: Take silent has no instruction"):
        export(tmp_path, numbered_take(tmp_path, "silent", silent))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("second", "error", "words"),
    [
        (NumberedTake(ticks=5, gripper=None), MixedRobots, "without a gripper"),
        (NumberedTake(ticks=5, fields={"tool": FLANGE}), MixedRobots, "tool"),
        (NumberedTake(ticks=5, fields={"arm": "fr3"}), MixedRobots, "fr3"),
        (NumberedTake(ticks=5, cameras=("front",)), MixedCameras, "no camera wrist"),
        (NumberedTake(ticks=5, cameras=("front", "wrist", "top")), MixedCameras, "top"),
        (NumberedTake(ticks=5, size=(96, 128)), MixedSizes, "128 × 96"),
        (NumberedTake(ticks=5, rate_hz=30.0), MixedRates, "30 Hz"),
        (NumberedTake(ticks=5, fields={"kind": "pictures"}), NothingRecorded, "pictures"),
    ],
)
def test_takes_that_do_not_fit_together_are_refused_in_words(
    tmp_path: Path, second: NumberedTake, error: type[CannotExport], words: str
) -> None:
    numbered_take(tmp_path, "one", SHORT)
    numbered_take(tmp_path, "other", second)
    with pytest.raises(error, match=words):
        export(tmp_path, "one", "other")
    assert not (tmp_path / ".out.partial").exists()


def test_what_was_asked_for_makes_some_of_them_fit(tmp_path: Path) -> None:
    numbered_take(tmp_path, "one", SHORT)
    other = NumberedTake(ticks=16, size=(96, 128), rate_hz=30.0, cameras=("front",))
    numbered_take(tmp_path, "other", other)
    export(tmp_path, "one", "other", size=(72, 96), rate_hz=10, cameras=("front",))
    files = LeRobotFiles(tmp_path / "out")
    assert [files.shown("front", n) for n in (0, 1)] == [[0, 2, 4, 6, 8, 10], [0, 3, 6, 9, 12, 15]]


def test_one_set_of_gripper_openings_is_one_robot(tmp_path: Path) -> None:
    """As for training: what differs between two grippers is in the share that actions are."""
    numbered_take(tmp_path, "one", SHORT)
    wide = NumberedTake(ticks=5, gripper=Gripper(driver="other", opening_m=0.14))
    numbered_take(tmp_path, "other", wide)
    assert export(tmp_path, "one", "other").episodes == 2


@pytest.mark.parametrize(
    ("how", "error"),
    [
        (NumberedTake(ticks=5, rate_hz=12.5), BrokenRate),
        (NumberedTake(ticks=5, size=(75, 101)), UnencodableSize),
        (NumberedTake(ticks=5, size=(48, 64)), UnencodableSize),
    ],
)
def test_what_no_video_holds_is_refused(
    tmp_path: Path, how: NumberedTake, error: type[CannotExport]
) -> None:
    with pytest.raises(error, match="Say which"):
        export(tmp_path, numbered_take(tmp_path, "one", how))


def test_a_take_in_the_bin_is_refused(tmp_path: Path) -> None:
    numbered_take(tmp_path, "one", SHORT, SetDeleted(True))
    with pytest.raises(TakeRefused, match="in the bin"):
        export(tmp_path, "one")


def test_no_takes_are_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(NoTakes):
        export(tmp_path)


def test_without_the_libraries_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("teachloop.datasets.formats.lerobot.libraries.find_spec", lambda name: None)
    with pytest.raises(MissingLibraries, match="pip install pyarrow"):
        require_libraries()
