"""Attempts of a study."""

from ..schemas.from_window import BeginAttempt, JudgeAttempt, VoidAttempt
from ..trial_runner import TrialRunner
from .table import WindowHandlers


def add_trials(handlers: WindowHandlers, trials: TrialRunner) -> None:
    """Begin an attempt, say how it ended, or that it does not count."""

    async def begin(asked: BeginAttempt, window: str) -> None:
        await trials.begin(window, asked.study)

    async def judge(asked: JudgeAttempt, window: str) -> None:
        await trials.judge(window, asked.study, asked.number, asked.verdict)

    async def void(asked: VoidAttempt, window: str) -> None:
        await trials.void(window, asked.study, asked.number, asked.reason)

    handlers.on(BeginAttempt, begin)
    handlers.on(JudgeAttempt, judge)
    handlers.on(VoidAttempt, void)
