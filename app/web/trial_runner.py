"""Attempts of a study: the scene is laid out, the policy drives a take, a verdict is kept."""

import asyncio
import time
from collections.abc import Callable

from ...recorder.station.session import Phase
from ...training.trials.order import letter
from ...training.trials.store import StudyStore
from ...training.trials.study import StartScene, Study, Verdict
from .control_lease import ControlLease
from .policy_runner import PolicyRunner, Ride


class TrialRunner:
    """For the window that drives. What is said of an attempt is on disk before it is answered."""

    def __init__(
        self,
        store: StudyStore,
        control: ControlLease,
        policies: PolicyRunner,
        changed: Callable[[], None],
    ) -> None:
        self.store = store
        self.control = control
        self.policies = policies
        self.changed = changed

    async def begin(self, window: str, study_id: str) -> None:
        """Let the policy that is due drive a take, under its letter.

        Raises NotNow, NoSuchStudy, BadCommand, and what a roll-out raises.
        """
        study = await asyncio.to_thread(self.store.read, study_id)
        slot = study.order[study.expect_due()]
        scene, chosen = study.scenes[slot.scene], study.candidates[slot.policy]
        await self._lay_out(window, scene)
        shown_as = letter(slot.policy) if len(study.candidates) > 1 else ""
        ride = Ride(chosen.adapter, chosen.base, scene.instruction, shown_as)
        take = await self.policies.roll_out(window, ride)
        await self._change(study_id, lambda now: now.begun(take, time.time()))

    async def judge(self, window: str, study_id: str, number: int, verdict: Verdict) -> None:
        """Raises NotNow, NoSuchStudy, OnlyLooking, StationError."""
        study = await asyncio.to_thread(self.store.read, study_id)
        take = study.judged_as(number, verdict).attempts[number].take
        if not await self._keep(window, take, verdict.success):
            fields = {"take": take, "value": verdict.success}
            await self.control.command(window, "mark_success", fields)
        await self._change(study_id, lambda now: now.judged_as(number, verdict))

    async def void(self, window: str, study_id: str, number: int, reason: str) -> None:
        """Raises NotNow, NoSuchStudy, OnlyLooking, StationError."""
        study = await asyncio.to_thread(self.store.read, study_id)
        await self._keep(window, study.voided(number, reason).attempts[number].take, None)
        await self._change(study_id, lambda now: now.voided(number, reason))

    async def _lay_out(self, window: str, scene: StartScene) -> None:
        """As the simulator can; on a robot a person did it."""
        if scene.seed is None:
            return
        fields = {"seed": scene.seed, "verb": scene.verb, "split": scene.split or "base"}
        await self.control.command(window, "reset", fields)

    async def _keep(self, window: str, take: str, success: bool | None) -> bool:
        """Whether the take was the one under way: it is ended and kept now."""
        status = self.control.link.status
        if status is None or status.take is None or status.take.id != take:
            return False
        if status.phase is Phase.RECORDING:
            await self.control.command(window, "stop", {})
        await self.control.command(window, "keep", {"success": success})
        return True

    async def _change(self, study_id: str, change: Callable[[Study], Study]) -> None:
        await asyncio.to_thread(self.store.change, study_id, change)
        self.changed()
