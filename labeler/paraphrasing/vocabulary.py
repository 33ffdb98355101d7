"""English words that say the same where a robot is asked to do something.

What is not listed here is kept as it stands: a verb has no other word for it unless every
instruction with it means the same with that one.
"""

from collections.abc import Collection, Mapping
from typing import TypeAlias

Phrases: TypeAlias = dict[tuple[str, ...], str]
"""Words in a row, and what they are counted as."""

ARTICLES = frozenset({"the", "a", "an"})
SIDES = frozenset(["left", "right", "forward", "backward", "back", "up", "down", "away"])
BUTTONS = frozenset({"button", "key", "doorbell"})
HOLDS = frozenset({"pick up", "lift", "grab", "grasp", "take", "get"})
STACKS = frozenset({"stack", "pile"})
# A verb in two parts, which may stand apart.
APART: Mapping[str, frozenset[str]] = {
    "pick": frozenset({"up"}),
    "lift": frozenset({"up"}),
    "put": frozenset({"down"}),
    "set": frozenset({"down"}),
    "turn": frozenset({"on", "off", "over"}),
    "switch": frozenset({"on", "off"}),
    "flip": frozenset({"over"}),
}

_SAME: Mapping[str, str] = {
    "pick up": "lift, lift up, raise, grab, take, get",
    "pick": "pick up, take",
    "lift": "lift up, raise",
    "lift up": "lift, raise",
    "raise": "lift, lift up",
    "grasp": "grab, take hold of, get hold of",
    "grab": "grasp, take hold of, get hold of",
    "take hold of": "grasp, grab, get hold of",
    "get hold of": "grasp, grab, take hold of",
    "take": "get",
    "get": "take",
    "put down": "set down",
    "set down": "put down",
    "stack": "pile",
    "pile": "stack",
    "shove": "push",
    "drag": "pull",
    "open": "open up",
    "open up": "open",
    "close": "shut",
    "shut": "close",
    "turn on": "switch on",
    "switch on": "turn on",
    "turn off": "switch off",
    "switch off": "turn off",
    "turn": "rotate",
    "rotate": "turn",
    "twist": "turn",
    "turn over": "flip over",
    "flip over": "turn over, flip",
    "flip": "flip over, turn over",
    "throw": "toss",
    "toss": "throw",
    "transfer": "move",
    "bring": "move",
    "shift": "move",
}
# Where a preposition of that kind, a side, or a button is named.
_WHERE: Mapping[tuple[str, str], str] = {
    ("put", "place"): "place, set, put down, set down",
    ("place", "place"): "put, set",
    ("set", "place"): "put, place, set down",
    ("put down", "place"): "put, place",
    ("set down", "place"): "put, place",
    ("stack", "on"): "put, place, set",
    ("stack", "on top"): "put, place, set",
    ("pile", "on"): "put, place, set",
    ("pile", "on top"): "put, place, set",
    ("push", "no button"): "shove",
    ("push", "to"): "slide",
    ("push", "side"): "slide",
    ("push", "button"): "press",
    ("press", "button"): "push",
    ("pull", "to"): "drag",
    ("move", "in"): "transfer, bring",
    ("move", "on"): "transfer, bring",
    ("move", "to"): "bring",
    ("move", "side"): "shift",
    ("insert", "in"): "put",
    ("remove", "from"): "take",
    ("take", "from"): "remove, get",
    ("take", "alone"): "grab",
    ("get", "alone"): "grab",
}
_UNCHANGED = (
    "press slide pull put place set move insert remove drop pour sweep wipe hang reach touch"
)
_KINDS: Mapping[str, str] = {
    "in": "in, into, inside",
    "on": "on, onto, upon",
    "on top": "on top of, atop",
    "to": "to, towards, toward, over to",
    "from": "from",
    "out": "out of",
    "off": "off, off of",
    "beside": "beside, next to, alongside",
    "under": "under, underneath, beneath",
    "in front": "in front of",
}
_OTHERS = "behind below above over between near by at against through along across around with of"


def _phrases(table: Mapping[str, str]) -> Phrases:
    return {tuple(one.split()): kind for kind, all_ in table.items() for one in all_.split(", ")}


PREPOSITIONS: Phrases = _phrases({**_KINDS, **{word: word for word in _OTHERS.split()}})
_LISTED = {*_SAME, *_UNCHANGED.split(), *(verb for verb, _ in _WHERE)}
VERBS: Phrases = {tuple(verb.split()): verb for verb in sorted(_LISTED)}
PLACED = frozenset({"in", "on", "on top", "to", "beside", "under", "in front", "behind", "between"})


def say_the_same(verb: str, named: Collection[str]) -> tuple[str, ...]:
    """Other verbs for one. ``named``: kinds of the sentence's prepositions, "side", "button"."""
    kinds = [*sorted(named)]
    kinds += ["place"] if PLACED & {*named} else []
    kinds += [] if "button" in named else ["no button"]
    kinds += [] if {*named} - {"button"} else ["alone"]
    told = [_SAME.get(verb, ""), *(_WHERE.get((verb, kind), "") for kind in kinds)]
    listed = (each for text in told if text for each in text.split(", "))
    return tuple(dict.fromkeys(listed))
