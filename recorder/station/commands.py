"""What a station can be asked for, and what it answers."""

from ...runtime.validation import StrictModel


class TakeAnswer(StrictModel):
    """Which take a command was about; None where there was none."""

    take: str | None


class Started(StrictModel):
    """A take that begins now, or the countdown after which one will."""

    take: str | None = None
    countdown_s: float = 0.0
