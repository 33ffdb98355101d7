"""How a take comes back that went through a format of others, field by field, and the tables of
``docs/imports.md`` that say it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numbered_pictures import HEIGHT, WIDTH
from numbered_takes import START_NS, NumberedTake

from teachloop.datasets.alignment import align
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
from teachloop.datasets.takes.reader import Take

DOCS = Path(__file__).parents[2] / "docs" / "imports.md"
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


def numbers(a: Take, b: Take, through: str, applied: str) -> Iterator[Row]:
    """What the robot and the cameras did, at each tick; ``through``: what pictures went through,
    ``applied``: what is said of the applied pose."""
    before, after = align(a, a.info.rate_hz), align(b, b.info.rate_hz)
    since = before.time_ns - before.time_ns[0], after.time_ns - after.time_ns[0]
    yield "time of each tick since the first", alike(*since)
    for text, name in (
        ("joint angles", "joint_positions_rad"),
        ("measured pose of the tool", "ee_pose"),
        ("gripper's width", "gripper_width_m"),
        (applied, "applied_pose"),
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
    yield "pictures", f"by {max(apart):.1f} of 255 on average, through {through}"
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
        ("objects that have masks", "objects"),
        ("note", "note"),
        ("tags", "tags"),
    ):
        yield text, alike(getattr(said, name), getattr(back, name))
    spans = [[(each.text, each.start_ns, each.end_ns) for each in x.segments] for x in (said, back)]
    yield "sub-tasks, to the tick", alike(*spans)


def table_of(rows: Sequence[Row]) -> str:
    """As it stands in the docs."""
    lines = [f"| {text} | {found} |\n" for text, found in rows]
    return "".join(["| of a take | comes back |\n", "|---|---|\n", *lines])


def rows_in(table: str) -> Iterator[Row]:
    for line in table.splitlines()[2:]:
        text, found = (part.strip() for part in line.strip("|").split("|"))
        yield text, found


def table_in_docs(form: str) -> str:
    return _around(form)[1]


def write_into_docs(form: str, table: str) -> None:
    before, _, after = _around(form)
    DOCS.write_text(f"{before}{table}{after}", "utf-8")


def _around(form: str) -> tuple[str, str, str]:
    """The docs before, in and after a format's table."""
    before, found, rest = DOCS.read_text("utf-8").partition(f"<!-- round trip: {form} -->\n")
    table, ending, after = rest.partition("<!-- end of it -->")
    return before + found, table, ending + after
