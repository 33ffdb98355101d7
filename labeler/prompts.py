"""What people say of an object in one frame, as the labels keep it and as segmenters are told."""

from collections.abc import Sequence
from typing import Literal

from ..datasets.labels.edits import MaskKey
from ..datasets.labels.label_values import Prompt
from ..datasets.labels.snapshot import Snapshot
from .errors import NothingToChoose
from .segmenters.interface import Box, Click, Prompts


def point(camera: str, frame: int, name: str, x: float, y: float, positive: bool) -> Prompt:
    """A click as the labels keep it."""
    return Prompt(
        camera=camera,
        frame=frame,
        object=name,
        kind="point",
        values=(float(x), float(y)),
        positive=positive,
    )


def box(camera: str, frame: int, name: str, corners: Box) -> Prompt:
    """A box between any two opposite corners as the labels keep it."""
    left, right = sorted((float(corners[0]), float(corners[2])))
    top, bottom = sorted((float(corners[1]), float(corners[3])))
    values = (left, top, right, bottom)
    return Prompt(camera=camera, frame=frame, object=name, kind="box", values=values)


def prompts_at(snapshot: Snapshot, camera: str, frame: int, name: str) -> list[Prompt]:
    """What was said about an object in one frame, in order."""
    place = (camera, frame, name)
    return [p for p in snapshot.prompts if (p.camera, p.frame, p.object) == place]


def by_hand(
    kind: Literal["stroke", "polygon"],
    place: MaskKey,
    points: Sequence[tuple[float, float]],
    positive: bool,
    width: float = 0.0,
) -> Prompt:
    """A stroke of a round brush, or a polygon, as the labels keep it; all in pixels."""
    camera, frame, name = place
    values = tuple(float(value) for point in points for value in point)
    return Prompt(
        camera=camera, frame=frame, object=name,
        kind=kind, values=values, positive=positive, width=float(width),
    )  # fmt: skip


def lone_click(snapshot: Snapshot, place: MaskKey) -> Prompt:
    """All that was said about an object in one frame. Raises NothingToChoose where it is more."""
    said = prompts_at(snapshot, *place)
    if len(said) != 1 or said[0].kind != "point" or not said[0].positive:
        raise NothingToChoose(lone=False)
    return said[0]


def says_where(said: Sequence[Prompt]) -> bool:
    """Whether clicks and boxes alone give a mask; else they are said of the one that is there."""
    return any(prompt.positive for prompt in said if not prompt.by_hand)


def counting(said: Sequence[Prompt]) -> Sequence[Prompt]:
    """From the last box on: a box begins anew, whatever went wrong before."""
    boxes = [number for number, prompt in enumerate(said) if prompt.kind == "box"]
    return said[boxes[-1] :] if boxes else said


def as_prompts(said: Sequence[Prompt]) -> Prompts:
    """The last box and the clicks after it."""
    those = counting(said)
    clicks = tuple(
        Click(p.values[0], p.values[1], p.positive, p.choice) for p in those if p.kind == "point"
    )
    if not those or those[0].kind != "box":
        return Prompts(clicks)
    left, top, right, bottom = those[0].values
    return Prompts(clicks, (left, top, right, bottom))
