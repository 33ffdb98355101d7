"""The package segment-anything, which asks for torchvision and not for all of it."""

import contextlib
from types import ModuleType

import torch

# Where PyPI's torchvision, built for CUDA, meets a torch without it, its own operators are missing,
# and it fails as it is imported. Nothing here calls them.
OPERATORS = ("nms", "qnms")
SIGNATURE = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_declared: list[torch.library.Library] = []  # they last as long as this does


def segment_anything() -> ModuleType:
    """The package. Raises ImportError where it is not installed."""
    try:
        import torchvision  # noqa: F401
    except RuntimeError:
        _declare()
    import segment_anything as package

    return package


def _declare() -> None:
    library = torch.library.Library("torchvision", "FRAGMENT")
    _declared.append(library)
    for name in OPERATORS:
        with contextlib.suppress(RuntimeError):  # it is there
            library.define(f"{name}{SIGNATURE}")
