"""Calibration of cameras: the board to print, views, solving, accepting."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from ....datasets.camera_check.report import CameraDelay
from ....recorder.calibration.board import Board
from ....recorder.calibration.printing import pdf
from ....recorder.calibration.session import CalibrationPlan
from ....recorder.devices.settings_file import parse_model
from ..calibration_service import CalibrationService
from ..roles import DRIVES, LOOKS
from ..schemas.calibration import CalibrationState, SeenBoard
from ..state import AppState
from .station import Content, StationAnswer, answer


def calibration_routes(app_state: AppState) -> APIRouter:
    """Routes below /api/calibration."""
    router = APIRouter(prefix="/api/calibration", dependencies=[LOOKS])
    service = CalibrationService(app_state.data, app_state.station, app_state.link)
    _add_board(router)
    _add_views(router, service)
    _add_result(router, service, app_state)
    return router


def _add_board(router: APIRouter) -> None:
    @router.get("/board.pdf")
    def board(
        columns: Annotated[int, Query()],
        rows: Annotated[int, Query()],
        square_mm: Annotated[float, Query()],
        marker_mm: Annotated[float, Query()],
    ) -> Response:
        """To be printed at its true size."""
        asked = {
            "columns": columns,
            "rows": rows,
            "square_mm": square_mm,
            "marker_mm": marker_mm,
        }
        drawn = pdf(parse_model(Board, "The board", asked))
        return Response(drawn, media_type="application/pdf")


def _add_views(router: APIRouter, service: CalibrationService) -> None:
    @router.get("/{camera}", dependencies=[DRIVES])
    async def state(camera: str) -> CalibrationState:
        return await service.state(camera)

    @router.put("/{camera}", dependencies=[DRIVES])
    async def plan(camera: str, content: Content) -> CalibrationState:
        return await service.plan(camera, parse_model(CalibrationPlan, "The board", content))

    @router.get("/{camera}/seen", dependencies=[DRIVES])
    async def seen(camera: str) -> SeenBoard:
        return await service.seen(camera)

    @router.post("/{camera}/views", dependencies=[DRIVES])
    async def take(camera: str) -> CalibrationState:
        return await service.take(camera)

    @router.delete("/{camera}/views/{number}", dependencies=[DRIVES])
    async def drop(camera: str, number: int) -> CalibrationState:
        return await service.drop(camera, number)


def _add_result(router: APIRouter, service: CalibrationService, app_state: AppState) -> None:
    @router.post("/{camera}/solve", dependencies=[DRIVES])
    async def solve(camera: str) -> CalibrationState:
        return await service.solve(camera)

    @router.post("/{camera}/delay", dependencies=[DRIVES])
    async def delay(camera: str) -> CameraDelay:
        return await service.delay(camera)

    @router.post("/{camera}/accept", dependencies=[DRIVES])
    async def accept(camera: str) -> StationAnswer:
        await service.accept(camera)
        return answer(app_state)
