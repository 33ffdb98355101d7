"""The expert, and rollouts of agents."""

import numpy as np
import pytest

from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.rollout import Outcome, rollout
from teachloop.simulation.tasks import sample_scene
from teachloop.simulation.world import World

TASKS = [("pick", "base"), ("put", "base"), ("stack", "base")]
TASKS += [("pick", "novel"), ("put", "novel"), ("stack", "novel"), ("push", "novel")]
TASKS += [("put_behind", "novel"), ("turn_over", "novel")]


class Still:
    """An agent that stays where it was."""

    def reset(self) -> None:
        self.actions = 0

    def act(self, observation: Observation) -> Action:
        self.actions += 1
        return Action(ee_pose=observation.ee_pose, gripper=1.0, decided_by=Decider.HOLD)


def demonstrate(seed: int, verb: str, split: str, style: int = 0) -> tuple[Outcome, list]:
    scene, actions = sample_scene(seed, verb=verb, split=split), []
    with World(scene) as world:
        expert = ScriptedExpert(scene, world.object_poses, style)
        outcome = rollout(
            world, expert, images=False, on_tick=lambda _, action: actions.append(action)
        )
    return outcome, actions


@pytest.mark.parametrize(("verb", "split"), TASKS)
def test_the_expert_solves_every_task_in_a_few_seconds(verb, split) -> None:
    outcomes = [demonstrate(seed, verb, split)[0] for seed in range(20, 26)]
    assert sum(outcome.success for outcome in outcomes) >= 5
    assert all(60 <= outcome.ticks <= 180 for outcome in outcomes if outcome.success)


def test_demonstrations_differ_by_seed_and_repeat_by_seed() -> None:
    first, again, other = (demonstrate(3, "pick", "base", style) for style in (0, 0, 1))
    assert first[0] == again[0]
    paths = [np.stack([a.ee_pose for a in actions]) for _, actions in (first, again, other)]
    np.testing.assert_array_equal(paths[0], paths[1])
    assert paths[0].shape != paths[2].shape or np.abs(paths[0] - paths[2]).max() > 0.002


def test_the_expert_starts_over_after_reset_and_stays_done() -> None:
    scene = sample_scene(2, verb="pick")
    with World(scene) as world:
        expert = ScriptedExpert(scene, world.object_poses, 0)
        assert rollout(world, expert, images=False).success
        assert expert.done
        last = expert.act(world.observe(images=False))
        assert last.gripper == 0.0
        expert.reset()
        assert not expert.done


def test_targets_move_smoothly() -> None:
    _, actions = demonstrate(5, "put", "base")
    positions = np.stack([action.ee_pose[:3, 3] for action in actions])
    assert np.linalg.norm(np.diff(positions, axis=0), axis=1).max() < 0.045  # 0.9 m/s


def test_doing_nothing_fails_with_a_reason() -> None:
    scene = sample_scene(1, verb="pick")
    with World(scene) as world:
        agent = Still()
        outcome = rollout(world, agent, max_ticks=20, images=False)
    assert outcome == Outcome(success=False, ticks=20, failure_reason=outcome.failure_reason)
    assert agent.actions == 20
    assert "not held" in outcome.failure_reason
