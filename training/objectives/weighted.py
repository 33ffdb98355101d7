"""Objectives, weighted and added up."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import NamedTuple

from torch import Tensor

from .registry import OBJECTIVES


class Weighted(NamedTuple):
    """What is minimised, and what it is made of."""

    total: Tensor
    each: Mapping[str, Tensor]  # by objective, not weighted

    def figures(self) -> dict[str, float]:
        """Plain numbers, for people."""
        return {name: float(loss.detach()) for name, loss in self.each.items()}


def weighted(batch: object, weights: Mapping[str, float]) -> Weighted:
    """The losses of a batch by the named objectives, which must read batches of its kind."""
    each = {name: _loss(name)(batch) for name in weights}
    terms = [weights[name] * loss for name, loss in each.items()]
    return Weighted(sum(terms[1:], terms[0]), each)


def _loss(name: str) -> Callable[..., Tensor]:
    module, _, function = OBJECTIVES[name].place.partition(":")
    return getattr(import_module(module, __package__), function)
