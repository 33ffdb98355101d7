"""What comes of a fine-tuning."""

from typing_extensions import Self

from ..runtime.json_file import StoredModel
from .adapters.card import Comparison

SCORES = ("success_before", "success_after", "success_replay", "rollouts")


class FinetuneResult(StoredModel):
    """The adapter, and how often it succeeded where that was asked for."""

    adapter: str
    """Its id."""
    folder: str
    stopped: bool = False
    """Whether it is what had been learned when the job was cancelled."""
    success_before: float | None = None
    """0 … 1 without the adapter; None: the base cannot act on this robot at all."""
    success_after: float | None = None
    success_replay: float | None = None
    """Of a replay of the nearest take; None: these takes cannot be replayed."""
    rollouts: int = 0
    """Unseen layouts that both were tried on."""

    def tried(self, scores: Comparison) -> Self:
        """With what trying it gave."""
        told = scores.model_dump(include={*SCORES})
        return self.model_copy(update=told)
