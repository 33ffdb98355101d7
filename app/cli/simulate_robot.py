"""`teachloop simulate-robot`: a robot to try drivers on."""

from dataclasses import dataclass
from typing import Literal

AS_FR3 = (
    "It has the joints and limits of an FR3, and speaks FCI as a Panda does, so drivers take it "
    "for one: leave limits.arm at panda. What an FR3's own protocol has beyond that (version 6 and "
    "newer) it does not have."
)


@dataclass(frozen=True)
class SimulateRobot:
    """Be a Franka at an address of this machine, as the drivers of real ones see it
    (FCI). Ends with Ctrl-C. Lines on its standard input are what happens beside it, such as
    {"kind": "push", "force_n": [0, 10, 0]}."""

    address: str = "127.0.0.1"
    """Where it is; each further one needs an address of its own, such as 127.0.0.2."""
    seed: int = 0
    """Of the scene before it."""
    model: Literal["panda", "fr3"] = "panda"
    """Whose joints and limits it has. It speaks a Panda's protocol either way; a real FR3's is
    newer."""
    hand: bool = True
    """Whether a Franka Hand is mounted."""
    version: int = 5
    """Of the interface that it speaks; 4.2.1 systems of a Panda speak 5."""
    patience: float = 0.02
    """Seconds that it waits for each command where this machine is busy; 0: as strict as a real
    one, which a machine without a real-time kernel may not keep up with."""
    lost: float = 0.0
    """Share of the commands that are lost on their way."""
    desk: int | None = None
    """Port at which it has a Desk, too (a real one's is 443): its brakes are closed and FCI is off
    until that is asked. User franka, password franka123."""

    def run(self) -> int:
        import threading

        from ...runtime.validation import validated
        from ...simulation.controller.endpoint import ENDPOINT, Endpoint, follow_input

        trouble = {"version": self.version, "patience_s": self.patience, "lost": self.lost}
        asked = {"host": self.address, "seed": self.seed, "trouble": trouble}
        asked |= {"arm": self.model, "hand": self.hand}
        if self.desk is not None:
            asked["desk"] = {"port": self.desk}
        endpoint = Endpoint(validated(ENDPOINT, asked))
        follow_input(endpoint)
        print(f"A simulated Franka is at {self.address}; the driver panda reaches it.", flush=True)
        if self.model == "fr3":
            print(AS_FR3, flush=True)
        if self.desk is not None:
            print(f"Its Desk is at {self.address}:{self.desk}.", flush=True)
        endpoint.run(threading.Event())
        return 0
