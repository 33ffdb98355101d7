"""Takes that a policy drives."""

from ..policy_runner import PolicyRunner, Ride
from ..schemas.from_window import RollOut
from .table import WindowHandlers


def add_rollout(handlers: WindowHandlers, policies: PolicyRunner) -> None:
    """Let a policy drive a take."""

    async def roll_out(asked: RollOut, window: str) -> None:
        ride = Ride(asked.adapter, asked.base, asked.instruction)
        await policies.roll_out(window, ride)

    handlers.on(RollOut, roll_out)
