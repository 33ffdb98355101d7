"""A network that is at work for seconds, and can be stopped between any two of its layers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from torch import nn


class GivenUp(Exception):
    """It was stopped; nothing came of it."""


@contextmanager
def interruptible(network: nn.Module, may_go_on: Callable[[], bool]) -> Iterator[None]:
    """Before each layer that this thread computes until the end of the block, ask whether to.

    Raises GivenUp where not. Other threads that use the network meanwhile are not asked.
    """
    asked = threading.get_ident()

    def ask(*_: object) -> None:
        if threading.get_ident() == asked and not may_go_on():
            raise GivenUp

    with ExitStack() as hooks:
        for layer in network.modules():
            hooks.callback(layer.register_forward_pre_hook(ask).remove)
        yield
