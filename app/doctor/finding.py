"""One thing that was looked at, and how it is."""

from typing import Literal

from ...runtime.validation import StrictModel

Verdict = Literal["good", "note", "bad"]


class Finding(StrictModel):
    what: str
    verdict: Verdict
    text: str
    remedy: str = ""
    """What to do about it; empty where there is nothing to do."""


def good(what: str, text: str) -> Finding:
    """It is as it should be."""
    return Finding(what=what, verdict="good", text=text)


def note(what: str, text: str, remedy: str = "") -> Finding:
    """It works, but not as well as it could, or only for some."""
    return Finding(what=what, verdict="note", text=text, remedy=remedy)


def bad(what: str, text: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding(what=what, verdict="bad", text=text, remedy=remedy)
