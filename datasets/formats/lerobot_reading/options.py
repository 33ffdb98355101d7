"""What a LeRobotDataset of others does not tell of its robot. Imports nothing heavy."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from ....geometry.arms import ArmName
from ....runtime.validation import StrictModel

Place = Annotated[str, StringConstraints(max_length=200, pattern=r"^$|^[^:]+(:\d{1,4})?$")]


class LeRobotReading(StrictModel):
    """Which of its columns are what. Left out, and for other arms than Franka's, the pictures alone
    are imported; data sets that teachloop wrote tell it all by themselves."""

    arm: ArmName | None = None
    """LeRobot: which arm the robot is, where its robot_type names none."""
    joints: Place = ""
    """LeRobot: the column of the seven joint angles in radians, as observation.state, or
    observation.state:1 where they begin behind one other number."""
    gripper: Place = ""
    """LeRobot: the column of the gripper's number, as observation.state:7; left out, the takes have
    no gripper."""
    gripper_tells: Literal["metres", "open", "closed"] = "metres"
    """LeRobot: what that number is: the width between the fingers, or a share from 0 to 1 that is 1
    where it is open, or where it is closed."""
