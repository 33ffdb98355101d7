"""A hand that goes 0.4 m along x in 4 s, closing half way: figures that are known beforehand."""

from dataclasses import replace

import numpy as np

from teachloop.datasets.quality.measures import Streams
from teachloop.datasets.takes.recorded_streams import ActionStream, FrameStream, RobotStream

RATE_HZ, TICKS, WAY_M = 20.0, 80, 0.4
STEP_NS = 50_000_000


def straight_streams() -> Streams:
    """Evenly, with an object that goes along from when the hand closes on it, 20 mm wide."""
    at = np.arange(TICKS)
    time_ns = at * STEP_NS
    poses = np.repeat(np.eye(4)[None], TICKS, axis=0)
    poses[:, 0, 3] = WAY_M * at / (TICKS - 1)
    gripper = np.where(at < TICKS // 2, 1.0, 0.0)
    qpos = np.zeros((TICKS, 9 + 7))
    qpos[:, 9] = np.where(at < TICKS // 2, 0.0, poses[:, 0, 3] - poses[TICKS // 2, 0, 3])
    return Streams(
        rate_hz=RATE_HZ,
        actions=ActionStream(
            time_ns=time_ns,
            requested_pose=poses,
            applied_pose=poses,
            decided_by=np.zeros(TICKS, np.uint8),
            clipped=np.zeros(TICKS, np.uint32),
            applied_gripper=gripper,
        ),
        robot=RobotStream(
            time_ns=time_ns,
            device_time_ns=time_ns,
            joint_positions_rad=np.zeros((TICKS, 7)),
            joint_velocities_rad_s=np.zeros((TICKS, 7)),
            ee_pose=poses,
            gripper_width_m=np.where(gripper < 0.5, 0.02, 0.08),
        ),
        frames={"front": frames(at), "wrist": frames(at)},
        same={name: np.zeros(TICKS, bool) for name in ("front", "wrist")},
        qpos=qpos,
    )


def frames(numbers: np.ndarray) -> FrameStream:
    """These of a camera at the same rate; each came 10 ms after its tick."""
    time_ns = numbers * STEP_NS + 10_000_000
    return FrameStream(
        number=numbers.astype(np.int64),
        time_ns=time_ns,
        device_time_ns=time_ns,
        offset=np.zeros(len(numbers), np.int64),
        length=np.full(len(numbers), 9, np.int64),
    )


def moved(streams: Streams, places_m: np.ndarray) -> Streams:
    """With the hand at other places (TICKS, 3)."""
    poses = streams.robot.ee_pose.copy()
    poses[:, :3, 3] = places_m
    return replace(streams, robot=replace(streams.robot, ee_pose=poses))
