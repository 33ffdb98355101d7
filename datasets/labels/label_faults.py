"""Whether what was said about a take can be about this take."""

from collections.abc import Iterator, Mapping

from ..errors import WrongLabel
from ..takes.reader import Take
from . import masks
from .snapshot import Snapshot

AGAIN = "Label that frame again, or restore an earlier revision."


class Views:
    """How many pictures of which size a take has from each camera."""

    def __init__(self, take: Take) -> None:
        cameras = take.info.cameras
        self._frames: Mapping[str, int] = {name: len(take.frames[name]) for name in cameras}
        self._sizes = {name: (camera.height, camera.width) for name, camera in cameras.items()}

    def require_frame(self, camera: str, frame: int) -> None:
        """Raise WrongLabel unless the take has that frame."""
        if camera not in self._frames:
            known = ", ".join(self._frames) or "none"
            raise WrongLabel(f"the take has no camera {camera!r}, only {known}")
        if not 0 <= frame < self._frames[camera]:
            raise WrongLabel(f"{camera!r} has {self._frames[camera]} frames, no frame {frame}")

    def require_size(self, camera: str, rle: masks.Rle) -> None:
        """Raise WrongLabel unless the mask is of the size of that camera's pictures."""
        if (rle.height, rle.width) != self._sizes[camera]:
            height, width = self._sizes[camera]
            raise WrongLabel(f"it has {rle.width} × {rle.height} pixels, not {width} × {height}")


def label_faults(said: Snapshot, views: Views | None) -> Iterator[tuple[str, str]]:
    """What is wrong and what to do about it. ``views``: None where the take does not open."""
    yield from mask_faults(said, views)
    if views is not None:
        yield from _prompt_faults(said, views)


def mask_faults(said: Snapshot, views: Views | None) -> Iterator[tuple[str, str]]:
    """The same of the masks alone."""
    for place, record in said.masks.items():
        try:
            masks.check(record.rle)
            if views is not None:
                views.require_frame(place[0], place[1])
                views.require_size(place[0], record.rle)
        except WrongLabel as error:
            yield f"mask {place}: {error}".rstrip("."), AGAIN


def _prompt_faults(said: Snapshot, views: Views) -> Iterator[tuple[str, str]]:
    for prompt in said.prompts:
        try:
            views.require_frame(prompt.camera, prompt.frame)
        except WrongLabel as error:
            yield f"{prompt.kind} of {prompt.object!r}: {error}", AGAIN
