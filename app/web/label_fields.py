"""What a page says about labels, checked: pixels lie in the picture, names are texts."""

from collections.abc import Mapping
from typing import Any, Literal

from ...geometry.camera import Camera
from ...labeler.errors import NoSuchFrame
from ...labeler.segmenters.interface import Box
from ...runtime.errors import TeachloopError

TEXT_LIMIT = 500
OBJECT_LIMIT = 200
Fields = dict[str, Any]
Cameras = Mapping[str, Camera]


class BadLabel(TeachloopError):
    """A field of a label that cannot be meant."""

    def __init__(self, name: str, wanted: str, value: object) -> None:
        shown = repr(value)
        shown = shown if len(shown) <= 60 else shown[:57] + "…"
        super().__init__(f"{name!r} must be {wanted}, got {shown}.")


def text(fields: Fields, name: str) -> str:
    """A text on one line; raises BadLabel where it is none."""
    return _line(name, fields[name])


def texts(fields: Fields, name: str) -> list[str]:
    """A list of texts, without the empty ones."""
    values = fields[name]
    if not isinstance(values, list):
        raise BadLabel(name, "a list of texts", values)
    return [line for line in (_line(name, value) for value in values) if line]


def object_name(fields: Fields) -> str:
    """The name of the object that a label is of."""
    name = text(fields, "object")
    if not name:
        raise BadLabel("object", "the name of an object", fields["object"])
    return name


def objects(fields: Fields) -> dict[str, bool]:
    """Name of each object -> whether it is a target, without those of no name."""
    values = fields["objects"]
    if not isinstance(values, list) or len(values) > OBJECT_LIMIT:
        raise BadLabel("objects", f"a list of at most {OBJECT_LIMIT} objects", values)
    if not all(isinstance(value, dict) and {"name", "target"} <= set(value) for value in values):
        raise BadLabel("objects", "objects with a name and a target", values)
    named = {text(value, "name"): flag(value, "target") for value in values}
    return {name: target for name, target in named.items() if name}


def whole(fields: Fields, name: str) -> int:
    """A whole number from 0 on, such as a frame's."""
    value = fields[name]
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadLabel(name, "a whole number from 0 on", value)
    return value


def flag(fields: Fields, name: str) -> bool:
    """True or false, and nothing that might pass for it."""
    value = fields[name]
    if not isinstance(value, bool):
        raise BadLabel(name, "true or false", value)
    return value


def review(fields: Fields) -> Literal["open", "done"]:
    """Whether a person is done with the take."""
    for known in ("open", "done"):
        if fields["review"] == known:
            return known
    raise BadLabel("review", "open or done", fields["review"])


def base(fields: Fields) -> int | None:
    """The revision that the page shows; None where it does not say."""
    return None if fields.get("base_revision") is None else whole(fields, "base_revision")


def place(fields: Fields) -> tuple[str, int, str]:
    """Camera, frame and object of a mask."""
    return text(fields, "camera"), whole(fields, "frame"), object_name(fields)


def pixel(fields: Fields, cameras: Cameras) -> tuple[float, float]:
    """A click (x, y) inside the picture, its edges included. Raises BadLabel, NoSuchFrame."""
    camera = _camera(fields, cameras)
    x = _coordinate("x", fields["x"], camera.width)
    return x, _coordinate("y", fields["y"], camera.height)


def corners(fields: Fields, cameras: Cameras) -> Box:
    """A box (left, top, right, bottom) inside the picture. Raises BadLabel, NoSuchFrame."""
    camera, values = _camera(fields, cameras), fields["values"]
    if not isinstance(values, list) or len(values) != 4:
        raise BadLabel("values", "left, top, right and bottom of a box", values)
    sizes = (camera.width, camera.height) * 2
    pairs = zip(values, sizes, strict=True)
    left, top, right, bottom = (_coordinate("values", value, size) for value, size in pairs)
    if left >= right or top >= bottom:
        raise BadLabel("values", "a box whose right and bottom lie after its left and top", values)
    return left, top, right, bottom


def _line(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadLabel(name, "text", value)
    return " ".join(value.split())[:TEXT_LIMIT]


def _camera(fields: Fields, cameras: Cameras) -> Camera:
    name, frame, _ = place(fields)
    if name not in cameras:
        raise NoSuchFrame(name, frame)
    return cameras[name]


def _coordinate(name: str, value: object, size: int) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= size:
        raise BadLabel(name, f"in the picture, from 0 to {size} pixels", value)
    return float(value)
