"""What comes of a fine-tuning."""

from typing_extensions import Self

from ..runtime.json_file import StoredModel
from .adapters.card import Comparison


class FinetuneResult(StoredModel):
    """The adapter, and how often it succeeded where that was asked for."""

    adapter: str
    """Its id."""
    folder: str
    success_before: float | None = None
    """0 … 1 without the adapter; None: the base cannot act on this robot at all."""
    success_after: float | None = None
    rollouts: int = 0
    """Unseen layouts that both were tried on."""

    def tried(self, scores: Comparison) -> Self:
        """With what trying it gave."""
        told = scores.model_dump(include={"success_before", "success_after", "rollouts"})
        return self.model_copy(update=told)
