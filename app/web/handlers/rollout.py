"""Takes that a policy drives."""

from ..policy_runner import PolicyRunner
from ..schemas.from_window import RollOut
from .table import WindowHandlers


def add_rollout(handlers: WindowHandlers, policies: PolicyRunner) -> None:
    """Let a policy drive a take."""

    async def roll_out(asked: RollOut, window: str) -> None:
        await policies.roll_out(window, asked.adapter, asked.base, asked.instruction)

    handlers.on(RollOut, roll_out)
