"""Where the robot's body is at a moment of a take."""

from ...datasets.robot_body import robot_body
from ...geometry.capsules import Capsules
from ..take_frames import TakeFrames

NOTHING = Capsules.of([])


def body_at(take_frames: TakeFrames, time_ns: int) -> Capsules:
    """In the base frame; nothing where no robot was recorded."""
    motion = take_frames.motion
    if not len(motion.time_ns):
        return NOTHING
    row = motion.reading_at(time_ns)
    width_m = None if motion.fingers is None else float(motion.fingers.width_m[row])
    return robot_body(motion.joints_rad[row], motion.ee_pose[row], take_frames.tool, width_m)
