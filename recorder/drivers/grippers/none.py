"""No gripper: a bare flange, or a tool without fingers."""

from pydantic import BaseModel


class NoGripper:
    """A bare flange, or a tool without fingers: neither states nor actions have a gripper."""

    class Settings(BaseModel, extra="forbid"):
        """There is nothing to set."""


Driver = NoGripper
