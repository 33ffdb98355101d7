"""An export is whole or not there, and goes on where it stopped."""

import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from numbered_takes import NumberedTake, numbered_take
from robomimic_files import RobomimicFiles

from teachloop.datasets.formats.episodes.errors import AllLeftOut, MixedRates
from teachloop.datasets.formats.episodes.export import ExportedTakes
from teachloop.datasets.formats.export import AlreadyThere
from teachloop.datasets.formats.robomimic.export import export_takes
from teachloop.datasets.formats.robomimic.options import RobomimicOptions
from teachloop.datasets.labels.edits import SetSuccess
from teachloop.datasets.labels.labels import Labels


class Stopped(Exception):
    """Somebody ended the export."""


def export(data: Path, *takes: str, stop_at: float = 2.0, **options: Any) -> ExportedTakes:
    """``stop_at``: the share at which somebody ends it."""

    def tell(message: str, share: float) -> None:
        if share >= stop_at:
            raise Stopped

    return export_takes(data, takes, RobomimicOptions(**options), data / "out", tell)


def written_ns(data: Path, take: str) -> int:
    """When what was made of a take was."""
    return (data / ".out.partial" / "pieces" / take / "demo.hdf5").stat().st_mtime_ns


@pytest.fixture
def takes(tmp_path: Path) -> list[str]:
    return [
        numbered_take(tmp_path, name, NumberedTake(ticks=12, seed=seed))
        for seed, name in enumerate(("one", "two", "three"))
    ]


@pytest.mark.parametrize("stop_at", [0.0, 0.3, 0.5, 0.71, 0.89])
def test_an_interrupted_export_never_looks_complete(
    tmp_path: Path, takes: list[str], stop_at: float
) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=stop_at)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.rglob("dataset.hdf5"))
    assert export(tmp_path, *takes).frames == 36
    files = RobomimicFiles(tmp_path / "out")
    assert [files.shown(number, "front") for number in range(3)] == [list(range(12))] * 3
    assert [path.name for path in files.root.iterdir()] == ["dataset.hdf5"]
    assert not (tmp_path / ".out.partial").exists()


def test_what_was_made_of_a_take_is_kept_when_it_goes_on(tmp_path: Path, takes: list[str]) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.3)
    before = written_ns(tmp_path, "one")
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.8)
    assert written_ns(tmp_path, "one") == before


def test_what_changed_meanwhile_is_made_anew(tmp_path: Path, takes: list[str]) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.8)
    Labels.open(tmp_path / "takes" / "two").apply([SetSuccess(True)], 0, "Ada")
    export(tmp_path, *takes)
    assert RobomimicFiles(tmp_path / "out").mask("success") == ["demo_1"]


def test_other_options_take_nothing_of_what_was_made(tmp_path: Path, takes: list[str]) -> None:
    with pytest.raises(Stopped):
        export(tmp_path, *takes, stop_at=0.8)
    export(tmp_path, *takes, rate_hz=10, size=(36, 48))
    files = RobomimicFiles(tmp_path / "out")
    assert files.column(2, "obs/front_image").shape == (6, 36, 48, 3)


def test_memory_does_not_grow_with_the_take(tmp_path: Path) -> None:
    """Of the 400 pictures, 14 MB, a few are held at once."""
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


def test_a_take_without_pictures_is_left_out_with_the_reason(
    tmp_path: Path, takes: list[str]
) -> None:
    dark = NumberedTake(ticks=12, dropped={"wrist": set(range(12))})
    numbered_take(tmp_path, "dark", dark)
    done = export(tmp_path, "dark", *takes)
    assert (done.episodes, done.frames, list(done.left_out)) == (3, 36, ["dark"])
    assert RobomimicFiles(tmp_path / "out").said(0)["take"] == "one"


def test_nothing_but_left_out_takes_is_no_file(tmp_path: Path) -> None:
    dark = NumberedTake(ticks=12, dropped={"wrist": set(range(12))})
    with pytest.raises(AllLeftOut, match="dark: Take dark cannot be used"):
        export(tmp_path, numbered_take(tmp_path, "dark", dark))
    assert not (tmp_path / "out").exists()


def test_takes_of_two_rates_are_refused(tmp_path: Path) -> None:
    numbered_take(tmp_path, "one", NumberedTake(ticks=5))
    numbered_take(tmp_path, "other", NumberedTake(ticks=5, rate_hz=30.0))
    with pytest.raises(MixedRates, match="30 Hz"):
        export(tmp_path, "one", "other")
