"""Which station the command line asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pydantic import JsonValue

from .presets import PRESETS
from .settings import SCRIPT_DRIVER, CameraSettings, StationSettings
from .settings_file import BadSettings, load_settings, parse_model, settings_file

SIMULATED = "simulated"
SPRINGS_M = 0.03  # how far the springs of a robot that is not simulated give way, at least


class Asked(Protocol):
    """The options of a command, see ``teachloop station --help``."""

    @property
    def source(self) -> str | None: ...
    @property
    def station(self) -> Path | None: ...
    @property
    def robot(self) -> str: ...
    @property
    def robot_address(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StationChoice:
    """A file or a preset, and maybe another robot in it; left out: what the data folder holds."""

    file: Path | None = None
    preset: str | None = None
    robot: str = ""
    address: str = ""

    @classmethod
    def of(cls, asked: Asked) -> "StationChoice":
        return cls(
            file=asked.station.resolve() if asked.station else None,
            preset=asked.source,
            robot=asked.robot,
            address=asked.robot_address,
        )

    @property
    def by_name(self) -> bool:
        """Whether this very station was asked for."""
        return self != NOTHING_ASKED

    @property
    def arguments(self) -> Sequence[str]:
        """The same for the command line of the station's process."""
        given = {
            "--station": self.file,
            "--source": self.preset,
            "--robot": self.robot,
            "--robot-address": self.address,
        }
        return [text for name, value in given.items() if value for text in (name, str(value))]

    def settings(self, data: Path) -> StationSettings:
        """The file's, the preset's, the data folder's, or else the simulated station's, with the
        robot that was asked for. Raises BadSettings."""
        settings = self._devices(data)
        if not self.robot and not self.address:
            return settings
        return _with_robot(settings, self.robot or settings.robot.driver, self.address)

    def _devices(self, data: Path) -> StationSettings:
        if self.file is not None and self.preset:
            raise BadSettings(
                "The station", "--station and --source", "exclude each other; give one."
            )
        if self.file is not None:
            return load_settings(self.file)
        if self.preset:
            return PRESETS[self.preset]
        saved = settings_file(data)
        return load_settings(saved) if saved.is_file() else PRESETS[SIMULATED]


NOTHING_ASKED = StationChoice()


def _with_robot(settings: StationSettings, driver: str, address: str) -> StationSettings:
    """What its robot was told stays, where that is of the same driver."""
    same = driver == settings.robot.driver
    told: dict[str, JsonValue] = dict(settings.robot.settings) if same else {}
    told |= {"address": address} if address else {}
    robot = settings.robot.model_copy(update={"driver": driver, "process": "", "settings": told})
    changed: dict[str, object] = {"robot": robot}
    if driver != SIMULATED:
        changed |= _outside(settings, told)
    return parse_model(StationSettings, "The station", {**dict(settings), **changed})


def _outside(settings: StationSettings, told: dict[str, JsonValue]) -> dict[str, object]:
    """What is otherwise with a robot that is not in the same simulation: simulated cameras look at
    what is before it, and nobody knows where things are."""
    cameras = {name: _looking(name, each, told) for name, each in settings.cameras.items()}
    inputs = {name: hand for name, hand in settings.inputs.items() if hand.driver != SCRIPT_DRIVER}
    limits = replace(settings.limits, press_m=max(settings.limits.press_m, SPRINGS_M))
    return {"cameras": cameras, "inputs": inputs, "limits": limits}


def _looking(name: str, camera: CameraSettings, told: dict[str, JsonValue]) -> CameraSettings:
    if camera.driver != SIMULATED:
        return camera
    if "address" not in told:
        reason = f"is missing: camera {name!r} is simulated and shows what is before the robot."
        raise BadSettings("The station", "--robot-address", reason)
    return camera.model_copy(update={"settings": {**camera.settings, "of": told["address"]}})
