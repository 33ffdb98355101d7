"""The station's settings: what there is, what is connected, trying a device, saving."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Body
from pydantic import JsonValue

from ....recorder.devices.presets import PRESETS
from ....recorder.devices.settings import (
    CameraSettings,
    DeviceSettings,
    ProcessSettings,
    RobotSettings,
    StationSettings,
)
from ....recorder.devices.settings_file import parse_model, parse_settings
from ....recorder.drivers.catalog import DriverCatalog, list_drivers
from ....recorder.drivers.trial import TrialResult, try_devices
from ....recorder.station.commands import Calibrations, GetCalibrations
from ....recorder.station.endpoint import StationError
from ....recorder.station.session import Phase
from ....recorder.station.status import Status
from ....runtime.validation import StrictModel
from ..roles import DRIVES, LOOKS
from ..state import AppState

Kind: TypeAlias = Literal["robot", "camera", "input"]
KINDS: Mapping[Kind, type[DeviceSettings]] = {
    "robot": RobotSettings,
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


class StationAnswer(StrictModel):
    """All that a panel of the station shows."""

    settings: StationSettings
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


def _answer(app_state: AppState) -> StationAnswer:
    station = app_state.station
    return StationAnswer(
        settings=station.settings,
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
        return _answer(app_state)

    @router.get("/calibrations")
    async def calibrations() -> Calibrations:
        return await app_state.link.send(GetCalibrations())


def _add_changes(router: APIRouter, app_state: AppState) -> None:
    @router.put("", dependencies=[DRIVES])
    def save(content: Content) -> StationAnswer:
        app_state.station.save(parse_settings(content))
        return _answer(app_state)

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
        return _answer(app_state)


def process_of(asked: Trial, app_state: AppState) -> ProcessSettings:
    """The devices to be tried, at the station's rate and of its arm. Raises BadSettings."""
    settings = app_state.station.settings
    kind = KINDS[asked.kind]
    device = parse_model(kind, f"{asked.kind} {asked.name}", asked.device)
    if isinstance(device, CameraSettings):
        return settings.shared.model_copy(update={"cameras": {asked.name: device}})
    if isinstance(device, RobotSettings):
        shared = settings.model_copy(update={"robot": device}).shared
        return shared.model_copy(update={"robot": device})
    return settings.shared.model_copy(update={"inputs": {asked.name: device}})


def device_cards(settings: StationSettings, status: Status | None) -> list[DeviceCard]:
    """Every configured device, and when the running station heard it last."""
    ages_ms = status.health.frame_age_ms if status else {}
    there = status is not None and status.robot is not None
    cards = [_card("robot", "robot", settings.robot, there, "sends readings" if there else "")]
    for name, camera in settings.cameras.items():
        age_ms = ages_ms.get(name)
        text = "" if age_ms is None else f"last frame {age_ms:.0f} ms ago"
        if status is not None and status.resting:
            text = "rests until somebody looks"
        cards.append(_card("camera", name, camera, age_ms is not None, text))
    for name, hand in settings.inputs.items():
        cards.append(_card("input", name, hand, status is not None, ""))
    return cards


def _card(kind: Kind, name: str, device: DeviceSettings, there: bool, text: str) -> DeviceCard:
    said = text or ("" if there else "the station does not hear it")
    return DeviceCard(kind=kind, name=name, driver=device.driver, connected=there, text=said)
