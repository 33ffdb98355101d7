"""Good things to begin from: a take with everything in it, labels, weights of a tiny policy."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from teachloop.datasets.labels import edits as e
from teachloop.datasets.labels.label_values import Comment, ObjectLabel, Prompt, Segment
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskRecord, MaskSource, encode
from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.format import ERRORS, MEASURED, TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.camera import Camera, Mount
from teachloop.geometry.poses import make_pose
from teachloop.recorder.devices.interfaces import RobotState

TICKS, WIDTH, HEIGHT, TICK_NS = 5, 32, 24, 50_000_000
MOUNTS: dict[str, Mount] = {"front": "base", "wrist": "end_effector"}
OBJECT = "red cube"
TAKE_ID = "20270303-000000-0000"


def cameras() -> dict[str, Camera]:
    """Two small ones; that on the hand measures depth."""
    return {
        name: Camera(
            name=name,
            width=WIDTH,
            height=HEIGHT,
            intrinsics=np.array([[30.0, 0, 16], [0, 30.0, 12], [0, 0, 1]]),
            mount=mount,
            pose=np.eye(4),
            measures_depth=mount == "end_effector",
        )
        for name, mount in MOUNTS.items()
    }


def record(data: Path, take_id: str = TAKE_ID) -> Path:
    """A take with every stream that there is; returns its folder."""
    folder = data / "takes" / take_id
    info = TakeInfo(
        take_id=take_id,
        created="2027-03-03T00:00:00+00:00",
        created_time_ns=TICK_NS,
        task="pick",
        instruction="pick up the red cube 赤い立方体",
        operator="Ada",
        robot="simulated",
        robot_measures=(*MEASURED, ERRORS),
        cameras=cameras(),
        limits={"speed": {"m_s": 1.0}, "workspace": {"m": [0.1, 0.2]}},
        versions={"teachloop": "0"},
        scene=json.dumps({"seed": 7}),
    )
    with TakeWriter(folder, info) as writer:
        writer.append_event(TICK_NS, "mark", "here")
        writer.append_robot_errors(TICK_NS, ["reflex"])
        for tick in range(TICKS):
            _append(writer, tick)
    return folder


def _append(writer: TakeWriter, tick: int) -> None:
    at = (tick + 1) * TICK_NS
    pose = make_pose(np.eye(3), [0.4 + 0.01 * tick, 0.0, 0.3])
    reading = RobotState(
        time_ns=at,
        device_time_ns=at,
        joint_positions_rad=np.full(7, 0.1),
        joint_velocities_rad_s=np.zeros(7),
        ee_pose=pose,
        gripper_width_m=0.04,
    )
    writer.append_robot(reading, {name: np.ones(size) for name, size in MEASURED.items()})
    action = Action(ee_pose=pose, gripper=1.0, decided_by=Decider.OPERATOR)
    writer.append_action(at, action, action, ("speed",))
    for name, camera in writer.info.cameras.items():
        image = np.full((HEIGHT, WIDTH, 3), 20 * tick, np.uint8)
        writer.append_frame(name, tick, at, at, encode_jpeg(image))
        if camera.measures_depth:
            writer.append_depth(name, tick, at, at, np.full((HEIGHT, WIDTH), 500, np.uint16))
    writer.append_simulation(tick, at, np.arange(5.0))


def mask(source: MaskSource = MaskSource.HUMAN, *, locked: bool = False) -> MaskRecord:
    inside = np.zeros((HEIGHT, WIDTH), bool)
    inside[3:9, 4:20] = True
    return MaskRecord(rle=encode(inside), source=source, confidence=0.5, locked=locked)


def batches() -> Sequence[Sequence[e.Edit]]:
    """One revision each; together they hold every kind of edit."""
    point = Prompt(camera="front", frame=1, object=OBJECT, kind="point", values=(4.5, 7.25))
    comment = Comment(author="Ada", time="2027-03-03T10:00:00+00:00", review="done", text="slow")
    box = Prompt(camera="wrist", frame=2, object=OBJECT, kind="box", values=(1, 2, 9, 8))
    stroke = Prompt(
        camera="front", frame=1, object=OBJECT, kind="stroke", values=(1, 1, 3, 4), width=2.5
    )
    return (
        [e.SetInstruction("pick up the red cube 赤"), e.SetParaphrases(("grasp it", "nimm ihn"))],
        [e.SetObjects((ObjectLabel("cube", True), ObjectLabel("tray")))],
        [e.RenameObject("cube", OBJECT), e.SetSynonyms(OBJECT, ("block", "ブロック"))],
        [e.SetMask("front", 1, OBJECT, mask()), e.AddPrompt(point), e.AddPrompt(box)],
        [e.AddPrompt(stroke)],
        [
            e.SetMask("front", 2, OBJECT, mask(MaskSource.PROPAGATED)),
            e.DeleteMask("front", 2, OBJECT),
        ],
        [e.LockMask("front", 1, OBJECT, True), e.RemovePrompt(box)],
        [e.SetSegments((Segment(0, 50, "reach"), Segment(50, 90, "lift"))), e.SetSuccess(True)],
        [e.SetNote("slow"), e.SetTags(("night",)), e.SetReview("done"), e.SetDeleted(False)],
        [e.AddComment(comment), e.AddComment(comment), e.RemoveComment(comment)],
        [e.Restore(3)],
    )


def label(folder: Path) -> None:
    """All of the edits above, and the snapshot's file."""
    labels = Labels.open(folder)
    for edits in batches():
        labels.apply(edits, labels.revision, "Ada")
    labels.save_snapshot()


class Pickled:
    """What runs code where it is unpickled."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.canary,)
