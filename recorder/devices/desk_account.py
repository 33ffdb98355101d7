"""Who may ask a robot's Desk: said in the environment, handed from process to process as that, and
written nowhere."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

USER, PASSWORD = "TEACHLOOP_DESK_USER", "TEACHLOOP_DESK_PASSWORD"


@dataclass(frozen=True, slots=True)
class DeskAccount:
    """A user of Desk."""

    user: str
    password: str = field(repr=False)

    @classmethod
    def taken(cls) -> "DeskAccount | None":
        """Whom the environment names, which no process that we start inherits then."""
        user, password = (os.environ.pop(name, "") for name in (USER, PASSWORD))
        return cls(user, password) if user and password else None

    @property
    def environment(self) -> Mapping[str, str]:
        """For the one process that is to have it."""
        return {**os.environ, USER: self.user, PASSWORD: self.password}
