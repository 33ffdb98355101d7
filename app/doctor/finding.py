"""One thing that was looked at, and how it is."""

from typing import Literal

from ...runtime.validation import StrictModel

Verdict = Literal["good", "note", "bad"]


class Finding(StrictModel):
    """``note``: it works, but not as well as it could, or only for some; ``bad``: it does not."""

    what: str
    verdict: Verdict
    text: str
    remedy: str = ""
    """What to do about it; empty where there is nothing to do."""
