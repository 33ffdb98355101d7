"""Still scenes as labeled images, for making a base."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ...simulation.unnamed import is_unnamed
from ..data.preprocessing import to_pixels
from ..data.questions import Question, ask
from ..data.samples import NOWHERE
from ..data.stills import Stills
from .grounding_training import Frames

SENTENCES = 2  # about each image


@dataclass(frozen=True, slots=True)
class StillFrames:
    """Still scenes, each with sentences about it, half of them in a mirror; of each the part about
    one of its things, where the encoder takes images of any size."""

    stills: Stills
    side: int
    """Of that part, in pixels."""

    def draw(self, rng: np.random.Generator, count: int) -> Frames:
        """``count`` frames."""
        chosen = rng.integers(len(self.stills), size=count).tolist()
        camera = rng.integers(len(self.stills.images[0][0]), size=count).tolist()
        parts = [
            _part(*self.stills.at(*each), self.side, rng)
            for each in zip(chosen, camera, strict=True)
        ]
        images, maps = (np.stack(column) for column in zip(*parts, strict=True))
        objects = [self.stills.objects[still] for still in chosen]
        asked = [ask(names, rng) for names in objects for _ in range(SENTENCES)]
        return _frames(images, torch.from_numpy(maps), objects, asked)


def _part(
    image: NDArray[np.uint8], seen: NDArray[np.uint8], side: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The part of an image (s, s, 3) and of its object map (s, s) about a pixel of a thing, as it
    is or in a mirror; about any pixel where none is seen."""
    things = np.unique(seen[seen > 0])
    rows, columns = (
        np.nonzero(seen == rng.choice(things))
        if len(things)
        else np.indices(seen.shape).reshape(2, -1)
    )
    one = int(rng.integers(len(rows)))
    astray = rng.integers(-side // 3, side // 3 + 1, size=2)
    most = len(seen) - side
    top, left = (
        int(np.clip(place[one] - side // 2 + off, 0, most))
        for place, off in zip((rows, columns), astray, strict=True)
    )
    turn = -1 if rng.random() < 0.5 else 1
    window = slice(top, top + side), slice(left, left + side)
    return image[window][:, ::turn], seen[window][:, ::turn]


def _frames(
    images: np.ndarray,
    maps: torch.Tensor,
    objects: Sequence[Sequence[str]],
    asked: Sequence[Question | None],
) -> Frames:
    """Images (n, s, s, 3), their object maps (n, s, s) and names, and SENTENCES about each."""
    wanted = torch.tensor([_values(question) for question in asked])
    weight = torch.tensor([[float(question is not None)] * 2 for question in asked])
    masks = maps.repeat_interleave(SENTENCES, 0)[:, None] == wanted[:, :, None, None]
    most = max(map(len, objects))
    named = [_taught(names, most) for names in objects]
    values = torch.tensor([[n if name else NOWHERE for n, name in enumerate(r, 1)] for r in named])
    return Frames(
        to_pixels(images),
        ["" if question is None else question.text for question in asked],
        masks,
        weight,
        maps[:, None] == values[:, :, None, None],
        [name for row in named for name in row],
    )


def _taught(names: Sequence[str], count: int) -> list[str]:
    """What each region is called, of ``count``; nothing where it has no name."""
    given = ["" if is_unnamed(name.split()[1]) else name for name in names]
    return [*given, *[""] * (count - len(given))]


def _values(question: Question | None) -> tuple[int, int]:
    """The values in an object map of target and destination."""
    if question is None:
        return NOWHERE, NOWHERE
    second = question.destination
    return question.target + 1, NOWHERE if second is None else second + 1
