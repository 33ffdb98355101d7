"""Takes, labels, an adapter and a job as the first version wrote them still open, with what was
in them then. The files are never written anew; the numbers were read from them with h5py."""

import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from teachloop.app.demo.plan import Plan, open_plan
from teachloop.datasets.labels.edits import SetNote
from teachloop.datasets.labels.label_values import ObjectLabel
from teachloop.datasets.labels.labels import Labels
from teachloop.datasets.labels.masks import MaskSource, decode
from teachloop.datasets.labels.snapshot import Snapshot
from teachloop.datasets.steps import Observation
from teachloop.datasets.takes.check import check
from teachloop.datasets.takes.reader import Take
from teachloop.jobs.folder import list_jobs
from teachloop.training.adapters.registry import list_adapters
from teachloop.training.policies.registry import open_policy

BEFORE = Path(__file__).parent / "fixtures" / "before"
CYLINDER, CUBE, SMALL = sorted((BEFORE / "takes").iterdir())
TAKES = pytest.mark.parametrize(
    "folder", [CYLINDER, CUBE, SMALL], ids=["cylinder", "cube", "small"]
)


def test_no_fault_is_found_in_them() -> None:
    assert check(BEFORE) == []


@pytest.mark.parametrize(
    ("folder", "states", "actions", "frames", "depths"),
    [
        (CYLINDER, 7, 6, {"front": 6, "wrist": 7}, {"front": 6, "wrist": 7}),
        (CUBE, 4, 2, {"front": 3, "wrist": 2}, {"front": 3, "wrist": 2}),
        (SMALL, 9, 9, {"front": 8, "wrist": 9}, {"wrist": 9}),
    ],
    ids=["cylinder", "cube", "small"],
)
def test_takes_hold_the_rows_that_were_recorded(
    folder: Path, states: int, actions: int, frames: dict[str, int], depths: dict[str, int]
) -> None:
    with Take.open(folder) as take:
        assert (len(take.robot.time_ns), len(take.actions.time_ns)) == (states, actions)
        assert {name: len(stream) for name, stream in take.frames.items()} == frames
        assert {name: len(stream) for name, stream in take.depths.items()} == depths


@TAKES
def test_every_image_and_depth_can_be_seen(folder: Path) -> None:
    with Take.open(folder) as take:
        for name, camera in take.info.cameras.items():
            for index in range(len(take.frames[name])):
                image, depth = take.image(name, index), take.depth(name, index)
                assert image.shape == (camera.height, camera.width, 3)
                assert (depth is not None) == camera.measures_depth
                assert depth is None or depth.shape == image.shape[:2]


def test_a_dropped_frame_is_still_told() -> None:
    with Take.open(SMALL) as take:
        assert {name: stream.dropped for name, stream in take.frames.items()} == {
            "front": 1,
            "wrist": 0,
        }


def test_labels_say_what_was_said() -> None:
    said = Labels.open(CYLINDER).snapshot
    assert said.revision == 15
    assert said.instruction == "slide the orange cylinder to the right"
    assert said.paraphrases == ("shove it to the right", "rück es nach rechts, 右へ押す")
    assert said.objects == (ObjectLabel("orange cylinder", True), ObjectLabel("tray"))
    assert [part.text for part in said.segments] == ["reach", "push"]
    assert [prompt.kind for prompt in said.prompts] == ["point", "point", "box"]
    assert (said.success, said.deleted, said.review) == (True, False, "done")
    assert said.tags == ("morning light", "left table")
    assert said.note == "the cylinder was turned\nby hand, größer"


def test_masks_are_as_they_were_clicked_propagated_and_locked() -> None:
    said = Labels.open(CYLINDER).snapshot
    assert _kinds(said) == {
        (MaskSource.HUMAN, False): 3,
        (MaskSource.PROPAGATED, False): 10,
        (MaskSource.PROPAGATED, True): 1,
    }
    assert said.masks["front", 1, "orange cylinder"].locked
    assert all(decode(record.rle).shape == (256, 256) for record in said.masks.values())
    assert decode(said.masks["front", 0, "orange cylinder"].rle).any()


def _kinds(said: Snapshot) -> Counter[tuple[MaskSource, bool]]:
    return Counter((record.source, record.locked) for record in said.masks.values())


def test_an_undone_instruction_is_in_the_log_and_not_in_the_labels() -> None:
    labels = Labels.open(CYLINDER)
    assert labels.at(8).instruction == "a slip of the pen"
    assert labels.at(9).instruction == labels.snapshot.instruction


def test_a_restored_revision_is_the_earlier_one() -> None:
    labels = Labels.open(CUBE)
    assert labels.revision == 9
    assert (labels.at(7).instruction, labels.at(7).success) == ("something else", False)
    assert len(labels.at(7).masks) == 4
    assert labels.at(8).masks == labels.at(4).masks
    assert labels.snapshot.instruction == "push the red one to the right"
    assert len(labels.snapshot.masks) == 5


def test_a_binned_take_is_still_binned() -> None:
    said = Labels.open(SMALL).snapshot
    assert (said.revision, said.deleted, said.success) == (3, True, False)
    assert (said.instruction, said.tags) == ("赤い立方体を持ち上げる", ("dropped frame",))


@TAKES
def test_their_labels_go_on(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    labels = Labels.open(copy)
    before = labels.snapshot
    labels.apply([SetNote("said later")], before.revision, "Ada")
    after = Labels.open(copy).snapshot
    assert (after.revision, after.note) == (before.revision + 1, "said later")
    assert after.masks == before.masks
    assert check(copy) == []


def test_the_adapter_acts_as_it_did() -> None:
    (adapter,) = list_adapters(BEFORE)
    assert [take.labels_revision for take in adapter.card.takes] == [15, 9]
    assert (adapter.card.held_out, adapter.card.offline) == ((), None)
    policy = open_policy(str(BEFORE / "bases" / "small"), adapter.path)
    agent = policy("slide the orange cylinder to the right")
    action = agent.act(_first_seen(CYLINDER))
    assert action.ee_pose[:3, 3] == pytest.approx(PLACE, abs=2e-3)
    assert action.gripper == 0.0
    assert agent.attention.keys() == {"front", "wrist"}


PLACE = (0.534, -0.487, 0.896)  # of a policy that learned nothing much, in metres


def _first_seen(folder: Path) -> Observation:
    with Take.open(folder) as take:
        robot, widths_m = take.robot, take.robot.gripper_width_m
        assert widths_m is not None
        return Observation(
            time_ns=int(robot.time_ns[0]),
            joint_positions_rad=robot.joint_positions_rad[0],
            joint_velocities_rad_s=robot.joint_velocities_rad_s[0],
            ee_pose=robot.ee_pose[0],
            gripper_width_m=float(widths_m[0]),
            images={name: take.image(name, 0) for name in take.frames},
            cameras=take.info.cameras,
        )


def test_the_job_is_done_and_names_its_adapter() -> None:
    (job,) = list_jobs(BEFORE)
    (adapter,) = list_adapters(BEFORE)
    assert (job.status.state, job.status.progress) == ("done", 1.0)
    assert job.status.result["adapter"] == adapter.id
    assert job.spec.kind == "finetune"
    assert job.spec.config["takes"] == [CYLINDER.name, CUBE.name]
    losses = [row["cloning"] for row in job.metrics() if isinstance(row.get("cloning"), float)]
    assert len(losses) == 3
    assert np.isfinite(np.array(losses, np.float64)).all()


def test_the_plan_of_a_demo_is_gone_on_with(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    out.mkdir()
    shutil.copy(BEFORE / "demo.json", out)
    plan = open_plan(
        Plan(out=out, episodes=2, rollouts=1, seed=5, base="panda-tabletop", preset="tiny")
    )
    assert plan.takes == {500_000: CYLINDER.name, 500_001: CUBE.name}
    assert plan.labels[CYLINDER.name].labeled_frames == 13
    assert plan.jobs == {"finetune": list_jobs(BEFORE)[0].id}
