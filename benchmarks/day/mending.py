"""After a blow: what a person does to go on, by what the pages offer."""

import time
from dataclasses import dataclass, field

from .acts import Day
from .product import Product
from .window import Content, Lost, Refused

GOES_ON_S = 60.0
JOB_LIMIT_S = 180.0
RESUMABLE = ("crashed", "failed", "cancelled")


@dataclass(slots=True)
class Mending:
    """Whoever puts things right."""

    product: Product
    day: Day
    pressed: list[str] = field(default_factory=list)
    """What had to be pressed since it was emptied."""

    def go_on(self) -> str:
        """Until a take can be recorded and labelled; "" or what stands in the way."""
        deadline = time.monotonic() + GOES_ON_S
        way = "nothing was looked at"
        while time.monotonic() < deadline:
            try:
                way = self._step()
            except (Refused, Lost) as error:
                way = f"refused: {error}"
            if not way:
                return ""
            time.sleep(0.2)
        return way

    def _step(self) -> str:
        """Press one thing that is offered; what is still in the way, "" for nothing."""
        window, state = self.day.window, self.day.window.state
        if not self.product.serves:
            self.pressed.append("serve")
            self.product.start()
        if not window.up or "hello" not in window.newest:
            return "the server is away"
        if not window.runs("labeler"):
            return self._press("start_labeler", "the labeler is away")
        if window.stale or state is None:
            if not window.runs("link"):
                return self._press("start_station", "the station is away")
            return "the station says nothing"
        if not window.driving:
            window.ask("control", take_over=True)
            return "another drives"
        if state.fault is not None:
            return self._command(state.fault.remedy, state.fault.text)
        if state.phase.value in ("recording", "practising", "countdown"):
            return self._command("stop_robot", f"it is {state.phase.value}")
        if state.phase.value == "review":
            return self._keep()
        return "" if state.ready else "the station starts"

    def _press(self, kind: str, way: str) -> str:
        self.pressed.append(kind)
        self.day.window.ask(kind)
        time.sleep(0.5)
        return way

    def _command(self, name: str, way: str) -> str:
        self.pressed.append(name)
        self.day.window.command(name)
        time.sleep(0.2)
        return way

    def _keep(self) -> str:
        """What lies in review when the act that recorded it was cut short."""
        state = self.day.window.state
        if state is None or state.take is None or not state.take.saved:
            return "a take is being saved"
        take = state.take.id
        self.day.ledger.took(take, state.take.silent_s)
        return self._command("keep", "a take was in review")

    def look_after_jobs(self) -> None:
        """Go on with those that stopped; note what those that ended made. Raises Refused, Lost."""
        for job in self._jobs():
            result = job["result"]
            if job["state"] == "done" and isinstance(result, dict) and "adapter" in result:
                self.day.ledger.trained(str(result["adapter"]))
            elif job["state"] in RESUMABLE:
                self.pressed.append("resume")
                self.day.window.post(f"api/jobs/{job['id']}/resume")

    @property
    def busy(self) -> bool:
        """Whether a job waits or works. Raises Refused, Lost."""
        return any(job["state"] in ("queued", "running") for job in self._jobs())

    def finish_jobs(self) -> list[str]:
        """Wait for all, going on with those that stop; those that do not end."""
        deadline = time.monotonic() + JOB_LIMIT_S
        while time.monotonic() < deadline:
            self.look_after_jobs()
            if not self.busy:
                return []
            time.sleep(0.5)
        return [f"{job['id']} is {job['state']}: {job['message']}" for job in self._jobs()]

    def _jobs(self) -> list[Content]:
        """Those that we started."""
        listed = self.day.window.get("api/jobs")["jobs"]
        assert isinstance(listed, list)
        found = [job for job in listed if isinstance(job, dict)]
        return [job for job in found if job["id"] in self.day.ledger.jobs]
