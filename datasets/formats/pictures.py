"""Pictures that no camera of ours took, with what is said of them; each refused in words where it
is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from ...runtime.errors import TeachloopError
from ..labels.masks import MAX_SIDE, MaskRecord
from ..steps import Image as Pixels
from ..takes.jpeg import MOST_PIXELS

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
READ = ("JPEG", "PNG", "WEBP", "BMP")
Corners = tuple[float, float, float, float]  # left, top, right, bottom, in pixels


class NoSuchSet(TeachloopError):
    """A place from which nothing can be imported."""


class WrongPicture(TeachloopError):
    """A picture of a set that is none, or does not fit what is said of it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name!r:.120}: {reason} Nothing was imported.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPicture:
    """One picture, where it lies, and what is said of it."""

    name: str
    path: Path
    size: tuple[int, int]  # height, width
    wordings: tuple[str, ...] = ()  # the first is the instruction
    upright: bool = False  # turned as its EXIF says; boxes and masks are of pixels as they lie
    masks: Mapping[str, MaskRecord] = field(default_factory=dict)  # by object
    boxes: Mapping[str, Corners] = field(default_factory=dict)  # by object, of those without a mask
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by object

    def pixels(self) -> Pixels:
        """RGB (height, width, 3). Raises WrongPicture."""
        with _opened(self.name, self.path) as picture:
            try:
                turned = ImageOps.exif_transpose(picture) if self.upright else picture
                pixels = np.asarray(turned.convert("RGB"))
            except Exception as error:  # what a decoder makes of a hostile file is its own
                raise WrongPicture(self.name, f"it cannot be decoded ({error}).") from error
        if pixels.shape[:2] != self.size:
            found, wanted = pixels.shape[:2], self.size
            raise WrongPicture(self.name, f"it has {found} pixels, not {wanted} (height, width).")
        return pixels


def size_of(name: str, path: Path, upright: bool) -> tuple[int, int]:
    """Height and width of a picture, from its header. Raises WrongPicture."""
    with _opened(name, path) as picture:
        sideways = upright and picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        return picture.size if sideways else (picture.height, picture.width)


def _opened(name: str, path: Path) -> Image.Image:
    """Its header was read, its pixels were not. Raises WrongPicture."""
    try:
        picture = Image.open(path, formats=READ)
    except FileNotFoundError:
        raise WrongPicture(name, "there is no such file.") from None
    except Image.DecompressionBombError as error:
        raise WrongPicture(name, f"it is too large ({error}).") from None
    except (OSError, ValueError, SyntaxError) as error:
        raise WrongPicture(name, f"it is no picture ({error}).") from None
    if max(picture.size) > MAX_SIDE or picture.width * picture.height > MOST_PIXELS:
        picture.close()
        size = f"{picture.width} × {picture.height}"
        raise WrongPicture(name, f"{size} pixels are too many; {MOST_PIXELS >> 20} million may be.")
    return picture
