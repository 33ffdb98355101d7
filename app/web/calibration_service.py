"""Calibrates cameras of the running station; what was measured waits for a person to accept it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from pydantic import JsonValue

from ...datasets.camera_check.report import CameraDelay, delay, newest_takes
from ...recorder.calibration.session import CalibrationPlan, CalibrationSession, Glance
from ...recorder.calibration.solution import Solution
from ...recorder.calibration.views import Coverage
from ...recorder.devices.settings import StationSettings
from ...recorder.drivers.camera_place import Measured
from ...recorder.drivers.catalog import describe_driver
from ...recorder.station.commands import GetCalibrations, LookThrough
from ...runtime.errors import TeachloopError
from ...runtime.ipc.frames import SharedFrames
from .schemas.calibration import CalibrationState, Result, SeenBoard, ViewSummary
from .station_process import StationProcess
from .station_proxy import StationProxy

APART_S = 0.3  # of the two looks of a view
DECIMALS = 6  # of a pose, in metres
TAKES_LOOKED_AT = 5


class NotCalibratable(TeachloopError):
    """A camera whose place cannot be set."""


class NothingToAccept(TeachloopError):
    def __init__(self) -> None:
        super().__init__("Nothing is measured yet. Take views, and solve them first.")


class NothingTold(TeachloopError):
    def __init__(self, camera: str) -> None:
        super().__init__(
            f"No take shows clearly enough how late {camera} is. Record one in which the arm nods "
            "in its picture: up and down for ten seconds, quickly, with stops."
        )


class CalibrationService:
    """One session for each camera; it lasts until its place is accepted or the server ends."""

    def __init__(self, data: Path, station: StationProcess, link: StationProxy) -> None:
        self._data, self._station, self._link = data, station, link
        self._sessions: dict[str, CalibrationSession] = {}
        self._frames = SharedFrames()

    async def state(self, camera: str) -> CalibrationState:
        """Begins a session where there is none. Raises NotCalibratable."""
        return _state(camera, await self._session(camera))

    async def plan(self, camera: str, plan: CalibrationPlan) -> CalibrationState:
        """Another board or mount: views begin anew."""
        if (await self._session(camera)).plan != plan:
            await self._begin(camera, plan)
        return await self.state(camera)

    async def seen(self, camera: str) -> SeenBoard:
        """What the camera sees of the board now."""
        session, glance = await self._session(camera), await self._glance(camera)
        found = await asyncio.to_thread(session.find, glance.image)
        return SeenBoard(
            corners=found.pixels.round(1).tolist(),
            of=session.plan.board.corners,
            width=glance.camera.width,
            height=glance.camera.height,
            hint=session.hint(found),
        )

    async def take(self, camera: str) -> CalibrationState:
        """A view, of two looks. Raises NoView."""
        session, before = await self._session(camera), await self._glance(camera)
        await asyncio.sleep(APART_S)
        now = await self._glance(camera)
        await asyncio.to_thread(session.take, before, now)
        return _state(camera, session)

    async def drop(self, camera: str, number: int) -> CalibrationState:
        session = await self._session(camera)
        session.drop(number)
        return _state(camera, session)

    async def solve(self, camera: str) -> CalibrationState:
        """Raises BadViews."""
        session = await self._session(camera)
        await asyncio.to_thread(session.solve)
        return _state(camera, session)

    async def delay(self, camera: str) -> CameraDelay:
        """How late its pictures come, by those of the newest takes; saved with the station. Raises
        NotCalibratable, NothingTold."""
        await self._session(camera)
        found = await asyncio.to_thread(_delay, self._data, camera)
        settings = self._station.settings
        told: dict[str, JsonValue] = {"delay_ms": found.delay_ms}
        self._station.save(_told(settings, camera, told))
        return found

    async def accept(self, camera: str) -> StationSettings:
        """Save what was measured; it holds when the station is started again."""
        session = await self._session(camera)
        if session.solution is None:
            raise NothingToAccept
        settings = _with_place(self._station.settings, camera, session.solution, lens=session.lens)
        self._station.save(settings)
        del self._sessions[camera]
        return settings

    async def _session(self, camera: str) -> CalibrationSession:
        self._station.expect_changeable()
        if camera not in self._sessions:
            known = (await self._link.send(GetCalibrations())).cameras
            if camera not in known:
                raise NotCalibratable(f"The station that runs has no camera {camera!r}.")
            await self._begin(camera, CalibrationPlan(mount=known[camera].mount))
        return self._sessions[camera]

    async def _begin(self, camera: str, plan: CalibrationPlan) -> None:
        told = await asyncio.to_thread(self._settable, camera)
        if not {"mount", "pose"} <= told:
            raise NotCalibratable(f"The driver of camera {camera!r} cannot be told where it is.")
        self._sessions[camera] = CalibrationSession(plan, lens="lens" in told)

    def _settable(self, camera: str) -> set[str]:
        """What the driver of a camera can be told."""
        device = self._station.settings.cameras.get(camera)
        if device is None:
            raise NotCalibratable(f"The station's settings have no camera {camera!r}.")
        driver = describe_driver("cameras", device.driver)
        properties = driver.settings_schema.get("properties")
        return set(properties) if isinstance(properties, dict) else set()

    async def _glance(self, camera: str) -> Glance:
        self._link.watch()  # or a simulated world stands still
        look = await self._link.send(LookThrough(camera=camera))
        image = await asyncio.to_thread(self._frames.read, look.frame)
        if image is None:  # overwritten meanwhile: the next one is there
            return await self._glance(camera)
        return Glance(
            image=image,
            time_ns=look.time_ns,
            hand=np.reshape(look.hand, (4, 4)),
            camera=look.calibration.camera,
        )


def _delay(data: Path, camera: str) -> CameraDelay:
    found = delay(newest_takes(data, TAKES_LOOKED_AT, camera), camera)
    if found is None:
        raise NothingTold(camera)
    return found


def _state(camera: str, session: CalibrationSession) -> CalibrationState:
    solution = session.solution
    view_px = solution.view_px if solution else {}
    return CalibrationState(
        camera=camera,
        plan=session.plan,
        measures_lens=session.lens,
        views=[
            ViewSummary(
                number=view.number, corners=len(view.points), residual_px=view_px.get(view.number)
            )
            for view in session.views
        ],
        coverage=Coverage.of(session.views),
        result=_result(solution) if solution else None,
    )


def _result(solution: Solution) -> Result:
    return Result(
        position_m=solution.pose[:3, 3].tolist(),
        residual_px=solution.residual_px,
        residual_mm=solution.residual_mm,
        uncertain_mm=solution.uncertain_mm,
        uncertain_deg=solution.uncertain_deg,
        outliers=solution.outliers,
        remarks=solution.remarks,
    )


def _with_place(
    settings: StationSettings, camera: str, solution: Solution, *, lens: bool
) -> StationSettings:
    return _told(settings, camera, _place(solution, lens=lens))


def _told(settings: StationSettings, camera: str, more: Mapping[str, JsonValue]) -> StationSettings:
    """The settings of a station one of whose cameras is told more."""
    device = settings.cameras[camera]
    told = {**device.settings, **more}
    cameras = {**settings.cameras, camera: device.model_copy(update={"settings": told})}
    return settings.model_copy(update={"cameras": cameras})


def _place(solution: Solution, *, lens: bool) -> dict[str, JsonValue]:
    """What the settings of a driver are told."""
    measured = Measured(
        date=datetime.now(timezone.utc).date().isoformat(),
        views=len(solution.view_px),
        residual_px=round(solution.residual_px, 3),
        residual_mm=round(solution.residual_mm, 3),
        uncertain_mm=round(solution.uncertain_mm, 2),
        uncertain_deg=round(solution.uncertain_deg, 3),
    )
    place: dict[str, JsonValue] = {
        "mount": solution.mount,
        "pose": solution.pose.round(DECIMALS).tolist(),
        "measured": measured.model_dump(),
    }
    if lens:
        focal, centre = solution.intrinsics[[0, 1], [0, 1]], solution.intrinsics[:2, 2]
        place["lens"] = [*focal.round(2).tolist(), *centre.round(2).tolist()]
    return place
