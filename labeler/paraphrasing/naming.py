"""The same sentence with other names for its objects."""

import re
from collections.abc import Callable

from .interface import Called

Pick = Callable[[tuple[str, ...]], str]
"""One of the names of an object."""


def renamed(text: str, called: Called, pick: Pick) -> str:
    """The text with the names that are picked. In "red cup" no cup is named where another object
    is called so."""
    owners = {name.casefold(): names for names in called for name in names if name}
    if not owners:
        return text

    def other(found: re.Match[str]) -> str:
        article, name = found.group("article") or "", found.group("name")
        names = owners.get(name.casefold(), (name,))
        picked = pick(names)
        if picked.casefold() == name.casefold():
            return found[0]
        return _fitting(article, picked) + picked

    ranked = sorted(owners, key=lambda name: (-len(name), name))
    either = "|".join(re.escape(name) for name in ranked)
    pattern = rf"(?P<article>\ban?\s+)?(?<!\w)(?P<name>{either})(?!\w)"
    return re.sub(pattern, other, text, flags=re.IGNORECASE)


def _fitting(article: str, name: str) -> str:
    """ "A" or "an", as the name sounds by its first letter; "" where there is none."""
    if not article:
        return ""
    fitting = "an " if name[0].lower() in "aeiou" else "a "
    return fitting.capitalize() if article[0].isupper() else fitting
