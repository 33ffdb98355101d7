"""What a page is told, or shows by its own rules, once something happened."""

from .blows import Blow
from .window import Content, Window

SAID_S = 6.0  # how soon


def must_say(blow: Blow) -> bool:
    """Whether a page has to show it by itself. What a process makes up for needs no word: one
    that got less of the processor, a clock, a disk that nobody writes to, an answer that only
    comes late."""
    if blow.kind == "kill":
        return True
    return blow.kind == "stop" and blow.role in ("web", "station")


def said(blow: Blow, window: Window, since_s: float) -> bool:
    """Whether a page shows by now what happened at ``since_s``."""
    state = window.state
    if blow.role in ("web", "station") and window.stale:
        return True
    if blow.role == "web":
        return any(True for _ in window.since(since_s, "hello"))
    if blow.role == "station":
        return any(not link["running"] for link in window.since(since_s, "link"))
    if blow.role in ("device", "writer"):
        return state is not None and state.fault is not None and state.fault.source == blow.role
    if blow.role == "labeler":
        return any(
            not told["running"] and told["message"] for told in window.since(since_s, "labeler")
        )
    if blow.role == "job":
        return any(map(_names_an_end, window.since(since_s, "jobs")))
    if blow.role == "previews":  # they come back by themselves
        return any(at_s > since_s for at_s in window.pictures.values())
    return any(told["state"] in ("failed", "away") for told in window.since(since_s, "policy"))


def _names_an_end(told: Content) -> bool:
    """Whether a list of jobs has one that ended."""
    jobs = told["jobs"]
    assert isinstance(jobs, list)
    ended = ("crashed", "failed", "done", "cancelled")
    return any(isinstance(job, dict) and job["state"] in ended for job in jobs)
