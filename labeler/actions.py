"""What each request about labels does to a session."""

from collections.abc import Sequence
from functools import singledispatch

from ..datasets.labels.label_values import ObjectLabel
from ..geometry.camera import Camera
from . import requests as asked
from .diff import EditResult
from .errors import NoSuchFrame, WrongPlace
from .mask_requests import MaskChange, Place
from .prompts import by_hand
from .propagation.interface import FrameKey
from .session import LabelingSession
from .subtasks import segments_of


@singledispatch
def do(request: asked.Request, session: LabelingSession) -> EditResult | None:
    """Do what is asked; None where nothing is to be changed.

    Raises StaleRevision, MaskLocked, NothingPrompted, NothingLeft, NothingToChoose,
    StillLooking, NothingToUndo, NothingSaid, NoSuchFrame, NoSuchObject, ObjectExists, WrongPlace,
    WrongPart, NoSuchRevision, ChangedSince.
    """
    return None


@do.register
def _(request: asked.Click, session: LabelingSession) -> EditResult:
    camera = _camera(request, session)
    _require_inside("x", request.x, camera.width)
    _require_inside("y", request.y, camera.height)
    at = request.x, request.y
    return session.click(*_place(request), *at, request.positive, request.segmenter)


@do.register
def _(request: asked.Box, session: LabelingSession) -> EditResult:
    camera, (left, top, right, bottom) = _camera(request, session), request.values
    for value, size in zip(request.values, (camera.width, camera.height) * 2, strict=True):
        _require_inside("values", value, size)
    if left >= right or top >= bottom:
        wanted = "a box whose right and bottom lie after its left and top"
        raise WrongPlace("values", wanted, list(request.values))
    return session.box(*_place(request), request.values, request.segmenter)


@do.register
def _(request: asked.Choose, session: LabelingSession) -> EditResult:
    return session.choose(*_place(request), request.segmenter)


@do.register
def _(request: asked.MoveClick, session: LabelingSession) -> EditResult:
    camera = _camera(request, session)
    _require_inside("to_x", request.to_x, camera.width)
    _require_inside("to_y", request.to_y, camera.height)
    at, to = (request.x, request.y), (request.to_x, request.to_y)
    return session.move_click(*_place(request), at, to, request.segmenter)


@do.register
def _(request: asked.RemoveClick, session: LabelingSession) -> EditResult:
    at = request.x, request.y
    return session.remove_click(*_place(request), at, request.segmenter)


@do.register
def _(request: asked.Stroke, session: LabelingSession) -> EditResult:
    _require_points("path", request.path, _camera(request, session))
    stroke = by_hand("stroke", _place(request), request.path, request.positive, request.width)
    return session.draw(stroke)


@do.register
def _(request: asked.Polygon, session: LabelingSession) -> EditResult:
    _require_points("corners", request.corners, _camera(request, session))
    return session.draw(by_hand("polygon", _place(request), request.corners, request.positive))


@do.register
def _(request: asked.Hide, session: LabelingSession) -> EditResult:
    _camera(request, session)
    if request.last < request.frame:
        raise WrongPlace("last", f"a frame from {request.frame} on", request.last)
    frames = range(request.frame, request.last + 1)
    return session.hide(request.camera, frames, request.object)


@do.register
def _(request: asked.Clear, session: LabelingSession) -> EditResult:
    return session.clear(request.object, _places(request.places))


@do.register
def _(request: asked.Lock, session: LabelingSession) -> EditResult:
    places = _places(request.places)
    return session.lock(places, None, request.locked)


@do.register
def _(request: asked.Instruct, session: LabelingSession) -> EditResult:
    return session.set_instruction(request.instruction or None, request.base_revision)


@do.register
def _(request: asked.Paraphrase, session: LabelingSession) -> EditResult:
    return session.set_paraphrases(request.paraphrases, request.base_revision)


@do.register
def _(request: asked.NameObjects, session: LabelingSession) -> EditResult:
    labels = [ObjectLabel(each.name, each.target) for each in request.objects if each.name]
    return session.set_objects(labels, request.base_revision)


@do.register
def _(request: asked.RenameObject, session: LabelingSession) -> EditResult:
    return session.rename_object(request.object, request.name)


@do.register
def _(request: asked.NameSynonyms, session: LabelingSession) -> EditResult:
    return session.set_synonyms(request.object, request.synonyms, request.base_revision)


@do.register
def _(request: asked.Divide, session: LabelingSession) -> EditResult:
    parts = segments_of(request.segments, session.take_frames.recorded.tick_ns)
    return session.set_segments(parts, request.base_revision)


@do.register
def _(request: asked.Judge, session: LabelingSession) -> EditResult:
    return session.set_success(request.success, partly=request.partly)


@do.register
def _(request: asked.Review, session: LabelingSession) -> EditResult:
    return session.set_review(request.review, request.comment)


@do.register
def _(request: asked.Reword, session: LabelingSession) -> EditResult:
    return session.reword(request.remedy, session.take_frames.recorded.instruction)


@do.register
def _(request: asked.Revert, session: LabelingSession) -> EditResult:
    return session.history.revert(request.revision)


@do.register
def _(request: asked.Undo, session: LabelingSession) -> EditResult:
    return session.undo()


@do.register
def _(request: asked.Redo, session: LabelingSession) -> EditResult:
    return session.redo()


def _place(request: MaskChange) -> tuple[str, int, str]:
    return request.camera, request.frame, request.object


def _places(places: Sequence[Place]) -> list[FrameKey]:
    return [(each.camera, each.frame) for each in places]


def _camera(request: MaskChange, session: LabelingSession) -> Camera:
    cameras = session.take_frames.cameras
    if request.camera not in cameras:
        raise NoSuchFrame(request.camera, request.frame)
    return cameras[request.camera]


def _require_points(name: str, points: Sequence[tuple[float, float]], camera: Camera) -> None:
    for x, y in points:
        _require_inside(name, x, camera.width)
        _require_inside(name, y, camera.height)


def _require_inside(name: str, value: float, size: int) -> None:
    if not 0 <= value <= size:
        raise WrongPlace(name, f"in the picture, from 0 to {size} pixels", value)
