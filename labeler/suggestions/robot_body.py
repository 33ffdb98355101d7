"""Where the robot's body is at a moment of a take, as far as its joints and its tool tell."""

from ...datasets.steps import Pose
from ...datasets.tool import FRANKA_HAND
from ...geometry.arm_shape import arm, franka_hand, other_tool
from ...geometry.capsules import Capsules
from ...geometry.panda import HAND
from ...geometry.poses import inverse
from ..take_frames import TakeFrames

NOTHING = Capsules.of([])


def body_at(take_frames: TakeFrames, time_ns: int) -> Capsules:
    """In the base frame; nothing where no robot was recorded."""
    motion = take_frames.motion
    if not len(motion.time_ns):
        return NOTHING
    joints_rad = motion.joints_rad[motion.reading_at(time_ns)]
    return arm(joints_rad) + _tool(take_frames, time_ns).moved(_flange_at(take_frames, time_ns))


def _flange_at(take_frames: TakeFrames, time_ns: int) -> Pose:
    """(4, 4), in the base frame."""
    return take_frames.motion.ee_at(time_ns) @ inverse(take_frames.tool.pose)


def _tool(take_frames: TakeFrames, time_ns: int) -> Capsules:
    """In the flange's frame."""
    motion, tool = take_frames.motion, take_frames.tool
    if motion.fingers is None or not tool.same_as(FRANKA_HAND):
        return other_tool(tool.pose)
    width_m = float(motion.fingers.width_m[motion.reading_at(time_ns)])
    return franka_hand(width_m).moved(HAND)
