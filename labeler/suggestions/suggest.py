"""All that is suggested of one object in one take."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ...datasets.labels.snapshot import Snapshot
from ..take_frames import TakeFrames
from ..updates import ShownClick, ShownSuggestion
from .grasped_object import grasp_suggestions
from .hand_over_object import hand_suggestions
from .interface import Suggestion
from .other_cameras import camera_suggestions
from .other_takes import take_suggestions
from .sight import Sight


def suggestions(
    take_frames: TakeFrames,
    snapshot: Snapshot,
    name: str,
    cancelled: Callable[[], bool] = lambda: False,
    others: Callable[[], Sequence[Path]] = lambda: (),
) -> list[Suggestion]:
    """Clicks on an object, in the order of time. Nothing where a person made a mask of it already;
    that it is not to be seen, of a known object alone.

    ``others``: folders of takes of the same task in which it has masks. Once ``cancelled`` says so,
    nothing is found any more. Raises what ``others`` raises.
    """
    sight = Sight(take_frames)
    found: list[Suggestion] = []
    for each in _all(sight, snapshot, name, cancelled, others):
        if cancelled():
            return []
        found.append(each)
    wanted = _agreeing([each for each in found if _is_wanted(snapshot, each, name)])
    return sorted(wanted, key=lambda each: (sight.time_ns(each.place), each.place))


def shown(suggestion: Suggestion, name: str) -> ShownSuggestion:
    """For a page."""
    click = suggestion.click
    return ShownSuggestion(
        camera=suggestion.camera,
        frame=suggestion.frame,
        object=name,
        source=suggestion.source,
        why=suggestion.why,
        click=click and ShownClick(x=click.u, y=click.v, positive=click.positive),
    )


def _all(
    sight: Sight,
    snapshot: Snapshot,
    name: str,
    cancelled: Callable[[], bool],
    others: Callable[[], Sequence[Path]],
) -> Iterator[Suggestion]:
    if name in snapshot.targets or not snapshot.targets:
        yield from grasp_suggestions(sight)
        yield from hand_suggestions(sight, snapshot, name)
    yield from camera_suggestions(sight, snapshot, name)
    yield from take_suggestions(sight, snapshot, name, others, cancelled)


def _agreeing(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Of several that say the same of a frame, the one that came first; and where any says that the
    object is seen, none that it is not."""
    kept = {(each.place, each.kind): each for each in reversed(found)}
    seen = {place for place, kind in kept if kind == "on"}
    return [each for each in kept.values() if each.kind != "unseen" or each.place not in seen]


def _is_wanted(snapshot: Snapshot, suggestion: Suggestion, name: str) -> bool:
    """Not where a person said it, though a mask that they made may reach too far all the same; and
    only what is known can be said not to be seen."""
    if suggestion.kind == "unseen" and name not in [label.name for label in snapshot.objects]:
        return False
    record = snapshot.masks.get((*suggestion.place, name))
    return record is None or not record.by_person or suggestion.kind == "off"
