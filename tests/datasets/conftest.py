"""Small takes whose every image shows its own number, so that a shift would be seen.

The wrist camera measures depth, the front camera does not.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from still_cameras import still_cameras

from teachloop.datasets.steps import Action, Decider
from teachloop.datasets.takes.format import TakeInfo
from teachloop.datasets.takes.jpeg import encode_jpeg
from teachloop.datasets.takes.take_folder import new_take_folder
from teachloop.datasets.takes.writer import TakeWriter
from teachloop.geometry.poses import apply_delta
from teachloop.recorder.devices.interfaces import RobotState

PERIOD_NS = 50_000_000
START_NS = 1_000_000_000
WIDTH, HEIGHT = 32, 24


class Recording:
    """What a test take holds, and where it lies."""

    camera_names = ("front", "wrist")
    limits: Mapping[str, float] = {"workspace": 0.7, "speed": 1.0}

    def __init__(self, takes: Path) -> None:
        self.takes = takes

    def info(self, take_id: str, **fields: object) -> TakeInfo:
        values = {
            "take_id": take_id,
            "created": "2026-11-22T15:43:12+00:00",
            "created_time_ns": START_NS,
            "task": "pick",
            "instruction": "hebe den roten Würfel 赤い立方体",
            "operator": "Ada",
            "robot": "simulated",
            "cameras": still_cameras(WIDTH, HEIGHT),
            "limits": self.limits,
            "scene": '{"seed": 7}',
        }
        return TakeInfo(**{**values, **fields})  # type: ignore[arg-type]

    def writer(self, **fields: object) -> TakeWriter:
        folder = new_take_folder(self.takes)
        return TakeWriter(folder, self.info(folder.name, **fields))

    def take(
        self,
        ticks: int = 12,
        *,
        times_ns: Sequence[int] | None = None,
        dropped: Mapping[str, set[int]] | None = None,
        **fields: object,
    ) -> Path:
        """Record a take; ``dropped`` names the frame numbers that never came."""
        with self.writer(**fields) as writer:
            for tick in range(ticks):
                at = times_ns[tick] if times_ns is not None else START_NS + tick * PERIOD_NS
                record_tick(writer, tick, at, dropped or {})
            return writer.finish(health={"late": 0})


def record_tick(
    writer: TakeWriter, tick: int, time_ns: int, dropped: Mapping[str, set[int]]
) -> None:
    """One tick: a reading, an action, a state and a frame of each camera."""
    writer.append_robot(reading(tick, time_ns))
    for name, camera in writer.info.cameras.items():
        if tick not in dropped.get(name, set()):
            writer.append_frame(name, tick, time_ns, tick * 1000, encode_jpeg(picture(tick)))
            if camera.measures_depth:
                writer.append_depth(name, tick, time_ns, tick * 1000, depth_mm(tick))
    writer.append_action(time_ns, target(tick, 0.5), target(tick, 0.25), ("speed",))
    writer.append_simulation(tick, time_ns, np.arange(5.0) + tick)


def reading(tick: int, time_ns: int) -> RobotState:
    return RobotState(
        time_ns=time_ns,
        device_time_ns=tick * 1000,
        joint_positions_rad=np.full(7, 0.1 * tick),
        joint_velocities_rad_s=np.full(7, 0.2),
        ee_pose=pose(tick),
        gripper_width_m=0.08,
    )


def pose(tick: float) -> np.ndarray:
    """A path that moves and turns."""
    return apply_delta(np.eye(4), [0.01 * tick, 0.2, 0.3, 0.05 * tick, -0.02 * tick, 0.4])


def target(tick: int, gripper: float) -> Action:
    return Action(ee_pose=pose(tick + 1), gripper=gripper, decided_by=Decider.OPERATOR)


def picture(number: int) -> np.ndarray:
    """An image whose grey value is its number, twice."""
    return np.full((HEIGHT, WIDTH, 3), 2 * number % 256, np.uint8)


def depth_mm(number: int) -> np.ndarray:
    """A slope that begins at its number, every value another."""
    return (1000 * number + np.arange(HEIGHT * WIDTH, dtype=np.uint16)).reshape(HEIGHT, WIDTH)


def number_shown(image: np.ndarray) -> int:
    return round(float(image.mean()) / 2)


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    return Recording(tmp_path / "data" / "takes")


@pytest.fixture(name="number_shown")
def _number_shown() -> Callable[[np.ndarray], int]:
    return number_shown


@pytest.fixture(name="depth_mm")
def _depth_mm() -> Callable[[int], np.ndarray]:
    return depth_mm


@pytest.fixture(name="pose")
def _pose() -> Callable[[float], np.ndarray]:
    return pose
