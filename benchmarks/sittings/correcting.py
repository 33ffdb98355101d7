"""A person beside a policy, who takes over where it goes wrong: seen by the simulator's truth, and
put right by the scripted expert."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from teachloop.datasets.steps import Action, Decider, Observation
from teachloop.simulation.expert import ScriptedExpert
from teachloop.simulation.language import DIRECTION_Y, HOLDING
from teachloop.simulation.rollout import Agent
from teachloop.simulation.scenes import SceneSpec
from teachloop.simulation.success import BEHIND_M, BESIDE_M
from teachloop.simulation.world import World

LOW_M = 0.09  # where a hand that is low is about to touch something
NEAR_M = 0.06
SLOW_TICKS = 120  # six seconds in which nothing was moved
STALLED_TICKS = 40  # two seconds in which the hand goes nowhere
STALLED_M = 0.015  # within which it is nowhere
MOVED_M = 0.01
LIFTED_M = 0.06  # what is lower than that after it was higher is being put down
CLEAR_M = 0.16  # how high a person lifts the hand first
RISE_M = 0.01  # a tick
WAITS_TICKS = 30  # after something was let go, whether it lies well


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
        self._highest_m, self._down_ticks = 0.0, 0
        self._places: deque[np.ndarray] = deque(maxlen=STALLED_TICKS)

    def act(self, observation: Observation) -> Action:
        self._ticks += 1
        if not self.corrected:
            self.done = self.world.success()
            self.corrected = not self.done and self._goes_wrong(observation)
        return self._person(observation) if self.corrected else self._policy(observation)

    def _policy(self, observation: Observation) -> Action:
        return replace(self.policy.act(observation), decided_by=Decider.POLICY)

    def _person(self, observation: Observation) -> Action:
        """Lets go, unless it is held that is to be, lifts the hand, and does it anew."""
        rises = self._rising and not self._held(observation)
        if rises and observation.ee_pose[2, 3] < CLEAR_M:
            raised = observation.ee_pose.copy()
            raised[2, 3] += RISE_M
            gripper = float(self.scene.task.verb in HOLDING)
            return Action(ee_pose=raised, gripper=gripper, decided_by=Decider.OPERATOR)
        if self._rising:
            self._rising = False
            self._expert.reset()
        action = self._expert.act(observation)
        self.done = self._expert.done
        return replace(action, decided_by=Decider.OPERATOR)

    def _held(self, observation: Observation) -> bool:
        """Whether the target is off the table, and in the hand."""
        away = self._place - observation.ee_pose[:3, 3]
        return self._lift_m > MOVED_M and float(np.linalg.norm(away)) < NEAR_M / 2

    @property
    def _place(self) -> np.ndarray:
        return self.world.object_poses()[self.scene.task.target][:3, 3]

    @property
    def _moved(self) -> np.ndarray:
        return self._place - self._start[self.scene.task.target][:3, 3]

    @property
    def _lift_m(self) -> float:
        return float(self._moved[2])

    def _goes_wrong(self, observation: Observation) -> bool:
        if self._stalls(observation):
            return True
        if float(np.linalg.norm(self._moved)) < MOVED_M:
            return self._ticks > SLOW_TICKS or self._at_another(observation)
        wrong: Mapping[str, Callable[[Observation], bool]] = {"push": self._pushed_back}
        return wrong.get(self.scene.task.verb, self._put_wrong)(observation)

    def _stalls(self, observation: Observation) -> bool:
        """Whether the hand stays where it is, with nothing done."""
        self._places.append(observation.ee_pose[:3, 3].copy())
        away = np.linalg.norm(np.array(self._places) - self._places[-1], axis=1)
        return len(self._places) == STALLED_TICKS and bool(away.max() < STALLED_M)

    def _pushed_back(self, observation: Observation) -> bool:
        along = self._moved[1] * DIRECTION_Y[self.scene.task.direction or "left"]
        slow = self._ticks > SLOW_TICKS and along < MOVED_M
        return bool(slow or along < -MOVED_M or self._at_another(observation))

    def _put_wrong(self, observation: Observation) -> bool:
        """About to be put down where it does not belong, or put down, and not well."""
        self._highest_m = max(self._highest_m, self._lift_m)
        if self._highest_m < LIFTED_M:
            return self._ticks > SLOW_TICKS or self._at_another(observation)
        if self._held(observation):
            self._down_ticks = 0
            return self._lift_m < LIFTED_M and not self._above_its_place()
        self._down_ticks += 1
        return self._down_ticks > WAITS_TICKS

    def _above_its_place(self) -> bool:
        destination = self.scene.task.destination
        if self.scene.task.verb != "put_behind" or destination is None:
            return True
        front = self.world.object_poses()[destination][:3, 3] - self._place
        return bool(BEHIND_M[0] <= front[0] <= BEHIND_M[1] and abs(front[1]) <= BESIDE_M)

    def _at_another(self, observation: Observation) -> bool:
        hand, target = observation.ee_pose[:3, 3], self.scene.task.target
        if hand[2] > LOW_M:
            return False
        places = self.world.object_poses().items()
        away = {name: float(np.hypot(*(pose[:2, 3] - hand[:2]))) for name, pose in places}
        nearest = min(away, key=lambda name: away[name])
        return nearest != target and away[nearest] < NEAR_M
