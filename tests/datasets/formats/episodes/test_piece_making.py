"""Many takes are exported several at once, and nothing else changes."""

from pathlib import Path

import pytest
from lerobot_files import LeRobotFiles
from numbered_takes import NumberedTake, numbered_take

from teachloop.datasets.formats.episodes import piece_making
from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.options import LeRobotOptions

SILENT = {"instruction": ""}
TAKES = [f"take-{number}" for number in range(9)]


class Stopped(Exception):
    """Somebody ended the export."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Takes of successive lengths, of which one has no instruction."""
    for number, name in enumerate(TAKES):
        fields = SILENT if number == 4 else {}
        how = NumberedTake(ticks=10 + number, seed=number, cameras=("front",), fields=fields)
        numbered_take(tmp_path, name, how)
    return tmp_path


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_several_at_once_write_what_one_after_the_other_writes(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, float]] = []
    several = export_takes(
        data, TAKES, LeRobotOptions(), data / "first" / "set", lambda *said: told.append(said)
    )
    monkeypatch.setattr(piece_making, "MOST", 1)
    alone = export_takes(data, TAKES, LeRobotOptions(), data / "second" / "set", lambda *said: None)
    assert several == alone
    assert several.episodes == 8
    assert list(several.left_out) == ["take-4"]
    assert files_of(data / "first") == files_of(data / "second")
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[0] == ("take 1 of 9", 0.0)


def test_one_that_was_ended_goes_on_with_what_is_there(data: Path) -> None:
    def tell(message: str, share: float) -> None:
        if share > 0.3:
            raise Stopped

    with pytest.raises(Stopped):
        export_takes(data, TAKES, LeRobotOptions(), data / "out", tell)
    assert not (data / "out").exists()
    pieces = data / ".out.partial" / "pieces"
    kept = {path: path.stat().st_mtime_ns for path in pieces.glob("take-*/0.mp4")}
    assert len(kept) >= 3

    def look(message: str, share: float) -> None:
        if message == "putting all together":
            again.update({path: path.stat().st_mtime_ns for path in kept})

    again: dict[Path, int] = {}
    export_takes(data, TAKES, LeRobotOptions(), data / "out", look)
    assert again == kept
    takes = [row["take"] for row in LeRobotFiles(data / "out").episodes]
    assert takes == [name for name in TAKES if name != "take-4"]


def test_what_an_ended_process_left_is_removed(data: Path) -> None:
    torn = data / ".out.partial" / "pieces" / ".take-3.7.7.partial"
    torn.mkdir(parents=True)

    def tell(message: str, share: float) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        export_takes(data, TAKES, LeRobotOptions(), data / "out", tell)
    assert not torn.exists()


def test_a_take_that_is_named_twice_is_one_episode(data: Path) -> None:
    done = export_takes(
        data, [*TAKES, *TAKES], LeRobotOptions(), data / "out", lambda message, share: None
    )
    assert done.episodes == 8
