"""Simulated controllers for drivers that speak FCI."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from simulated_robot import HAS_WHEELS, PATIENT, SimulatedRobot

from teachloop.simulation.controller.desk import DeskPlace
from teachloop.simulation.controller.network import Trouble
from teachloop.simulation.gl import choose_backend


@pytest.fixture
def new_robot() -> Iterator[Callable[..., SimulatedRobot]]:
    """Makes simulated robots; they end with the test."""
    if not HAS_WHEELS:
        pytest.skip("panda-python has wheels for Linux on x86-64 alone")
    choose_backend()
    with ExitStack() as stack:

        def made(desk: DeskPlace | None = None, **trouble: Any) -> SimulatedRobot:
            wanted = Trouble.model_validate(PATIENT.model_copy(update=trouble).model_dump())
            return stack.enter_context(SimulatedRobot(wanted, desk))

        yield made
