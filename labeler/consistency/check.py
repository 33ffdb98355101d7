"""All that does not go together in what is said of takes."""

from collections.abc import Sequence

from .objects import never_named, shared_names, two_names, without_target
from .spelling import misspelled_words, spelling_variants
from .subtasks import unnamed_subtasks
from .take_words import Finding, TakeWords


def check_words(takes: Sequence[TakeWords]) -> list[Finding]:
    """What would mislead a policy first. ``takes`` are in the order in which they were recorded."""
    renamed = list(two_names(takes))
    return [
        *without_target(takes),
        *renamed,
        *never_named(takes, renamed),
        *shared_names(takes),
        *spelling_variants(takes),
        *misspelled_words(takes),
        *unnamed_subtasks(takes),
    ]
