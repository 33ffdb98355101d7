"""Another tool at the simulated arm: its centre point is what all poses are of."""

from dataclasses import replace

import numpy as np
import pytest

from teachloop.datasets.tool import Tool
from teachloop.geometry.arms import FR3
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.robot_spec import RobotSpec
from teachloop.simulation.rollout import rollout
from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.tasks import sample_scene
from teachloop.simulation.world import World

COSINE, SINE = np.cos(0.3), np.sin(0.3)
TOOL = Tool.model_validate(
    {
        "position_m": [0.01, -0.02, 0.13],
        "rotation": [[COSINE, 0, SINE], [0, 1, 0], [-SINE, 0, COSINE]],
    }
)
ROBOT = RobotSpec.of("panda", TOOL)


def scene(verb: str | None = None) -> SceneSpec:
    return replace(sample_scene(7, verb=verb), robot=ROBOT)


def test_the_arm_starts_with_its_tool_where_the_scene_says_and_reports_it() -> None:
    with World(scene()) as world:
        pose, joints = world.ee_pose(), world.qpos[:7]
    np.testing.assert_allclose(pose[:3, 3], scene().start_position_m, atol=2e-3)
    np.testing.assert_allclose(pose, ROBOT.kinematics.forward(joints), atol=1e-5)


@pytest.mark.parametrize("camera", ["front", "wrist"])
def test_cameras_are_calibrated_to_the_tool(camera: str) -> None:
    with World(scene("pick")) as world:
        known = world.camera(camera, 256, 256)
        masks = world.instance_masks(camera, 256, 256)
        for name, pose in world.object_poses().items():
            rows, columns = np.nonzero(masks[name])
            if len(rows) < 40 or rows.min() < 3 or rows.max() > 252:
                continue
            pixel, _ = known.project(pose[:3, 3], world.ee_pose())
            np.testing.assert_allclose(pixel, [columns.mean(), rows.mean()], atol=8)


def test_the_expert_works_with_its_fingertips_whatever_the_tool_is() -> None:
    task = scene("pick")
    with World(task) as world:
        outcome = rollout(world, ScriptedExpert(task, world.object_poses, 1), images=False)
    assert outcome.success, outcome.failure_reason


def test_a_scene_says_which_robot_is_in_it_and_those_of_before_have_a_panda() -> None:
    text = scene().to_json()
    assert SceneSpec.from_json(text) == scene()
    before = text[: text.index(', "robot"')] + "}"
    assert SceneSpec.from_json(before) == sample_scene(7)


def test_an_fr3_does_the_same_inside_its_own_joints() -> None:
    robot = RobotSpec(arm="fr3")
    task = replace(sample_scene(7, verb="pick"), robot=robot)
    joints = []
    with World(task) as world:
        expert = ScriptedExpert(task, world.object_poses, 1)
        outcome = rollout(
            world,
            expert,
            images=False,
            on_tick=lambda seen, _: joints.append(seen.joint_positions_rad),
        )
    assert outcome.success, outcome.failure_reason
    assert (np.array(joints) > FR3.lower_rad).all()
    assert (np.array(joints) < FR3.upper_rad).all()


def test_without_a_hand_a_rod_pushes_and_what_takes_fingers_is_not_done() -> None:
    robot = RobotSpec.of("panda", Tool(position_m=(0.0, 0.0, 0.12)), hand=False)
    task = replace(sample_scene(8, verb="push", split="novel"), robot=robot)
    with World(task) as world:
        assert world.observe(images=False).gripper_width_m is None
        assert len(world.qpos) == 7 + 7 * len(task.objects)
        outcome = rollout(world, ScriptedExpert(task, world.object_poses, 1), images=False)
        assert outcome.success, outcome.failure_reason
        state, image = world.qpos, world.render("front", 128, 128)
    with World(SceneSpec.from_json(task.to_json())) as again:
        again.set_qpos(state)
        np.testing.assert_array_equal(again.render("front", 128, 128), image)
