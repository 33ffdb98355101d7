"""Replays the nearest demonstration, moved to where the object is seen now."""

from collections.abc import Sequence

import numpy as np
import torch

from ....datasets.steps import Action, Observation
from ...data.preprocessing import require_gripper
from ...policies.chunk_agent import ChunkAgent, policy_actions
from ..agent import EXECUTE
from ..perception import Perception
from ..policy import GroundedPolicy
from .course import Course, Places
from .demonstration import Demonstration
from .retrieval import Retrieval


class ReplayAgent(ChunkAgent):
    """Acts by an instruction; it keeps still until it sees what that names. Not safe for use from
    several threads at once. Raises TextTooLong where the policy would not read all of it."""

    def __init__(
        self,
        policy: GroundedPolicy,
        instruction: str,
        demonstrations: Sequence[Demonstration],
        execute: int = EXECUTE,
    ) -> None:
        super().__init__(execute, policy.layout.cameras)
        self._gripper = policy.layout.gripper
        self._queries = policy.policy_config.queries
        self._perception = Perception(policy, instruction)
        self.exchanged = self._perception.read.exchanged
        self._retrieval = Retrieval(demonstrations)
        self._course: Course | None = None
        self._looked_ns = 0  # at the last observation
        self._rate_hz = policy.policy_config.rate_hz

    def reset(self) -> None:
        """Forget the run so far; the next observation is the start of a new one."""
        super().reset()
        self._perception.reset()
        self._course = None

    @torch.inference_mode()
    def chunk(self, observation: Observation) -> list[Action]:
        """The next ticks. Sets ``attention`` as ``PolicyAgent`` does, and raises the same."""
        require_gripper(self._gripper, observation)
        self.attention = self._perception.look(observation).attention
        places = self._places()
        if places is None:
            return [_still(observation)]
        return policy_actions(*self._gone_on(observation, places).ahead())

    def _gone_on(self, observation: Observation, places: Places) -> Course:
        """By the clock of the observations: who asks may have carried out more or less of the last
        chunk than ``execute``."""
        now_ns, hand = observation.time_ns, observation.ee_pose
        if self._course is None:
            shown = self._retrieval.nearest(self._perception.read.text, places.target)
            self._course = Course(shown, hand, places)
        else:
            ticks = round((now_ns - self._looked_ns) * 1e-9 * self._rate_hz)
            self._course.go_on(max(0, ticks), hand, places)
        self._looked_ns = now_ns
        return self._course

    def _places(self) -> Places | None:
        """None where the target was not seen yet."""
        tracker = self._perception.tracker
        found = {
            query: tracker.place[number].cpu().double().numpy() if tracker.known[number] else None
            for number, query in enumerate(self._queries)
        }
        target = found.get("target")
        return None if target is None else Places(target, found.get("destination"))


def _still(observation: Observation) -> Action:
    width_m = observation.gripper_width_m
    opening = None if width_m is None else np.array([width_m / observation.gripper_opening_m])
    return policy_actions(observation.ee_pose[None], opening)[0]
