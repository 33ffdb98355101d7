"""Where the things spoken of are thought to be, carried from one look to the next.

Two objects of one colour may each be the likelier in turn; but nothing on a table jumps. What
lies far from where the target was a moment ago is made less likely, by a bounded amount, so
that clear sight overrules memory. The front camera is asked first, and tells the wrist camera.
"""

import torch
from torch import Tensor

from .config import QUERIES
from .encoder import Words
from .grounding import Grounded, lift, patch_centres
from .policy import SEEN, TABLE_M, Features, GroundedPolicy

SPREAD_M = 0.04  # how far a thing may be from where it was thought to be
DOUBT = 5.0  # most that memory takes from a logit


class Belief:
    """Place (queries, 3) in metres of target and destination, once seen."""

    def __init__(self) -> None:
        self.place = torch.zeros(len(QUERIES), 3)
        self.known = torch.zeros(len(QUERIES), dtype=torch.bool)

    def look(
        self,
        policy: GroundedPolicy,
        pixels: Tensor,
        words: Words,
        origin: Tensor,
        direction: Tensor,
    ) -> tuple[Features, Tensor]:
        """Images (cameras, 3, s, s), one sentence, and each camera's rays, to features of one
        tick and the attention's logits (cameras, queries, patches² + 1)."""
        patches = policy.encoder.patches(pixels)
        seen: list[Grounded] = []
        for camera in range(len(pixels)):
            rays = origin[camera : camera + 1], direction[camera : camera + 1]
            expected = self.expected(*rays, policy.policy_config.patches)
            own = patches[camera : camera + 1]
            seen.append(policy.grounding(own, words.sentence, expected))
            self._believe(seen[-1], *rays)
        whole = Grounded(*(torch.cat(parts) for parts in zip(*seen, strict=True)))
        return Features(whole.point[None], whole.visible[None], whole.pooled[None]), whole.logits

    def expected(self, origin: Tensor, direction: Tensor, side: int) -> Tensor:
        """What to add to the logits (1, queries, side² + 1) of a camera at ``origin`` (1, 3)."""
        centres = patch_centres(side).expand(1, -1, -1)
        on_table = lift(centres, origin, direction, TABLE_M)
        far = (on_table - self.place[:, None]).norm(dim=-1)
        doubt = (far / SPREAD_M).square().div(2).clamp(max=DOUBT) * self.known[:, None]
        return torch.cat([-doubt, torch.zeros(len(QUERIES), 1)], -1)[None]

    def _believe(self, grounded: Grounded, origin: Tensor, direction: Tensor) -> None:
        place = lift(grounded.point, origin, direction, TABLE_M)[0]
        seen = grounded.visible[0] > SEEN
        self.place = torch.where(seen[:, None], place, self.place)
        self.known |= seen
