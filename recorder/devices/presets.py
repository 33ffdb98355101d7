"""Stations that come with the product, by name."""

from collections.abc import Mapping

from .settings import (
    PAGE_DRIVER,
    SCRIPT_DRIVER,
    CameraSettings,
    DeviceSettings,
    RobotSettings,
    StationSettings,
)

_RENDERED = CameraSettings(driver="simulated", width=256, height=256, fps=20.0, depth=True)
_KEYBOARD = DeviceSettings(driver=PAGE_DRIVER)

PRESETS: Mapping[str, StationSettings] = {
    "simulated": StationSettings(
        robot=RobotSettings(driver="simulated"),
        cameras={"front": _RENDERED, "wrist": _RENDERED},
        inputs={"keyboard": _KEYBOARD, "expert": DeviceSettings(driver=SCRIPT_DRIVER)},
    ),
    "synthetic": StationSettings(
        robot=RobotSettings(driver="synthetic"),
        cameras={
            "front": CameraSettings(driver="synthetic", settings={"hue": 40}),
            "wrist": CameraSettings(driver="synthetic", settings={"hue": 200}),
        },
        inputs={"keyboard": _KEYBOARD},
    ),
}
CUSTOM = "custom"


def preset_name(settings: StationSettings) -> str:
    """Which preset these settings are; ``custom`` for all others."""
    return next((name for name, preset in PRESETS.items() if preset == settings), CUSTOM)
