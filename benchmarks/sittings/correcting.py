"""A person beside a policy, who takes over where it goes wrong: seen by the simulator's truth, and
put right by the scripted expert."""

from dataclasses import dataclass, replace

import numpy as np

from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.language import DIRECTION_Y
from teachloop.simulation.rollout import Agent
from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.world import World

LOW_M = 0.09  # where a hand that is low is about to touch something
NEAR_M = 0.06
SLOW_TICKS = 90  # four and a half seconds in which nothing was pushed
MOVED_M = 0.01
CLEAR_M = 0.16  # how high a person lifts the hand first
RISE_M = 0.01  # a tick


@dataclass
class Watched:
    """An agent: the policy, until somebody takes over; ``done`` once that one is."""

    scene: SceneSpec
    world: World
    policy: Agent
    layout: int
    corrected: bool = False
    done: bool = False

    def __post_init__(self) -> None:
        self._expert = ScriptedExpert(self.scene, self.world.object_poses, self.layout)
        self.reset()

    @property
    def looks(self) -> bool:
        return True  # all of it is recorded

    def reset(self) -> None:
        self.policy.reset()
        self._ticks, self._rising = 0, True
        self._start = self.world.object_poses()

    def act(self, observation: Observation) -> Action:
        self._ticks += 1
        if not self.corrected:
            self.done = self.world.success()
            self.corrected = not self.done and self._goes_wrong(observation)
        return self._person(observation) if self.corrected else self._policy(observation)

    def _policy(self, observation: Observation) -> Action:
        return replace(self.policy.act(observation), decided_by=Decider.POLICY)

    def _person(self, observation: Observation) -> Action:
        if self._rising and observation.ee_pose[2, 3] < CLEAR_M:
            raised = observation.ee_pose.copy()
            raised[2, 3] += RISE_M
            return Action(ee_pose=raised, gripper=0.0, decided_by=Decider.OPERATOR)
        if self._rising:
            self._rising = False
            self._expert.reset()
        action = self._expert.act(observation)
        self.done = self._expert.done
        return replace(action, decided_by=Decider.OPERATOR)

    def _goes_wrong(self, observation: Observation) -> bool:
        target = self.scene.task.target
        now = self.world.object_poses()
        moved = now[target][:3, 3] - self._start[target][:3, 3]
        along = moved[1] * DIRECTION_Y[self.scene.task.direction or "left"]
        if self._ticks > SLOW_TICKS and along < MOVED_M:
            return True
        return bool(along < -MOVED_M) or self._at_another(observation, target)

    def _at_another(self, observation: Observation, target: str) -> bool:
        hand = observation.ee_pose[:3, 3]
        if hand[2] > LOW_M:
            return False
        places = self.world.object_poses().items()
        away = {name: float(np.hypot(*(pose[:2, 3] - hand[:2]))) for name, pose in places}
        nearest = min(away, key=lambda name: away[name])
        return nearest != target and away[nearest] < NEAR_M
