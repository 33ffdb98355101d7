"""What `teachloop check` finds fault with is neither learned from nor judged by."""

from collections.abc import Callable
from pathlib import Path

import h5py
import pytest
from drawn_takes import draw_take

from teachloop.datasets.errors import NoSuchTake, TakeRefused
from teachloop.datasets.labels.edits import AddPrompt
from teachloop.datasets.labels.label_values import Prompt
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.checksum import write_checksum
from teachloop.datasets.takes.trash import put_in_bin
from teachloop.runtime.errors import TeachloopError
from teachloop.training.data.takes import cameras_of
from teachloop.training.evaluation.layouts import unseen_layouts
from teachloop.training.job_kinds import FINETUNE
from teachloop.training.openvla.cameras import chosen_cameras
from teachloop.training.serving.choice import PolicyChoice


def run_backwards(folder: Path) -> None:
    with h5py.File(folder / "take.h5", "r+") as file:
        samples = file["actions/samples"]
        assert isinstance(samples, h5py.Dataset)
        rows = samples[:]
        rows["time_ns"][5] = rows["time_ns"][3]
        samples[:] = rows
    write_checksum(folder / "take.h5")


def flip_a_byte(folder: Path) -> None:
    content = bytearray((folder / "take.h5").read_bytes())
    content[content.index(b"\xff\xd8\xff") + 400] ^= 8  # in a picture, which still opens
    (folder / "take.h5").write_bytes(content)


def click_where_no_frame_is(folder: Path) -> None:
    labels = Labels.open(folder)
    click = Prompt(camera="front", frame=99_999, object="red square", kind="point", values=(1, 2))
    labels.apply([AddPrompt(click)], labels.revision, "annotator")


def cut_the_last_line_short(folder: Path) -> None:
    with (folder / "labels" / "edits.jsonl").open("ab") as file:
        file.write(b'{"revision":')


def leave_a_killed_recording(folder: Path) -> None:
    (folder / "take.h5.partial").write_bytes(b"")


FAULTS: dict[str, Callable[[Path], None]] = {
    "the times of actions run backwards": run_backwards,
    "bytes in it changed": flip_a_byte,
    "no frame 99999": click_where_no_frame_is,
    "its last line was cut short": cut_the_last_line_short,
    "a recording that was killed lies here": leave_a_killed_recording,
}


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What is wrong with the take "faulty", of which the take "whole" has nothing."""
    draw_take(tmp_path, "whole", success=True)
    draw_take(tmp_path, "faulty", success=True)
    FAULTS[request.param](tmp_path / "takes" / "faulty")
    assert request.param in str(check(tmp_path / "takes" / "faulty")[0])
    return request.param


def test_what_check_finds_is_refused_by_name_wherever_takes_are_used(
    fault: str, tmp_path: Path
) -> None:
    refused = pytest.raises(TeachloopError, match=f"Take faulty cannot be used: .*{fault}")
    for cameras in (cameras_of, chosen_cameras):
        with refused:
            cameras(tmp_path, ["whole", "faulty"])
    with refused:
        unseen_layouts(tmp_path, ["whole", "faulty"], 3)
    with refused:
        FINETUNE.check(tmp_path, {"takes": ["whole", "faulty"]})
    with refused:
        PolicyChoice(data=tmp_path, cameras_of="faulty").open()


def test_a_take_in_the_bin_is_not_learned_from_though_it_is_named(tmp_path: Path) -> None:
    take = draw_take(tmp_path, "thrown-away")
    put_in_bin(tmp_path / "takes" / take, "Ada")
    for cameras in (cameras_of, chosen_cameras):
        with pytest.raises(TakeRefused, match=r"Take thrown-away .* in the bin\. Take it back"):
            cameras(tmp_path, [take])


def test_a_take_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSuchTake, match="no take 'nowhere'"):
        cameras_of(tmp_path, ["nowhere"])
