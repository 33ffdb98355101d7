"""The station's settings: what there is, what is connected, trying a device, saving."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Body
from pydantic import JsonValue

from ....datasets.tool import Tool
from ....geometry.arms import ARMS, Arm, ArmName
from ....recorder.devices.presets import PRESETS
from ....recorder.devices.settings import (
    TOOLS,
    CameraSettings,
    DeviceSettings,
    DriverSettings,
    GripperSettings,
    ProcessSettings,
    RobotSettings,
    StationSettings,
)
from ....recorder.devices.settings_file import parse_model, parse_settings
from ....recorder.drivers.catalog import DriverCatalog, list_drivers
from ....recorder.drivers.checking import check_settings
from ....recorder.drivers.trial import TrialResult, try_devices
from ....recorder.station.commands import Calibrations, GetCalibrations
from ....recorder.station.endpoint import StationError
from ....recorder.station.session import Phase
from ....recorder.station.status import Status
from ....runtime.validation import StrictModel
from ..roles import DRIVES, LOOKS
from ..state import AppState

Kind: TypeAlias = Literal["robot", "gripper", "camera", "input"]
KINDS: Mapping[Kind, type[DriverSettings]] = {
    "robot": RobotSettings,
    "gripper": GripperSettings,
    "camera": CameraSettings,
    "input": DeviceSettings,
}
Content: TypeAlias = Annotated[JsonValue, Body()]


class DeviceCard(StrictModel):
    """One configured device, and whether the running station hears it."""

    kind: Kind
    name: str
    driver: str
    connected: bool
    text: str


class ArmLimits(StrictModel):
    """What Franka publishes of an arm, for each joint."""

    lower_rad: list[float]
    upper_rad: list[float]
    speed_rad_s: list[float]
    slower_at_ends: bool
    """Whether the speeds fall towards the ends of the joints."""

    @classmethod
    def of(cls, arm: Arm) -> "ArmLimits":
        return cls(
            lower_rad=arm.lower_rad.tolist(),
            upper_rad=arm.upper_rad.tolist(),
            speed_rad_s=arm.speed_rad_s.tolist(),
            slower_at_ends=arm.envelope is not None,
        )


class StationAnswer(StrictModel):
    """All that a panel of the station shows."""

    settings: StationSettings
    arms: dict[ArmName, ArmLimits]
    tools: dict[str, Tool]
    """Driver of a gripper -> the tool's centre point where nobody sets another."""
    file: str
    saved: bool
    presets: dict[str, StationSettings]
    drivers: DriverCatalog
    devices: list[DeviceCard]
    restart_needed: bool


class Trial(StrictModel):
    """A device to be tried, as it stands in the panel."""

    kind: Kind
    name: str
    device: dict[str, JsonValue]


def station_routes(app_state: AppState) -> APIRouter:
    """Routes below /api/station."""
    router = APIRouter(prefix="/api/station", dependencies=[LOOKS])
    _add_descriptions(router, app_state)
    _add_changes(router, app_state)
    return router


_drivers = lru_cache(maxsize=1)(list_drivers)  # what is installed stays


def answer(app_state: AppState) -> StationAnswer:
    """All that a panel of the station shows, as it stands now."""
    station = app_state.station
    return StationAnswer(
        settings=station.settings,
        arms={name: ArmLimits.of(arm) for name, arm in ARMS.items()},
        tools=dict(TOOLS),
        file=str(station.file),
        saved=station.file.is_file(),
        presets=dict(PRESETS),
        drivers=_drivers(),
        devices=device_cards(station.settings, app_state.link.status),
        restart_needed=station.restart_needed,
    )


def _add_descriptions(router: APIRouter, app_state: AppState) -> None:
    @router.get("")
    def shown() -> StationAnswer:
        return answer(app_state)

    @router.get("/calibrations")
    async def calibrations() -> Calibrations:
        return await app_state.link.send(GetCalibrations())


def _add_changes(router: APIRouter, app_state: AppState) -> None:
    @router.put("", dependencies=[DRIVES])
    def save(content: Content) -> StationAnswer:
        settings = parse_settings(content)
        check_settings(settings)
        app_state.station.save(settings)
        return answer(app_state)

    @router.post("/test", dependencies=[DRIVES])
    def test(content: Content) -> TrialResult:
        app_state.station.expect_changeable()
        return try_devices(process_of(parse_model(Trial, "The trial", content), app_state))

    @router.post("/restart", dependencies=[DRIVES])
    def restart() -> StationAnswer:
        app_state.station.expect_changeable()
        status = app_state.link.status
        if status is not None and status.phase is not Phase.IDLE:
            raise StationError("The station is busy. Stop, and keep or discard the take first.")
        app_state.station.end()
        app_state.station.start()
        return answer(app_state)


def process_of(asked: Trial, app_state: AppState) -> ProcessSettings:
    """The devices to be tried, at the station's rate and of its arm. Raises BadSettings."""
    settings = app_state.station.settings
    device = parse_model(KINDS[asked.kind], f"{asked.kind} {asked.name}", asked.device)
    if asked.kind in ("robot", "gripper"):
        changed = settings.model_copy(update={asked.kind: device})
        return changed.shared.model_copy(update={"robot": changed.robot})
    owned = {"camera": "cameras", "input": "inputs"}[asked.kind]
    return settings.shared.model_copy(update={owned: {asked.name: device}})


def device_cards(settings: StationSettings, status: Status | None) -> list[DeviceCard]:
    """Every configured device, and when the running station heard it last."""
    ages_ms = status.health.frame_age_ms if status else {}
    there = status is not None and status.robot is not None
    says = "sends readings" if there else ""
    cards = [
        _card("robot", "robot", settings.robot, there, says),
        _card("gripper", "gripper", settings.gripper, there, _gripper_text(status)),
    ]
    for name, camera in settings.cameras.items():
        age_ms = ages_ms.get(name)
        text = "" if age_ms is None else f"last frame {max(0.0, age_ms):.0f} ms ago"
        if status is not None and status.resting:
            text = "rests until somebody looks"
        cards.append(_card("camera", name, camera, age_ms is not None, text))
    for name, hand in settings.inputs.items():
        cards.append(_card("input", name, hand, status is not None, ""))
    return cards


def _gripper_text(status: Status | None) -> str:
    if status is None or status.robot is None:
        return ""
    gripper = status.embodiment.gripper
    return f"opens {1000 * gripper.opening_m:.0f} mm" if gripper else "nothing is mounted"


def _card(kind: Kind, name: str, device: DriverSettings, there: bool, text: str) -> DeviceCard:
    said = text or ("" if there else "the station does not hear it")
    return DeviceCard(kind=kind, name=name, driver=device.driver, connected=there, text=said)
