"""The sentences that RLBench keeps for the episodes of a variation."""

from pathlib import Path

from ....runtime.text import one_line
from ...tasks import LONGEST
from .pickled import WrongPickle, read_pickle

DESCRIPTIONS = "variation_descriptions.pkl"
MOST = 50
VARIATION = ("variation", "all_variations")


def wordings(episode: Path) -> tuple[tuple[str, ...], str]:
    """The sentences, and why there are none. Some versions of RLBench keep them beside the
    episode's pictures, others beside all episodes of the variation. Raises OSError."""
    places = (episode / DESCRIPTIONS, episode.parent.parent / DESCRIPTIONS)
    path = next((each for each in places if each.is_file()), None)
    if path is None:
        return (), f"There is no {DESCRIPTIONS}, so the take has no instruction."
    try:
        found = read_pickle(path)
    except WrongPickle as error:
        return (), f"{error.reason}, so the take has no instruction."
    if not isinstance(found, list | tuple) or not all(isinstance(each, str) for each in found):
        return (), f"{DESCRIPTIONS} holds no sentences, so the take has no instruction."
    texts = (one_line(each.encode("utf-8", "replace").decode()) for each in found[:MOST])
    kept = dict.fromkeys(text for text in texts if 0 < len(text) <= LONGEST)
    return tuple(kept), "" if kept else f"{DESCRIPTIONS} holds no sentence."


def task_of(episode: Path) -> str:
    """Of ``reach_target/variation0/episodes/episode0``: reach target; "" elsewhere."""
    variation = episode.parent.parent
    known = episode.parent.name == "episodes" and variation.name.startswith(VARIATION)
    return variation.parent.name.replace("_", " ") if known else ""
