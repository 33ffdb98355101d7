"""Which Pythons have a LeRobot, for benchmarks that are run beside it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from frame import Options


@dataclass(frozen=True, kw_only=True)
class PeerOptions(Options):
    lerobot_044: str = os.environ.get("TEACHLOOP_LEROBOT_044", "")
    """A Python that has LeRobot 0.4.4; TEACHLOOP_LEROBOT_044 names it too."""
    lerobot_061: str = os.environ.get("TEACHLOOP_LEROBOT_061", "")
    """A Python that has LeRobot 0.6.1; TEACHLOOP_LEROBOT_061 names it too."""

    @property
    def pythons(self) -> Mapping[str, str]:
        """By version; "" where none is named."""
        return {"0.4.4": self.lerobot_044, "0.6.1": self.lerobot_061}
