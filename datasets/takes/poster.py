"""The one picture that stands for a take."""

from ..errors import NothingShown
from .jpeg import encode_jpeg
from .reader import Take

AT = 0.6  # of the take: the robot is at the object
SIDE = 240  # pixels, at least: what a list shows on a fine screen
QUALITY = 85


def poster_frame(take: Take) -> tuple[str, int]:
    """Camera and index of the picture, of a fixed camera where there is one.

    Raises NothingShown.
    """
    shown = [name for name, frames in take.frames.items() if len(frames)]
    if not shown:
        raise NothingShown(take.path.parent.name)
    camera = next((name for name in shown if take.info.cameras[name].mount == "base"), shown[0])
    return camera, int(AT * (len(take.frames[camera]) - 1))


def make_poster(take: Take) -> bytes:
    """The picture as a JPEG no larger than a list of takes needs it. Raises NothingShown."""
    image = take.image_at_least(*poster_frame(take), SIDE, SIDE)
    return encode_jpeg(image, QUALITY, subsampling="420")
