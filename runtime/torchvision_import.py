"""PyPI's torchvision beside a torch that it was not built for.

It is built for CUDA. Beside a torch without CUDA its own operators cannot be loaded, and it fails
as it is imported because two of them do not exist: with it fail timm, and all of transformers and
peft that we use, which take torchvision wherever it is installed. Those two are declared here, and
computed by nobody: only detectors of boxes call them.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

NAME = "torchvision"
OPERATORS = ("nms", "qnms")
TAKES = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"

_declared: list[Any] = []  # operators are there for as long as what declared them


def mend_torchvision() -> None:
    """From now on it can be imported, by whomever. Without torchvision nothing is done, and torch
    is not loaded before it."""
    sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname == NAME else None
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        try:
            super().exec_module(module)
        except RuntimeError:  # an operator does not exist
            if _declared:
                raise
            _declared.append(_declare())
            super().exec_module(module)


def _declare() -> Any:
    import torch

    library = torch.library.Library(NAME, "DEF")
    for operator in OPERATORS:
        library.define(operator + TAKES)
    return library
