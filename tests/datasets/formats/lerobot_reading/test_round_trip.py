"""What we export to LeRobot comes back field by field; what the format cannot hold is listed.

The table in ``docs/imports.md`` is made here; to write it anew:

    python tests/datasets/formats/lerobot_reading/test_round_trip.py
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numbered_pictures import HEIGHT, WIDTH
from numbered_takes import INSTRUCTION, START_NS, NumberedTake, numbered_take

from teachloop.datasets.alignment import align
from teachloop.datasets.formats.import_options import ImportOptions
from teachloop.datasets.formats.lerobot.export import export_takes
from teachloop.datasets.formats.lerobot.options import ActionSpace, LeRobotOptions
from teachloop.datasets.formats.take_import import import_takes
from teachloop.datasets.labels.edits import (
    Edit,
    SetMask,
    SetNote,
    SetParaphrases,
    SetSegments,
    SetSuccess,
    SetTags,
)
from teachloop.datasets.labels.label_values import ObjectLabel, Segment
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.labels.object_edits import SetObjects
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take

DOCS = Path(__file__).parents[4] / "docs" / "imports.md"
BEGIN, END = "<!-- round trip -->\n", "<!-- end of it -->"
HOW = NumberedTake(ticks=40, dropped={"front": {7, 8}}, fields={"robot": "Station 3"})
MASK = MaskRecord(rle=encode(np.eye(HEIGHT, WIDTH)), source=MaskSource.HUMAN)
SAID: list[Edit] = [
    SetSuccess(True),
    SetParaphrases(("lift the cube", "持ち上げて")),
    SetSegments(
        (
            Segment(START_NS, START_NS + 900_000_000, "reach"),
            Segment(START_NS + 1_200_000_000, START_NS + 1_700_000_000, "lift"),
        )
    ),
    SetObjects((ObjectLabel("cube", True),)),
    SetMask("front", 0, "cube", MASK),
    SetNote("slow"),
    SetTags(("night",)),
]
Row = tuple[str, str]


def returned(folder: Path, space: ActionSpace) -> tuple[Path, Path]:
    """The folders of a take, and of the one that it became on its way through LeRobot."""
    take = numbered_take(folder, "20260101-000000-0000", HOW, *SAID)
    options = LeRobotOptions(actions=space, operators=True)
    export_takes(folder, [take], options, folder / space, lambda message, share: None)
    data = folder / f"back-{space}"
    done = import_takes(data, folder / space, ImportOptions(), lambda message, share: None)
    assert check(data) == []
    return folder / "takes" / take, data / "takes" / done.takes[0]


def alike(before: Any, after: Any) -> str:
    """How a value of numbers or of words came back."""
    if not isinstance(before, np.ndarray):
        if before == after:
            return "the same"
        return "absent" if after in (None, "", (), {}, 0) else "other"
    if after is None or np.isnan(np.asarray(after, np.float64)).all():
        return "absent"
    if before.shape != after.shape:
        return "other"
    if np.array_equal(before, after):
        return "the same"
    return "to float32" if np.abs(before - after).max() < 2e-6 else "other"


def numbers(a: Take, b: Take) -> Iterator[Row]:
    """What the robot and the cameras did, at each tick."""
    before, after = align(a, a.info.rate_hz), align(b, b.info.rate_hz)
    since = before.time_ns - before.time_ns[0], after.time_ns - after.time_ns[0]
    yield "time of each tick since the first", alike(*since)
    for text, name in (
        ("joint angles", "joint_positions_rad"),
        ("measured pose of the tool", "ee_pose"),
        ("gripper's width", "gripper_width_m"),
        ("applied pose (poses; of deltas and joints below)", "applied_pose"),
        ("applied gripper", "applied_gripper"),
        ("who decided", "decided_by"),
    ):
        yield text, alike(getattr(before, name), getattr(after, name))
    yield (
        "speeds of the joints",
        alike(a.robot.joint_velocities_rad_s, b.robot.joint_velocities_rad_s),
    )
    asked = np.array_equal(after.requested_pose, after.applied_pose)
    yield "requested pose, before limits", "absent: as applied" if asked else "other"
    apart = [_apart(a, b, name, before, after) for name in a.info.cameras]
    yield "pictures", f"by {max(apart):.1f} of 255 on average, through JPEG and video"
    dropped = [int(take.frames["front"].dropped) for take in (a, b)]
    yield "which pictures were dropped", alike(*dropped)


def _apart(a: Take, b: Take, camera: str, before: Any, after: Any) -> float:
    places = zip(before.frame_index[camera], after.frame_index[camera], strict=True)
    pairs = [(a.image(camera, x).astype(int), b.image(camera, y)) for x, y in places]
    return float(np.mean([np.abs(x - y).mean() for x, y in pairs]))


def words(a: Path, b: Path) -> Iterator[Row]:
    """What was said of it."""
    with Take.open(a) as before, Take.open(b) as after:
        yield "instruction", alike(before.info.instruction, after.info.instruction)
        yield "operator (where it was exported)", alike(before.info.operator, after.info.operator)
        for text, name in (
            ("rate of control", "rate_hz"),
            ("arm", "arm"),
            ("tool", "tool"),
            ("gripper", "gripper"),
            ("name of the robot", "robot"),
            ("moment of recording", "created"),
        ):
            found = alike(getattr(before.info, name), getattr(after.info, name))
            yield text, "absent" if found == "other" else found
        cameras = [take.info.cameras["front"].calibrated for take in (before, after)]
        yield "calibration of cameras", alike(*cameras)
    said, back = (Labels.open(folder).snapshot for folder in (a, b))
    for text, name in (
        ("other wordings", "paraphrases"),
        ("success", "success"),
        ("masks", "masks"),
        ("objects", "objects"),
        ("note", "note"),
        ("tags", "tags"),
    ):
        yield text, alike(getattr(said, name), getattr(back, name))
    spans = [[(each.text, each.start_ns, each.end_ns) for each in x.segments] for x in (said, back)]
    yield "sub-tasks, to the tick", alike(*spans)


def made(folder: Path) -> str:
    """The table, as it stands in the docs."""
    before, after = returned(folder, "poses")
    with Take.open(before) as a, Take.open(after) as b:
        rows = [*numbers(a, b)]
    rows += [*words(before, after)]
    for space in ("deltas", "joints"):
        other = returned(folder / space, space)
        with Take.open(other[0]) as a, Take.open(other[1]) as b:
            poses = [align(take, take.info.rate_hz).applied_pose for take in (a, b)]
        rows.append((f"applied pose, out of {space}", alike(*poses)))
    lines = [f"| {text} | {found} |\n" for text, found in rows]
    return "".join(["| of a take | comes back |\n", "|---|---|\n", *lines])


@pytest.fixture
def table(tmp_path: Path) -> str:
    return made(tmp_path)


def test_what_comes_back_is_what_the_docs_say(table: str) -> None:
    assert table == DOCS.read_text("utf-8").split(BEGIN)[1].split(END)[0]


def test_nothing_that_the_format_holds_is_lost(table: str) -> None:
    held = ("joint angles", "measured pose", "gripper's width", "applied", "who decided")
    said = ("instruction", "other wordings", "success", "sub-tasks", "tool", "arm", "rate")
    for line in table.splitlines()[2:]:
        text, found = (part.strip() for part in line.strip("|").split("|"))
        if text.startswith((*held, *said)):
            assert found in ("the same", "to float32"), text
        assert found != "other", text


def test_an_export_without_a_gripper_comes_back_without_one(tmp_path: Path) -> None:
    take = numbered_take(tmp_path, "20260101-000000-0000", NumberedTake(ticks=12, gripper=None))
    export_takes(tmp_path, [take], LeRobotOptions(), tmp_path / "out", lambda message, share: None)
    done = import_takes(tmp_path / "back", tmp_path / "out", ImportOptions(), lambda m, s: None)
    with Take.open(tmp_path / "back" / "takes" / done.takes[0]) as back:
        assert (back.info.gripper, back.info.instruction) == (None, INSTRUCTION)
        assert back.actions.applied_gripper is None


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made_in:
        begin, rest = DOCS.read_text("utf-8").split(BEGIN)
        DOCS.write_text(f"{begin}{BEGIN}{made(Path(made_in))}{END}{rest.split(END)[1]}", "utf-8")
