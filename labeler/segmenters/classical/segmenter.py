"""The segmenter that needs no weights: growing, colours, and GrabCut on a crop."""

from collections.abc import Sequence
from functools import cached_property

import cv2
import numpy as np

from ....datasets.steps import Image
from ...errors import NothingPrompted
from ..interface import Click, Example, Mask, Prompts, Segmentation
from .colours import ColourModel, learn_colours
from .region_growing import RegionGrowing
from .regions import Window, bounds, dilate, erode, fill_holes, refine_edge, touching, window

_MAX_LOOK_PX = 320  # a click looks at a square of this size first
_MANY_PX = 25_000  # what is larger is cut at half its resolution; its edge is refined anyway


class ClassicalSegmenter:
    """GrabCut (Rother et al., 2004) on a crop, seeded by region growing or a box."""

    def __init__(self) -> None:
        self._image: Image | None = None
        self._part: _Part | None = None

    def set_image(self, image: Image) -> None:
        self._image = image
        self._part = None

    def segment(
        self,
        prompts: Prompts,
        previous: Mask | None = None,
        examples: Sequence[Example] = (),
    ) -> Segmentation:
        """See ``Segmenter.segment``."""
        image = self._image
        usable = prompts.positive or prompts.box or (previous is not None and previous.any())
        if image is None or not usable:
            raise NothingPrompted
        look = _look(image, prompts)
        local = _shift(prompts, look)
        before = None if previous is None else np.ascontiguousarray(previous[look])
        part = self._look_at(image, look)
        guess = _guess(part, local, before, learn_colours(examples) if examples else None)
        gone = _not_it(part, local, guess)
        found, confidence = _cut(part.image, guess & ~gone, gone, local, before)
        mask = np.zeros(image.shape[:2], bool)
        mask[look] = found
        return Segmentation(mask, confidence)

    def _look_at(self, image: Image, look: Window) -> "_Part":
        """The part of the image, that of the click before where it is the same."""
        part = self._part
        if part is None or part.window != look:
            part = self._part = _Part(look, np.ascontiguousarray(image[look]))
        return part


class _Part:
    """What a click looks at."""

    def __init__(self, look: Window, image: Image) -> None:
        self.window, self.image = look, image

    @cached_property
    def regions(self) -> RegionGrowing:
        return RegionGrowing(self.image)


def _guess(
    part: _Part, prompts: Prompts, previous: Mask | None, colours: ColourModel | None
) -> Mask:
    image = part.image
    guess = np.zeros(image.shape[:2], bool)
    if previous is not None:
        guess |= previous
    fresh = tuple(c for c in prompts.positive if not guess[c.pixel(image.shape)])
    if fresh:
        guess |= part.regions.grow(fresh, prompts.negative)
    elif prompts.box and not guess.any():
        guess = _inside(image.shape, prompts.box)
    if colours is not None and prompts.positive:
        guess = _by_colour(image, guess, prompts, colours)
    return guess


def _not_it(part: _Part, prompts: Prompts, guess: Mask) -> Mask:
    """What stands out around each negative click, as far as no positive click is on it. Where that
    would be all of the guess, it is no more than the spots that were clicked on."""
    shape = part.image.shape
    spots = np.zeros(shape[:2], bool)
    if not prompts.negative:
        return spots
    for click in prompts.negative:
        spots |= _spot(shape, click, 3)
    gone = spots | part.regions.grow(prompts.negative, prompts.positive)
    for click in prompts.positive:
        gone &= ~_spot(shape, click, 1)
    return gone if (guess & ~gone).any() else spots


def _by_colour(image: Image, guess: Mask, prompts: Prompts, colours: ColourModel) -> Mask:
    """What the known colours say, if they say anything at the clicks."""
    core = np.zeros(image.shape[:2], bool)
    for click in prompts.positive:
        core |= _spot(image.shape, click, 1)
    known = touching(colours.ratio(image) > 0, core)
    agrees = known.any() and 0.3 < known.sum() / max(1, guess.sum()) < 3.0
    return fill_holes(known) if agrees else guess


def _look(image: Image, prompts: Prompts) -> Window:
    """The part of the image that is worth looking at."""
    if prompts.box is not None:
        left, top, right, bottom = prompts.box
        margin = 8 + 0.3 * max(right - left, bottom - top)
        return window((top, left, bottom, right), margin, image.shape)
    if not prompts.positive or max(image.shape) <= _MAX_LOOK_PX:
        return slice(0, image.shape[0]), slice(0, image.shape[1])
    rows = [click.v for click in prompts.clicks]
    columns = [click.u for click in prompts.clicks]
    box = (min(rows), min(columns), max(rows), max(columns))
    return window(box, _MAX_LOOK_PX / 2, image.shape)


def _shift(prompts: Prompts, look: Window) -> Prompts:
    top, left = look[0].start, look[1].start
    clicks = tuple(Click(c.u - left, c.v - top, c.positive) for c in prompts.clicks)
    box = prompts.box
    if box is not None:
        box = (box[0] - left, box[1] - top, box[2] - left, box[3] - top)
    return Prompts(clicks, box)


def _cut(
    image: Image, guess: Mask, gone: Mask, prompts: Prompts, before: Mask | None
) -> tuple[Mask, float]:
    """GrabCut around the guess, the parts that hold clicks, and an edge to the pixel."""
    box = bounds(guess)
    if box is None:
        return guess, 0.0
    margin = 6 + 0.25 * max(box[2] - box[0], box[3] - box[1])
    crop = window(box, margin, image.shape)
    part = np.ascontiguousarray(image[crop])
    cut = _grab(part, guess[crop], gone[crop], _shift(prompts, crop))
    mask = np.zeros(image.shape[:2], bool)
    shown = None if before is None else before[crop] & ~gone[crop]
    mask[crop] = _finish(part, cut, guess[crop], _shift(prompts, crop), shown) & ~gone[crop]
    return mask, _confidence(part, mask[crop], guess[crop])


def _grab(image: Image, guess: Mask, gone: Mask, prompts: Prompts) -> Mask:
    marks = np.full(guess.shape, cv2.GC_BGD, np.uint8)
    marks[dilate(guess, 4)] = cv2.GC_PR_BGD
    if prompts.box is not None:
        marks[~_inside(guess.shape, prompts.box)] = cv2.GC_BGD
    marks[guess] = cv2.GC_PR_FGD
    marks[gone] = cv2.GC_BGD
    for click in prompts.positive:
        marks[_spot(guess.shape, click, 1)] = cv2.GC_FGD
    step = 2 if marks.size > _MANY_PX else 1
    marks = np.ascontiguousarray(marks[::step, ::step])
    if not (marks & 1).any() or (marks & 1).all():
        return guess
    models = np.zeros((2, 1, 65))
    small = cv2.resize(image, marks.shape[::-1], interpolation=cv2.INTER_AREA)
    cv2.setRNGSeed(7)  # GrabCut clusters from random starts; the same click, the same mask
    cv2.grabCut(small, marks, (0, 0, 0, 0), models[0], models[1], 2, cv2.GC_INIT_WITH_MASK)
    cut = (marks & 1).astype(bool)
    return cut.repeat(step, 0).repeat(step, 1)[: guess.shape[0], : guess.shape[1]]


def _finish(image: Image, cut: Mask, guess: Mask, prompts: Prompts, before: Mask | None) -> Mask:
    core = np.zeros(cut.shape, bool) if before is None else erode(before, 2)
    for click in prompts.positive:
        core |= _spot(cut.shape, click, 1)
    if not core.any():
        core = erode(guess, 2) if erode(guess, 2).any() else guess
    kept = touching(cut, core)
    if not kept.any():
        kept = guess
    return refine_edge(image, fill_holes(kept))


def _confidence(image: Image, mask: Mask, guess: Mask) -> float:
    """How clearly inside and outside differ, times how well guess and cut agree."""
    ring = dilate(mask, 3) & ~dilate(mask, 1)
    if not mask.any() or not ring.any():
        return 0.0
    pixels = image.astype(np.float32)
    contrast = float(np.linalg.norm(pixels[mask].mean(0) - pixels[ring].mean(0)))
    agreement = (mask & guess).sum() / max(1, (mask | guess).sum())
    return float(min(1.0, contrast / 60.0) * agreement)


def _inside(shape: tuple[int, ...], box: tuple[float, float, float, float]) -> Mask:
    left, top, right, bottom = (round(value) for value in box)
    mask = np.zeros(shape[:2], bool)
    mask[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
    return mask


def _spot(shape: tuple[int, ...], click: Click, radius_px: int) -> Mask:
    mask = np.zeros(shape[:2], bool)
    mask[click.pixel(shape)] = True
    return dilate(mask, radius_px)
