"""What a grounded policy sees of an observation while it acts by one instruction."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...datasets.steps import Observation
from ..data.preprocessing import Seen, observe
from .colour_words import read
from .encoder import TextFeatures
from .grounding import around_peak
from .policy import Features, GroundedPolicy
from .target_tracker import TargetTracker
from .tokenizer import require_fitting


class Look(NamedTuple):
    """One look."""

    seen: Seen
    features: Features
    attention: Mapping[str, NDArray[np.float32]]
    """Camera -> (cells, cells), the probability that the target is there, at most one in all."""


class Perception:
    """Looks for what an instruction names, and remembers where that was. Raises TextTooLong where
    the policy would not read all of it. ``read``: how it reads the instruction."""

    def __init__(self, policy: GroundedPolicy, instruction: str) -> None:
        self.read = read(instruction, policy.vocabulary)
        require_fitting([self.read.text], policy.policy_config.text_length)
        self.policy = policy.eval()
        self._words: TextFeatures | None = None
        self.reset()

    def reset(self) -> None:
        """Forget the run so far."""
        queries = len(self.policy.policy_config.queries)
        self.tracker = TargetTracker(queries, self.policy.layout.lifted, self.policy.device)

    @property
    def words(self) -> TextFeatures:
        """Of the instruction."""
        if self._words is None:
            self._words = self.policy.words([self.read.text])
        return self._words

    def look(self, observation: Observation) -> Look:
        """Raises MissingCamera when the observation lacks one of the policy's cameras,
        NotCalibrated when it lacks a calibration that the policy learned with."""
        layout, size = self.policy.layout, self.policy.policy_config.image_size
        own = observe(observation, size, layout.cameras, layout.lifted)
        seen = Seen(*(part.to(self.policy.device) for part in own))
        rays = seen.origin[0], seen.direction[0]
        features, logits = self.tracker.look(self.policy, seen.pixels[0], self.words, *rays)
        side = self.policy.policy_config.cells
        target = around_peak(logits[:, 0, :-1], side) * features.visible[0, :, :1]
        maps = target.reshape(-1, side, side).cpu().numpy()
        return Look(seen, features, dict(zip(layout.cameras, maps, strict=True)))
