"""The package segment-anything. It takes four functions of torchvision, and calls two of them."""

import contextlib
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

NAME = "segment_anything"
BOXES, FUNCTIONAL = "torchvision.ops.boxes", "torchvision.transforms.functional"


def segment_anything() -> ModuleType:
    """The package. Raises ImportError where it is not installed."""
    if NAME in sys.modules:
        return sys.modules[NAME]
    with contextlib.nullcontext() if _has_torchvision() else _standing_in():
        return importlib.import_module(NAME)


def _has_torchvision() -> bool:
    """PyPI's is built for CUDA: beside a torch without it, it fails as it is imported."""
    try:
        importlib.import_module(BOXES)
    except Exception:  # an operator that is not there is a RuntimeError
        return False
    return True


@contextlib.contextmanager
def _standing_in() -> Iterator[None]:
    """For as long as the package is imported: what it asks torchvision for, of images as PIL has
    them, which is what torchvision does with such images."""
    before = {name: each for name, each in sys.modules.items() if name.startswith("torchvision")}
    for name in before:
        del sys.modules[name]
    functional, boxes = ModuleType(FUNCTIONAL), ModuleType(BOXES)
    functional.__dict__.update(resize=_resize, to_pil_image=_to_image)
    boxes.__dict__.update(batched_nms=None, box_area=None)  # of its mask generator alone
    parents = ("torchvision", "torchvision.ops", "torchvision.transforms")
    made = {name: ModuleType(name) for name in parents} | {FUNCTIONAL: functional, BOXES: boxes}
    sys.modules.update(made)
    try:
        yield
    finally:
        for name in made:
            del sys.modules[name]
        sys.modules.update(before)


def _to_image(pixels: NDArray[np.uint8]) -> Image.Image:
    return Image.fromarray(pixels)


def _resize(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    height, width = size
    return image.resize((width, height), Image.Resampling.BILINEAR)
