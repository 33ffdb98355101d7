"""Records ticks until it is killed. Prints the folder, then each tick's number once flushed."""

import sys
import time
from pathlib import Path

import numpy as np
from still_cameras import still_cameras

from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.take_folder import new_take_folder
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.recorder.devices.interfaces import RobotState

SIZE = 96
CAMERAS = still_cameras(SIZE, SIZE)
DEPTH_MM = np.random.default_rng(1).integers(300, 900, (SIZE, SIZE), np.uint16)
NOISE = np.random.default_rng(0).integers(0, 255, (SIZE, SIZE, 3), np.uint8)


def record(folder: Path) -> None:
    info = TakeInfo(
        take_id=folder.name, created="now", created_time_ns=time.monotonic_ns(), cameras=CAMERAS
    )
    with TakeWriter(folder, info) as writer:
        print(folder, flush=True)
        for tick in range(1, 10**6):
            record_tick(writer, tick)
            print(tick, time.monotonic_ns(), flush=True)


def record_tick(writer: TakeWriter, tick: int) -> None:
    at = time.monotonic_ns()
    state = RobotState(
        time_ns=at,
        device_time_ns=tick,
        joint_positions_rad=np.zeros(7),
        joint_velocities_rad_s=np.zeros(7),
        ee_pose=np.eye(4),
        gripper_width_m=0.0,
    )
    writer.append_robot(state)
    action = Action(ee_pose=np.eye(4), gripper=1.0, decided_by=Decider.SCRIPT)
    jpeg = encode_jpeg(np.roll(NOISE, tick, 1))
    for name in CAMERAS:
        writer.append_frame(name, tick, at, at, jpeg)
    writer.append_depth("wrist", tick, at, at, np.roll(DEPTH_MM, tick, 1))
    writer.append_action(at, action, action)
    writer.append_simulation(tick, at, [1.0, 2.0])
    writer.flush()


if __name__ == "__main__":
    record(new_take_folder(Path(sys.argv[1])))
