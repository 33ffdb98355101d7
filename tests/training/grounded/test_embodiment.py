"""Policies of a robot without a gripper, and of one with another tool."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_takes import draw_take
from safetensors.torch import load_file

from teachloop.datasets.embodiment import FRANKA, Embodiment
from teachloop.datasets.steps import Observation
from teachloop.datasets.takes.reader import Take
from teachloop.datasets.tool import Tool
from teachloop.jobs.config import JobConfig
from teachloop.jobs.folder import JobFolder, submit
from teachloop.simulation.robot_spec import RobotSpec
from teachloop.simulation.rollout import rollout
from teachloop.simulation.sampling import sample_scene
from teachloop.simulation.world import World
from teachloop.training.adapters.card import AdapterCard
from teachloop.training.adapters.registry import list_adapters
from teachloop.training.data.one_robot import OtherRobot
from teachloop.training.data.preprocessing import GripperMismatch
from teachloop.training.grounded.agent import PolicyAgent
from teachloop.training.grounded.base import load_base
from teachloop.training.grounded.finetune import finetune
from teachloop.training.grounded.finetune_config import FinetuneConfig
from teachloop.training.grounded.layout import PolicyLayout
from teachloop.training.grounded.lora import load_policy
from teachloop.training.grounded.orientation import NUMBERS
from teachloop.training.grounded.policy import Features, RobotContext
from teachloop.training.policies.registry import open_policy

SAID = "push the red square to the right"


@pytest.fixture
def job(tmp_path: Path) -> JobFolder:
    return submit(tmp_path / "data", "finetune", JobConfig())


def train(job: JobFolder, base: Path, *takes: str) -> Path:
    return finetune(FinetuneConfig(takes=takes, base=str(base), preset="tiny"), job)


def first_seen(data: Path, take_id: str) -> Observation:
    with Take.open(data / "takes" / take_id) as take:
        robot, gripper = take.robot, take.robot.gripper_width_m
        return Observation(
            time_ns=int(robot.time_ns[0]),
            joint_positions_rad=robot.joint_positions_rad[0],
            joint_velocities_rad_s=robot.joint_velocities_rad_s[0],
            ee_pose=robot.ee_pose[0],
            gripper_width_m=None if gripper is None else float(gripper[0]),
            images={name: take.image(name, 0) for name in take.frames},
            cameras=take.info.cameras,
        )


def test_without_a_gripper_a_policy_reads_and_says_nothing_of_one(
    tiny_base: Path, job: JobFolder
) -> None:
    takes = [draw_take(job.data, name, gripper=None) for name in ("one", "two")]
    folder = train(job, tiny_base, *takes)
    tuned = load_policy(str(tiny_base), folder)
    assert not tuned.layout.gripper
    config = tuned.policy_config
    assert tuned.head.leave.out_features == config.chunk * config.arm
    (adapter,) = list_adapters(job.data)
    assert adapter.card.embodiment == Embodiment(gripper=None)
    agent = open_policy(str(tiny_base), folder)(SAID)
    seen = first_seen(job.data, "one")
    assert [action.gripper for action in agent.chunk(seen)] == [None] * config.chunk
    draw_take(job.data, "hand")
    with pytest.raises(GripperMismatch, match="with no gripper, and this one has one"):
        agent.chunk(first_seen(job.data, "hand"))


def test_a_policy_with_a_gripper_says_when_there_is_none(tiny_base: Path, job: JobFolder) -> None:
    agent = open_policy(str(tiny_base))(SAID)
    draw_take(job.data, "without", gripper=None)
    with pytest.raises(GripperMismatch, match="with a gripper, and this one has none"):
        agent.chunk(first_seen(job.data, "without"))


def test_the_base_without_a_gripper_moves_the_arm_as_with_a_closed_one(tiny_base: Path) -> None:
    whole = load_base(str(tiny_base))
    inputs = whole.layout.inputs
    cut = load_base(str(tiny_base), PolicyLayout(inputs=inputs, gripper=False))
    torch.manual_seed(0)
    regions = 2, len(inputs), len(whole.policy_config.queries)
    width = whole.policy_config.width
    features = Features(
        torch.rand(*regions, 2),
        torch.ones(regions),
        torch.rand(*regions, width),
        torch.rand(*regions, NUMBERS),
    )
    own = torch.rand(2, 9)
    closed = torch.cat([own, torch.zeros(2, 1)], 1)
    context = RobotContext(
        closed, torch.rand(*regions[:2], 3), torch.rand(*regions[:2], 3, 3),
        torch.rand(2, regions[2], 3), torch.ones(2, regions[2]),
    )  # fmt: skip
    with torch.inference_mode():
        both = whole.act(features, whole.words(["a", "b"]), context)
        arm = cut.act(features, cut.words(["a", "b"]), context._replace(proprioception=own))
    torch.testing.assert_close(arm, both[..., :-1])


def test_takes_of_two_kinds_are_refused_by_name(tiny_base: Path, job: JobFolder) -> None:
    takes = draw_take(job.data, "hand"), draw_take(job.data, "without", gripper=None)
    with pytest.raises(OtherRobot, match="Take without was recorded without a gripper"):
        train(job, tiny_base, *takes)


def test_adapters_of_before_had_a_franka_hand(tiny_base: Path, job: JobFolder) -> None:
    folder = train(job, tiny_base, draw_take(job.data, "one"))
    (adapter,) = list_adapters(job.data)
    assert adapter.card.embodiment == FRANKA
    said = adapter.card.model_dump_json(exclude={"embodiment"})
    assert AdapterCard.model_validate_json(said).embodiment == FRANKA
    assert load_file(folder / "lora" / "adapter_model.safetensors")


def test_a_policy_without_a_gripper_drives_an_arm_without_one(tiny_base: Path) -> None:
    bare = RobotSpec.of("panda", Tool(position_m=(0.0, 0.0, 0.12)), hand=False)
    layout = PolicyLayout(inputs=load_base(str(tiny_base)).layout.inputs, gripper=False)
    agent = PolicyAgent(load_base(str(tiny_base), layout), SAID)
    with World(replace(sample_scene(3, verb="push", split="novel"), robot=bare)) as world:
        before = world.qpos[:7]
        rollout(world, agent, max_ticks=10)
        assert np.abs(world.qpos[:7] - before).max() > 1e-3
    with World(sample_scene(3)) as world, pytest.raises(GripperMismatch):
        rollout(world, agent, max_ticks=1)
