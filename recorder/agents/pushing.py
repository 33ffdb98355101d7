"""A person who takes the arm from a policy by pushing it."""

from collections.abc import Callable

from ...datasets.steps import Action, Observation
from .guiding import GuideAgent

HELD_SHARE = 0.4  # of the push that took over: with less, nobody holds the arm
LEFT_NS = 700_000_000  # that the arm is left alone before it is given back

Felt = Callable[[], float | None]  # N m at the joint that feels most; None: nothing is measured


class PushedHand:
    """Leads the arm as a guiding hand does, from a push of ``push_nm`` at any joint until the arm
    is left alone; with 0, pushes are no word to it."""

    def __init__(self, felt: Felt, push_nm: float, guide: GuideAgent) -> None:
        self._felt, self._push_nm, self._guide = felt, push_nm, guide
        self._until_ns = 0

    def reset(self) -> None:
        """Let go."""
        self._until_ns = 0
        self._guide.reset()

    def active(self, now_ns: int) -> bool:
        """Whether somebody has the arm in hand."""
        felt_nm = self._felt() if self._push_nm > 0 else None
        if felt_nm is None:
            return False
        had = now_ns < self._until_ns
        if felt_nm >= self._push_nm * (HELD_SHARE if had else 1.0):
            self._until_ns = now_ns + LEFT_NS
        return now_ns < self._until_ns

    def act(self, observation: Observation) -> Action:
        return self._guide.act(observation)
