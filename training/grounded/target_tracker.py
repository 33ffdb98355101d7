"""Where the things spoken of are thought to be, carried from one look to the next.

Two objects of one colour may each be the likelier in turn; but nothing on a table jumps. What
lies far from where the target was a moment ago is made less likely, by a bounded amount, so
that clear sight overrules memory. The front camera is asked first, and tells the wrist camera.

So the first look decides, and is augmented (test-time augmentation): the attention is the mean
over the images moved by each of the encoder's shifts.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from .encoder import TextFeatures
from .grounding import Grounded, grid_centres, lift
from .policy import SEEN, TABLE_M, Features, GroundedPolicy, by_camera

SPREAD_M = 0.04  # how far a thing may be from where it was thought to be
DOUBT = 5.0  # most that memory takes from a logit


class TargetTracker:
    """Place (queries, 3) in metres of target and destination, once seen.

    Where key points stay in the image, cameras share no places, and nothing is remembered.
    """

    def __init__(
        self, queries: int, lifted: bool = True, device: torch.device | None = None
    ) -> None:
        self.place = torch.zeros(queries, 3, device=device)
        self.known = torch.zeros(queries, dtype=torch.bool, device=device)
        self.lifted = lifted
        self._looked = False

    def look(
        self,
        policy: GroundedPolicy,
        pixels: Tensor,
        words: TextFeatures,
        origin: Tensor,
        direction: Tensor,
    ) -> tuple[Features, Tensor]:
        """Images (cameras, 3, s, s), one sentence, and each camera's rays, to features of one
        tick and the attention's logits (cameras, queries, cells² + 1)."""
        cells = policy.encoder.cells(pixels)
        several = self._augmented(policy, pixels, words.sentence)
        seen: list[Grounded] = []
        for camera in range(len(pixels)):
            rays = origin[camera : camera + 1], direction[camera : camera + 1]
            expected = self.expected(*rays, policy.policy_config.cells) + several[camera]
            own = cells[camera : camera + 1]
            seen.append(policy.grounding(own, words.sentence, expected))
            self._believe(seen[-1], *rays)
        whole = Grounded(*(torch.cat(parts) for parts in zip(*seen, strict=True)))
        return by_camera(whole, pixels, origin[None], direction[None]), whole.logits

    def _augmented(self, policy: GroundedPolicy, pixels: Tensor, sentence: Tensor) -> Tensor:
        """What the shifted images add to the logits (cameras, queries, cells² + 1) of the first
        look; later nothing."""
        first, self._looked = not self._looked, True
        shifts = policy.encoder.shifts
        if not first or len(shifts) == 1:
            return pixels.new_zeros(len(pixels), 1, 1)
        images = torch.cat(_shifted(pixels, shifts))
        cells = policy.encoder.cells(images)
        logits = policy.grounding(cells, sentence.expand(len(images), -1)).logits
        each = logits.unflatten(0, (len(shifts), -1)).log_softmax(-1)
        return each.logsumexp(0) - each[0]

    def expected(self, origin: Tensor, direction: Tensor, side: int) -> Tensor:
        """What to add to the logits (1, queries, side² + 1) of a camera at ``origin`` (1, 3)."""
        centres = grid_centres(side).to(origin).expand(1, -1, -1)
        on_table = lift(centres, origin, direction, TABLE_M)
        far = (on_table - self.place[:, None]).norm(dim=-1)
        doubt = (far / SPREAD_M).square().div(2).clamp(max=DOUBT) * self.known[:, None]
        return torch.cat([-doubt, doubt.new_zeros(len(doubt), 1)], -1)[None]

    def _believe(self, grounded: Grounded, origin: Tensor, direction: Tensor) -> None:
        place = lift(grounded.point, origin, direction, TABLE_M)[0]
        seen = (grounded.visible[0] > SEEN) & self.lifted
        self.place = torch.where(seen[:, None], place, self.place)
        self.known |= seen


def _shifted(pixels: Tensor, shifts: Sequence[tuple[int, int]]) -> list[Tensor]:
    """The images (n, 3, s, s) moved by each shift, their edges repeated."""
    size, most = pixels.shape[-1], max(abs(step) for shift in shifts for step in shift)
    padded = F.pad(pixels, (most,) * 4, mode="replicate")
    corners = [(most - x, most - y) for x, y in shifts]
    return [padded[..., top : top + size, left : left + size] for left, top in corners]
